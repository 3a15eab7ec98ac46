"""Rules for passwords that are right and unusual."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from reference_backend import passwords
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from tests.detection.seams import replace, wrap
from tests.detection.variant_registry import variant

LEAST = "signup-minimum-password-length"
CASE, SPACES = "password-is-case-sensitive", "password-spaces-are-significant"


@variant(
    stays_green=(LEAST, CASE, SPACES, "signup-account-can-be-used"),
    never_fail_on={"pp-min-length-not-enforced": "Minimum from the profile"},
    settings={"REFERENCE_PASSWORD_MIN": "15"},
    profile="people.min_password_length = 15\n",
)
def passwords_have_fifteen_characters() -> None:
    """A password has 15 characters at least, as the profile says."""


@variant(
    stays_green=(CASE, SPACES, "password-is-not-truncated", "password-may-be-long"),
    never_fail_on={"pp-case-or-trim-transformed": "Unicode normalisation (NFC/NFD equal) is right"},
)
def passwords_are_composed() -> None:
    """Passwords are normalised to NFC before they are hashed."""
    replace(passwords, "_normalise", lambda password: unicodedata.normalize("NFC", password))


@variant(
    stays_green=("password-is-not-cut-at-a-nul", "password-may-be-in-any-script"),
    never_fail_on={"pp-nul-truncation": "400 for NUL", "pp-unicode-refused": "NFD result is free"},
)
def passwords_are_decomposed() -> None:
    """Passwords are normalised to NFD before they are hashed; one with a NUL is refused, as it always is."""
    replace(passwords, "_normalise", lambda password: unicodedata.normalize("NFD", password))


@variant(
    stays_green=("password-needs-no-special-characters", "password-may-be-in-any-script"),
    never_fail_on={"pp-composition-rules": "Strength estimators: use random letters, not words"},
)
def words_that_repeat_are_refused() -> None:
    """An estimate of strength: no three characters in a row are alike, and six of them differ."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        original(settings, password, email)
        if re.search(r"(.)\1\1", password) or len({*password}) < 6:
            raise ApiError(400, "PASSWORD_TOO_WEAK", "Password is too easy to guess")

    wrap(passwords, "check_policy", check)
