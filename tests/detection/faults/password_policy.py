"""Passwords that are too short and accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session as Database

from reference_backend import accounts, bodies, passwords
from reference_backend.errors import ApiError
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, path, replace, wrap

SHORT = "pp-min-length-not-enforced"
MINIMUM = "signup-minimum-password-length"
FREE = "password-needs-no-special-characters"
ANY_SCRIPT = "password-may-be-in-any-script"
NUL = "password-is-not-cut-at-a-nul"


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


def also_required(rule: Callable[[str], bool]) -> None:
    """Refuse a new password that does not fit the rule."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        original(settings, password, email)
        if not rule(password):
            raise ApiError(400, "PASSWORD_TOO_WEAK", "Password must have an upper-case letter, a digit and a sign")

    wrap(passwords, "check_policy", check)


@fault(
    defect="pp-composition-rules",
    caught_by=FREE,
    says="password of 24 lower-case letters can be used; but it is refused: 400",
    level="should",
)
def three_kinds_of_characters_are_required() -> None:
    """The rule of the nineties: a capital, a digit and a sign."""
    also_required(lambda password: all(re.search(kind, password) for kind in ("[A-Z]", "[0-9]", "[^A-Za-z0-9]")))


@fault(
    defect="pp-composition-rules",
    caught_by=FREE,
    says="password of lower-case letters with spaces can be used; but it is refused: 400",
    level="should",
)
def spaces_are_not_allowed() -> None:
    """Passwords match `^\\S+$`."""
    also_required(lambda password: " " not in password)


@fault(
    defect="pp-unicode-refused",
    caught_by=ANY_SCRIPT,
    says="of letters of several scripts can be used; but it is refused: 400",
    level="should",
)
def letters_beyond_ascii_are_refused() -> None:
    """Passwords match `^[ -~]+$`."""
    also_required(str.isascii)


@fault(
    defect="pp-unicode-refused",
    caught_by=ANY_SCRIPT,
    says="of letters of several scripts can be used; but it is accepted, and signs nobody in",
    level="should",
)
def letters_beyond_ascii_sign_nobody_in() -> None:
    """Sign-in reads its form in another encoding than the change of the password."""

    def verify(original: Any, settings: Settings, password_hash: str | None, password: str) -> bool:
        return bool(original(settings, password_hash, password.encode().decode("latin-1")))

    wrap(passwords, "verify", verify)


def taking_nul() -> None:
    """Let bodies hold NULs: the models keep the check that they were made with."""
    bodies._no_nul.__code__ = (lambda value: value).__code__


def cut(password: str) -> str:
    """What stands before the first NUL."""
    return password.partition("\0")[0]


@fault(
    defect="pp-nul-truncation",
    caught_by=NUL,
    says="with a NUL in it counts as a whole; but what stands before the NUL signs in alone",
)
def passwords_end_at_a_nul() -> None:
    """The hash is made by a library in C that takes strings up to NUL."""
    taking_nul()
    wrap(passwords, "make_hash", lambda original, settings, password: original(settings, cut(password)))
    wrap(passwords, "verify", lambda original, settings, known, password: original(settings, known, cut(password)))


@fault(
    defect="pp-nul-truncation",
    caught_by=NUL,
    says="what stands before the NUL signs in with another end behind it",
)
def only_passwords_with_a_nul_are_cut() -> None:
    """The new hash stands beside the old one, which is asked where there is no NUL."""
    taking_nul()

    def make_hash(original: Any, settings: Settings, password: str) -> str:
        return str(original(settings, f"{cut(password)}|" if "\0" in password else password))

    def verify(original: Any, settings: Settings, known: str | None, password: str) -> bool:
        return bool(original(settings, known, f"{cut(password)}|" if "\0" in password else password))

    wrap(passwords, "make_hash", make_hash)
    wrap(passwords, "verify", verify)
