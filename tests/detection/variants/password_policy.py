"""Rules for passwords that are right and unusual."""

from __future__ import annotations

import unicodedata

from reference_backend import passwords
from tests.detection.seams import replace
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
