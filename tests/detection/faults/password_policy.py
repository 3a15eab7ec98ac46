"""Passwords that are too short and accepted."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session as Database

from reference_backend import accounts, passwords
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, path, replace, wrap

SHORT = "pp-min-length-not-enforced"
MINIMUM = "signup-minimum-password-length"


@fault(defect=SHORT, caught_by=MINIMUM, says="password of 1 characters is refused.*took effect")
def length_is_checked_in_the_form_only() -> None:
    """The page has a minlength and its handler a check; the API behind it accepts anything."""
    know_the_request()
    wrap(
        passwords,
        "check_policy",
        lambda original, *arguments: None if path().startswith("/api/") else original(*arguments),
    )


@fault(defect=SHORT, caught_by=MINIMUM, says="password of 7 characters is refused.*took effect")
def minimum_is_off_by_one() -> None:
    """`<` where `<=` was meant, so one character below the minimum passes."""
    _with_minimum(-1)


@fault(defect=SHORT, caught_by=MINIMUM, says="password of 7 characters is refused.*took effect")
def minimum_is_six() -> None:
    """A framework's own default of six is in force, not the minimum that the deployment states."""
    _with_minimum(-2)


def _with_minimum(difference: int) -> None:
    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        original(settings.model_copy(update={"password_min": settings.password_min + difference}), password, email)

    wrap(passwords, "check_policy", check)


@fault(defect=SHORT, caught_by=MINIMUM, says="took effect")
def short_password_is_refused_too_late() -> None:
    """The account is saved, then the password is checked: the answer says 400 and the account works."""

    def sign_up(original: Any, db: Database, settings: Settings, form: Any) -> User:
        with Database(db.get_bind(), expire_on_commit=False) as apart, apart.begin():
            user: User = original(apart, settings, form)
        check(settings, form.password, user.email)
        return user

    check = replace(passwords, "check_policy", lambda *_: None)
    wrap(accounts, "sign_up", sign_up)


@fault(defect=SHORT, caught_by=MINIMUM, says="password of 1 characters is refused.*took effect")
def policy_counts_the_hash() -> None:
    """The hash is measured, which is always long enough."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        if len(passwords.make_hash(settings, password)) < settings.password_min:
            raise ApiError(400, "PASSWORD_TOO_SHORT", "Password is too short")

    wrap(passwords, "check_policy", check)
