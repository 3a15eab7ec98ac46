"""Passwords that are rightly treated in an unusual way."""

from __future__ import annotations

from typing import Any

from reference_backend import passwords
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

EVERY_PASSWORD = (
    "password-is-not-truncated",
    "password-is-case-sensitive",
    "password-spaces-are-significant",
    "password-may-be-long",
)


@variant(
    stays_green=EVERY_PASSWORD,
    never_fail_on={
        "pp-silent-truncation": "Refusing > max at sign-up (400) is right as long as 64 characters are allowed",
        "pp-long-password-refused": "Upper limit >= 64",
    },
)
def passwords_of_more_than_72_bytes_are_refused() -> None:
    """bcrypt looks at the first 72 bytes, so that sign-up takes no more."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        if len(password.encode()) > 72:
            raise ApiError(400, "PASSWORD_TOO_LONG", "Password must have at most 72 bytes")
        original(settings, password, email)

    wrap(passwords, "check_policy", check)


@variant(stays_green=("password-is-case-sensitive", "password-spaces-are-significant"))
def passwords_have_no_spaces() -> None:
    """Sign-up takes no password with a space in it, and sign-in refuses one at once."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        if " " in password:
            raise ApiError(400, "INVALID_PASSWORD", "Password must have no spaces")
        original(settings, password, email)

    wrap(passwords, "check_policy", check)
