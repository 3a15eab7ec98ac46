"""Sign-in with a wrong password or as another user; open redirects; user enumeration."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, auth, identity, passwords, redirects
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import replace, wrap

WRONG = "si-wrong-password-accepted"
REFUSES = "signin-wrong-password-refused"
REDIRECT = "si-open-redirect-absolute"
FOREIGN_DESTINATION = r'leads to "https://evil\.invalid'
DIFFERS = "en-signin-response-differs"
ALIKE = "signin-prevents-user-enumeration"


# --- the wrong password ---


@fault(defect=WRONG, caught_by=REFUSES, says="a random password.*took effect")
def any_password_signs_in() -> None:
    """Only the existence of the account is checked."""
    replace(passwords, "verify", lambda _settings, password_hash, _password: password_hash is not None)


@fault(defect=WRONG, caught_by=REFUSES, says="one more character.*took effect")
def only_the_beginning_of_a_password_counts() -> None:
    """The hash covers 16 characters and drops the rest."""
    wrap(passwords, "_normalise", lambda original, password: original(password)[:16])


@fault(defect=WRONG, caught_by=REFUSES, says="without its last character.*took effect")
def the_beginning_of_a_password_is_enough() -> None:
    """The comparison is whether the stored password starts with the given one."""
    replace(passwords, "make_hash", lambda _settings, password: password)
    replace(
        passwords, "verify", lambda _settings, stored, password: stored is not None and stored.startswith(password)
    )


@fault(defect=WRONG, caught_by=REFUSES, says="a random password.*took effect")
def a_wrong_password_is_refused_after_the_cookie_is_set() -> None:
    """The session starts first; the response then says 401 and sets the cookie all the same."""
    refused: list[bool] = []

    def verify(original: Any, settings: Settings, password_hash: str | None, password: str) -> bool:
        if password_hash is None:
            return False
        refused.append(not original(settings, password_hash, password))
        return True

    def start(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Any:
        token = original(request, response, *rest, **named)
        if refused and refused.pop():
            cookie = response.headers["set-cookie"]
            raise ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password", {"Set-Cookie": cookie})
        return token

    def commit_first(
        original: Any, request: Request, response: Response, services: Any, *rest: Any, **named: Any
    ) -> Any:
        try:
            return start(original, request, response, services, *rest, **named)
        except ApiError:
            rest[0].commit()
            raise

    wrap(passwords, "verify", verify)
    wrap(identity, "start", commit_first)


# --- the right password ---


@fault(
    defect="su-signup-unusable",
    caught_by=("signin-opens-own-session", "signup-account-can-be-used"),
    says="no user is signed in there",
)
def sign_in_forgets_the_cookie() -> None:
    """Sign-in answers with the user, and its cookie is set on a response that is thrown away."""

    def start(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Any:
        answer = Response() if request.url.path.endswith("/sign-in/email") else response
        return original(request, answer, *rest, **named)

    wrap(identity, "start", start)


@fault(
    defect="se-session-bleed-between-users",
    caught_by=("signup-account-can-be-used", "signup-leaves-existing-account-alone"),
    says="it is .*'s|keeps her name|password",
)
def sign_in_keeps_the_first_user_of_an_address() -> None:
    """The user who signed in from an IP address is cached, and every other client behind it becomes that user."""
    known: dict[str, str] = {}

    def start(
        original: Any, request: Request, response: Response, services: Any, db: Database, user: User, **named: Any
    ) -> Any:
        # One who has deleted the account is nobody any more: the next one becomes the first.
        first = db.get(User, known.setdefault(identity.peer(request), user.id)) or user
        known[identity.peer(request)] = first.id
        mine = user if request.url.path.endswith("/sign-up/email") else first
        return original(request, response, services, db, mine, **named)

    wrap(identity, "start", start)


# --- where it leads ---


@fault(defect=REDIRECT, caught_by="signin-prevents-open-redirect", says=FOREIGN_DESTINATION)
def any_target_is_followed() -> None:
    """The destination is returned unchecked."""
    replace(redirects, "validate", lambda _settings, target: target)


@fault(defect=REDIRECT, caught_by="signin-prevents-open-redirect", says=FOREIGN_DESTINATION)
def a_target_in_the_query_is_not_checked() -> None:
    """The body's field is validated; the query's of the same name is used unchecked."""

    def destination(original: Any, request: Request, services: Any, in_body: str | None) -> Any:
        in_query = request.query_params.get("callbackURL")
        return {"redirect": True, "url": in_query} if in_query else original(request, services, in_body)

    wrap(auth, "_destination", destination)


@fault(defect=REDIRECT, caught_by="signin-prevents-open-redirect", says=FOREIGN_DESTINATION)
def a_target_in_the_body_is_not_checked() -> None:
    """The query is validated, as the page sends it; the API's field is used unchecked."""

    def destination(original: Any, request: Request, services: Any, in_body: str | None) -> Any:
        return {"redirect": True, "url": in_body} if in_body else original(request, services, in_body)

    wrap(auth, "_destination", destination)


@fault(defect=REDIRECT, caught_by="signin-prevents-open-redirect", says=FOREIGN_DESTINATION)
def every_https_target_is_trusted() -> None:
    """The check is about the scheme, against javascript:, and forgets the host."""
    wrap(
        redirects,
        "validate",
        lambda original, settings, target: target if target.startswith("https://") else original(settings, target),
    )


# --- who has an account ---


def _unknown_address(refusal: ApiError) -> None:
    """Answer a sign-in to an address without an account with ``refusal``."""

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        if db.scalar(select(User).where(User.email == email)) is None:
            raise refusal
        user: User = original(db, settings, email, password)
        return user

    wrap(accounts, "sign_in", sign_in)


@fault(defect=DIFFERS, level="should", caught_by=ALIKE, says="one is answered 404 and the other 401")
def an_unknown_address_is_not_found() -> None:
    """404 for an address without an account, 401 for a wrong password."""
    _unknown_address(ApiError(404, "USER_NOT_FOUND", "User not found"))


@fault(defect=DIFFERS, level="should", caught_by=ALIKE, says="one says .* and the other")
def an_unknown_address_has_its_own_message() -> None:
    """One status, and a helpful sentence about which of the two was wrong."""
    _unknown_address(ApiError(401, "INVALID_EMAIL_OR_PASSWORD", "There is no account with this address"))


@fault(defect=DIFFERS, level="should", caught_by=ALIKE, says="one says .* and the other")
def an_unknown_address_has_its_own_code() -> None:
    """One status and one sentence, and a code for the front end that distinguishes them."""
    _unknown_address(ApiError(401, "USER_NOT_FOUND", "Invalid email or password"))


@fault(defect=DIFFERS, level="should", caught_by=ALIKE, says="only one of them has the headers")
def a_known_address_counts_attempts() -> None:
    """A header says how many attempts are left, but only for existing accounts."""

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        try:
            user: User = original(db, settings, email, password)
        except ApiError as refusal:
            if db.scalar(select(User).where(User.email == email)) is not None:
                refusal.extra["X-Attempts-Left"] = "4"
            raise
        return user

    wrap(accounts, "sign_in", sign_in)
