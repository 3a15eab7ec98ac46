"""The operations of a deployment, each with what it says besides."""

from __future__ import annotations

from typing import Literal, assert_never

from pydantic import model_validator

from harness.profile.extraction import Extraction, ValueAt, at_pointer
from harness.profile.operation import Model, Operation
from harness.profile.toml.json_values import JsonObject
from harness.profile.toml.strings import Line, Pointer

PLACEHOLDERS = (
    "name",
    "email",
    "password",
    "new_password",
    "new_name",
    "username",
    "user_id",
    "refresh_token",
    "session_id",
    "task_id",
    "title",
)
"""What templates of operations may ask for, besides ``{env:NAME}``."""
WITHOUT_CREDENTIAL = ("sign_up", "sign_in", "jwks", "refresh", "request_reset")
"""Operations that usually take none."""


class SignIn(Operation):
    """Sign-in, and where it takes a target to go to afterwards."""

    redirect_in_body: Line | None = None
    """The field of the body that names where to go afterwards."""
    redirect_in_query: Line | None = None
    """The query parameter that names where to go afterwards."""
    redirect_answer: Pointer | None = None
    """Where the answer's JSON says where to go, besides the `Location` header."""
    not_remembered: JsonObject | None = None
    """Fields of the body with which a person asks not to be remembered, such as `{ rememberMe = false }`. Empty
    where the request asks for that as it stands. Left out: nobody can ask for it."""


class SignUp(Operation):
    """Sign-up."""

    signs_in: bool = True
    """Whether a new account is signed in at once, where its address needs no verification."""
    answers_alike: bool = False
    """Whether a known address is answered as a new one is, so that nobody learns who has an account."""


class SignOut(Operation):
    """Sign-out."""

    ends: Literal["this device", "every device"] = "this device"
    """Whether it ends this device's session only or every session of the person."""

    @property
    def ends_every_device(self) -> bool:
        """Whether no session of the person is left after it."""
        match self.ends:
            case "every device":
                return True
            case "this device":
                return False
            case _:
                assert_never(self.ends)


class Identity(Model):
    """Where the session's answer says who it is.

    By the first of `email`, `username` and `id` that is given it must always be said. By the name alone only where
    sign-up takes `{name}`.
    """

    id: ValueAt | None = None
    """The person's id, as `{user_id}` and the owners of tasks use it. Without an address and a user name it is
    learnt at the first sign-in, and by `name` it is known whose that is."""
    email: ValueAt | None = None
    """The person's address."""
    username: ValueAt | None = None
    """The person's user name, as `{username}` in sign-up."""
    name: ValueAt | None = None
    """The person's name. It is compared with `{name}` where sign-up takes that."""

    @model_validator(mode="after")
    def _tells_somebody(self) -> Identity:
        if not any((self.email, self.username, self.id, self.name)):
            raise ValueError('give one of "email", "username", "id" and "name": where the answer says who it is')
        return self

    @property
    def mark(self) -> tuple[str, Extraction]:
        """The key and the place of what every answer has."""
        marks = {"email": self.email, "username": self.username, "id": self.id, "name": self.name}
        return next((key, place) for key, place in marks.items() if place is not None)


class SessionProbe(Operation):
    """Who is signed in: the identity probe."""

    identity: Identity
    """Where the answer says who it is."""
    expires: Pointer | None = None
    """Where the answer says when the session ends: a date (ISO 8601) or seconds since 1970. Left out: `/expires`,
    `/expiresAt` or `/expires_at`, there or in `/session`, unless the cookie lives longer."""


class ChangePassword(Operation):
    """A change of the password by a signed-in user."""

    ends_other_sessions: bool = False
    """Whether the person's other sessions end with it: the request, as written here, asks for that, or the
    deployment says so. Left out, they may live on."""


class RequestReset(Operation):
    """A request for a message with which a forgotten password is replaced."""

    @model_validator(mode="after")
    def _says_whose(self) -> RequestReset:
        if not self.asks_for("email"):
            raise ValueError(
                'it does not say whose password; write {email} in it, as in json = { email = "{email}" }'
            )
        return self


class ListSessions(Operation):
    """The list of a person's sessions.

    Which entry is whose device shows in what a sign-in adds to the list.
    """

    items: ValueAt = at_pointer("")
    """Where the entries are in the answer."""
    id: ValueAt = at_pointer("/id")
    """Where an entry has what `revoke_session` takes as `{session_id}`."""


class Operations(Model):
    """What the deployment can do.

    An operation that is left out does not exist.
    """

    sign_up: SignUp
    """A new account."""
    sign_in: SignIn
    """Opens a session with address and password."""
    session: SessionProbe
    """Says who is signed in."""
    sign_out: SignOut | None = None
    """Ends a session."""
    token: Operation | None = None
    """Issues an access token to a session."""
    jwks: Operation | None = None
    """The published keys (RFC 7517)."""
    rotate_keys: Operation | None = None
    """Makes the deployment sign its tokens with a new key, as its owner does now and then. Each run asks for it
    once, near its end."""
    refresh: Operation | None = None
    """Takes a refresh token and issues an access token."""
    change_password: ChangePassword | None = None
    """Replaces `{password}` by `{new_password}`."""
    request_reset: RequestReset | None = None
    """Sends a message to `{email}` with which a forgotten password is replaced. Asked for twice, for made-up
    addresses of the suite; the message is not read."""
    update_user: Operation | None = None
    """Sets the person's name to `{new_name}`."""
    delete_user: Operation | None = None
    """Deletes the account there and then; the suite tidies up with it."""
    list_sessions: ListSessions | None = None
    """Lists the person's sessions."""
    revoke_session: Operation | None = None
    """Ends the one with `{session_id}`."""
    revoke_other_sessions: Operation | None = None
    """Ends all of them but the one in use."""
    revoke_all_sessions: Operation | None = None
    """Ends all of them, the one in use included."""

    @model_validator(mode="after")
    def _name_is_known(self) -> Operations:
        if self.session.identity.mark[0] == "name" and not self.sign_up.asks_for("name"):
            raise ValueError(
                "session.identity tells a name alone, and sign_up takes none, so nobody knows whose it is; give "
                '"email", "username" or "id" in session.identity'
            )
        return self
