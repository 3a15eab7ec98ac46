"""The target profile: where things are, and how a deployment answers.

TOML, typed, strict.

A profile can't declare a requirement away. What it leaves out is an operation that the deployment does not
have, and every scenario that needs it says so.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, assert_never

from pydantic import AfterValidator, Field, model_validator

from harness.profile.credentials import CookieSession, Credentials, Csrf, Token
from harness.profile.operation import Base, Json, Model, Operation, Outcomes
from harness.profile.toml.strings import Host, Line, Origin, Path, Pointer, Regex, Variable

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
WITHOUT_CREDENTIAL = ("sign_up", "sign_in", "jwks", "refresh")
"""Operations that usually take none."""
_CRUD = ("list", "create", "read", "replace", "update", "delete")


class SignIn(Operation):
    """Sign-in, and where it takes a target to go to afterwards."""

    redirect_in_body: Line | None = None
    """The field of the body that names where to go afterwards."""
    redirect_in_query: Line | None = None
    """The query parameter that names where to go afterwards."""
    redirect_answer: Pointer | None = None
    """Where the answer's JSON says where to go, besides the `Location` header."""


class SignUp(Operation):
    """Sign-up."""

    signs_in: bool = True
    """Whether a new account is signed in at once."""


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
    """Where the session's answer says who it is."""

    id: Pointer | None = None
    """The person's id, as `{user_id}` and the owners of tasks use it."""
    email: Pointer
    """The person's address."""
    name: Pointer | None = None
    """The person's name. It is compared with `{name}` where sign-up takes that."""


class SessionProbe(Operation):
    """Who is signed in: the identity probe."""

    identity: Identity
    """Where the answer says who it is."""


class ChangePassword(Operation):
    """A change of the password by a signed-in user."""

    ends_other_sessions: bool = False
    """Whether the person's other sessions end with it: the request, as written here, asks for that, or the
    deployment says so. Left out, they may live on."""


class ListSessions(Operation):
    """The list of a person's sessions.

    Which entry is whose device shows in what a sign-in adds to the list.
    """

    items: Pointer = ""
    """Where the entries are in the answer."""
    id: Pointer = "/id"
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
    refresh: Operation | None = None
    """Takes a refresh token and issues an access token."""
    change_password: ChangePassword | None = None
    """Replaces `{password}` by `{new_password}`."""
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


class Jwt(Model):
    """Facts about an access token that is declared to be a JWT."""

    secret_env: Variable | None = None
    """The environment variable that holds the shared signing secret, where there is one."""
    algorithms: list[Line] = []
    """The algorithms it is signed with; `doctor` compares them with a real one."""
    issuer: Line | None = None
    """The `iss` claim; `doctor` compares it with a real one."""
    audience: Line | None = None
    """The `aud` claim; `doctor` compares it with a real one."""
    subject: Line = "sub"
    """The claim that names the person."""
    leeway: Annotated[float, Field(ge=0, le=3600, examples=[15])] = 0
    """Seconds after its end in which a verifier still accepts it."""
    placeholder_secrets: list[str] = []
    """Secrets from this stack's documentation and examples, tried offline besides the well-known ones."""


class Tasks(Model):
    """The protected resource: a user's own tasks, or similar things."""

    base: Base = "api"
    """Which address it is on."""
    credential: Literal["token", "session"]
    """What opens it."""
    list: Operation
    """The person's own."""
    create: Operation
    """A new one with `{title}`."""
    read: Operation | None = None
    """The one with `{task_id}`."""
    replace: Operation | None = None
    """Puts new content in the one with `{task_id}`."""
    update: Operation | None = None
    """Changes fields of the one with `{task_id}`."""
    delete: Operation | None = None
    """Deletes the one with `{task_id}`."""
    items: Pointer = ""
    """Where the items are in a list's answer."""
    item: Pointer = ""
    """Where the item is in the answers of the other operations."""
    id: Pointer = "/id"
    """Where an item has its id."""
    title: Pointer = "/title"
    """Where an item has its title."""
    next: Pointer | None = None
    """Where a list's answer has the address of its next page, absolute or relative, or null."""

    @model_validator(mode="after")
    def _said_once(self) -> Tasks:
        for name in _CRUD:
            operation = getattr(self, name)
            for field in ("base", "credential"):
                if operation is not None and field in operation.model_fields_set:
                    raise ValueError(f'"{field}" is said once for all of them; move it from {name} to the section')
        return self


class FormField(Model):
    """How a form field is found."""

    by: Literal["label", "placeholder", "name", "role"] = "label"
    """By its label, its placeholder, its `name` attribute, or as a textbox of that accessible name."""
    value: Line
    """The label, placeholder or name."""


class Pages(Model):
    """The pages that users see, and how a browser uses them."""

    sign_up: Path
    """The page with the sign-up form."""
    sign_in: Path
    """The page with the sign-in form, to which anonymous clients are sent."""
    protected: Annotated[list[Path], Field(min_length=1)]
    """Pages that only a signed-in person sees; the first one shows the person's tasks or name."""
    after_sign_in: Path
    """Where sign-in leads."""
    name: FormField | None = None
    """The field for the name, where sign-up has one."""
    email: FormField
    """The field for the address."""
    password: FormField
    """The field for the password."""
    sign_up_button: Line
    """The text of the button that signs up."""
    sign_in_button: Line
    """The text of the button that signs in."""
    sign_out_button: Line
    """The text of the button that signs out."""
    bad_credentials: Regex
    """What the page says when address or password are wrong."""


