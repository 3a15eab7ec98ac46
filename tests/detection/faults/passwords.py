"""Passwords that count in part, are refused for their length, or appear in a response."""

from __future__ import annotations

import base64
import json
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, auth, identity, passwords
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import wrap

END = "password-is-not-truncated"
CASE = "password-is-case-sensitive"
BLANKS = "password-spaces-are-significant"
LONG = "password-may-be-long"
TOLD = "password-is-in-no-response"
TRANSFORMED = "pp-case-or-trim-transformed"
IN_ANSWER = "su-password-or-hash-in-response"


# --- what counts ---


def _normalise(change: Any) -> None:
    """Make ``change(password)`` of each password before it is hashed or compared."""
    wrap(passwords, "_normalise", lambda original, password: change(original(password)))


@fault(
    defect="pp-silent-truncation",
    caught_by=END,
    says="with another ending is refused.*took effect",
    spares=(CASE, BLANKS, "signin-wrong-password-refused"),
)
def only_72_bytes_of_a_password_count() -> None:
    """bcrypt looks at the first 72 bytes, and nothing is done about it."""
    _normalise(lambda password: password.encode()[:72].decode("utf-8", "ignore"))


@fault(defect="pp-silent-truncation", caught_by=END, says="with another ending is refused.*took effect")
def only_20_characters_of_a_password_count() -> None:
    """The form's field and its column are that long, and both cut off the rest."""
    _normalise(lambda password: password[:20])


@fault(defect=TRANSFORMED, caught_by=CASE, says="in other case is refused.*took effect")
def passwords_are_compared_in_small_letters() -> None:
    """Address and password go through the same clean-up."""
    _normalise(str.lower)


@fault(defect=TRANSFORMED, caught_by=CASE, says="in other case is refused.*took effect")
def caps_lock_is_forgiven() -> None:
    """A password that fails is tried again in the other case, as without Caps Lock."""
    wrap(
        passwords,
        "verify",
        lambda original, settings, known, password: (
            original(settings, known, password) or original(settings, known, password.swapcase())
        ),
    )


@fault(
    defect=TRANSFORMED,
    level="should",
    caught_by=BLANKS,
    says="her password with a space before it is refused.*took effect",
)
def blanks_around_a_password_are_cut_off() -> None:
    """Every text field is trimmed, this one too."""
    _normalise(str.strip)


@fault(
    defect=TRANSFORMED,
    level="should",
    caught_by=BLANKS,
    says="her password with its space doubled is refused.*took effect",
)
def blanks_in_a_password_are_collapsed() -> None:
    """Runs of whitespace are collapsed to one space, as in a name."""
    _normalise(
        lambda password: " ".join(password.split(" ")) if "  " not in password else password.replace("  ", " ")
    )


# --- length ---


@fault(
    defect="pp-long-password-refused",
    level="should",
    caught_by=LONG,
    says="64 characters is taken.*sign-up was answered 400",
)
def a_password_has_32_characters_at_most() -> None:
    """A limit from the old days."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        if len(password) > 32:
            raise ApiError(400, "PASSWORD_TOO_LONG", "Password must have at most 32 characters")
        original(settings, password, email)

    wrap(passwords, "check_policy", check)


@fault(
    defect="pp-long-password-refused",
    level="should",
    caught_by=LONG,
    says="a password of 200 characters is taken or refused.*500 came",
)
def a_very_long_password_crashes_sign_up() -> None:
    """The hash function raises an error beyond its limit, and nothing catches it."""

    def check(_original: Any, _settings: Settings, password: str, _email: str) -> None:
        if len(password) > 128:
            raise ValueError("password cannot be longer than 128 bytes")

    wrap(passwords, "check_policy", check)


# --- answers ---


@fault(defect=IN_ANSWER, caught_by=TOLD, says="looks like the hash of a password")
def session_endpoint_tells_the_hash() -> None:
    """The response is the whole row of the user."""
    wrap(auth, "user_json", lambda original, user: original(user) | {"passwordHash": user.password_hash})


@fault(defect=IN_ANSWER, caught_by=TOLD, says="it holds her password")
def sign_up_answers_with_what_was_sent() -> None:
    """The response repeats the request, password and all."""
    asked: dict[str, str] = {}

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        user: User = original(db, settings, form)
        asked[user.id] = form.password
        return user

    def user_json(original: Any, user: User) -> dict[str, Any]:
        told: dict[str, Any] = original(user)
        return told | {"password": asked.pop(user.id)} if user.id in asked else told

    wrap(accounts, "sign_up", sign_up)
    wrap(auth, "user_json", user_json)


@fault(defect=IN_ANSWER, caught_by=TOLD, says="it holds her password")
def sign_in_keeps_the_password_in_a_cookie() -> None:
    """ "Remember me" puts address and password into a cookie, in base64."""
    given: list[str] = []

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        user: User = original(db, settings, email, password)
        given[:] = [email, password]
        return user

    def start(original: Any, request: Request, response: Response, *rest: Any, **named: Any) -> Any:
        if request.url.path.endswith("/sign-in/email"):
            value = base64.urlsafe_b64encode(json.dumps(given).encode()).decode().rstrip("=")
            response.set_cookie("remembered", value, httponly=True)
        return original(request, response, *rest, **named)

    wrap(accounts, "sign_in", sign_in)
    wrap(identity, "start", start)