class People(Model):
    """What accounts look like."""

    email: Line = "{local}@{domain}"
    """The address of a new person; `{local}` is new each time."""
    domain: Host = "example.com"
    """The domain of the addresses."""
    min_password_length: Annotated[int, Field(ge=1, le=64)] | Literal["none"] = Field(default=8, examples=[12])
    """The minimum that the deployment announces, or `"none"` where it announces none; then 8 is asked for
    (ASVS 5.0 6.2.1)."""

    @property
    def least_password_length(self) -> int:
        """Characters below which a password must be refused."""
        announced = self.min_password_length
        return announced if isinstance(announced, int) else 8

    def address(self, local: str) -> str:
        """A person's address, with what is new in it."""
        return self.email.replace("{domain}", self.domain).replace("{local}", local)


def _ends_one(value: str) -> str:
    if not re.search(r"(?<![:\w]):email\b", value):
        raise ValueError(
            "it would end everybody's sessions; name the person by `:email`: `... WHERE email = :email`"
        )
    return value


class AgeSession(Model):
    """How sessions are brought to their end in the database."""

    database_env: Variable
    """The environment variable that holds the database's URL, of Postgres, SQLite or what SQLAlchemy knows."""
    statement: Annotated[str, AfterValidator(_ends_one)]
    """SQL that makes every session of `:email` end in the past."""


class Profile(Model):
    """A whole profile."""

    name: Line
    """A short name, for reports."""
    title: Line
    """What the deployment is, in a few words."""
    operations: Operations
    credentials: Credentials
    outcomes: Outcomes = Outcomes()
    """How answers are classified, for every operation that does not say otherwise, class by class."""
    csrf: Csrf | None = None
    """What requests that change something carry besides `Origin`, which is always sent."""
    jwt: Jwt = Jwt()
    tasks: Tasks | None = None
    proxy: Tasks | None = None
    """The same tasks as the front end serves them to a session."""
    pages: Pages | None = None
    people: People = People()
    age_session: AgeSession | None = None
    public_origin: Origin | None = None
    """The origin that the deployment knows itself by, where it is not the one of `--base-url`."""
    trusted_origins: list[Origin] = []
    """Origins besides its own that the deployment rightly leads to."""
    custom: Line | None = None
    """A Python class for what TOML can't say, as `module:Class` or the name of an entry point in the group
    `auth_conformance.custom`; see `auth_conformance.Custom`."""

    @model_validator(mode="before")
    @classmethod
    def _spread_defaults(cls, raw: object) -> object:
        """Give each operation the profile's outcomes and its usual credential."""
        return _spread(raw) if isinstance(raw, dict) else raw

    @property
    def stateless_session(self) -> CookieSession | Token | None:
        """What is the session, where it is declared to outlive sign-out.

        None where it is revoked.
        """
        holder = self.credentials.session_cookie or self.credentials.token
        return holder if holder is not None and not holder.dies_with_sign_out else None

    def variables(self) -> list[str]:
        """The environment variables that templates ask for as ``{env:NAME}``."""
        templates = [
            [operation.path, operation.query, operation.body, operation.form, operation.headers]
            for _, operation in self.every_operation()
        ]
        return sorted(set(_strings_in(templates, r"\{env:(\w+)\}")))

    def every_operation(self) -> list[tuple[str, Operation]]:
        """Each declared operation with its place, such as ``operations.sign_in``."""
        sections: list[tuple[str, Model | None, tuple[str, ...]]] = [
            ("operations", self.operations, tuple(Operations.model_fields)),
            ("tasks", self.tasks, _CRUD),
            ("proxy", self.proxy, _CRUD),
        ]
        return [
            (f"{section}.{name}", operation)
            for section, holder, names in sections
            if holder is not None
            for name in names
            if isinstance(operation := getattr(holder, name), Operation)
        ]


def _spread(raw: dict[str, Any]) -> dict[str, Any]:
    spread = dict(raw)
    own = raw.get("outcomes")
    common = own if isinstance(own, dict) else {}
    for section in ("operations", "tasks", "proxy"):
        held = raw.get(section)
        if isinstance(held, dict):
            spread[section] = {name: _with_defaults(section, name, value, common) for name, value in held.items()}
    return spread


def _with_defaults(section: str, name: str, value: object, common: Json) -> object:
    if not isinstance(value, dict) or (section != "operations" and name not in _CRUD):
        return value
    own = value.get("outcomes", {})
    filled = {**value, "outcomes": {**common, **own}} if isinstance(own, dict) and (common or own) else dict(value)
    if section == "operations" and "credential" not in filled:
        filled["credential"] = "none" if name in WITHOUT_CREDENTIAL else "session"
    return filled


def _strings_in(template: object, pattern: str) -> list[str]:
    """What the pattern's group finds in every string of a template."""
    if isinstance(template, dict):
        return [found for value in template.values() for found in _strings_in(value, pattern)]
    if isinstance(template, list):
        return [found for value in template for found in _strings_in(value, pattern)]
    return re.findall(pattern, template) if isinstance(template, str) else []
