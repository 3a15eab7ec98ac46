"""Deployments that rightly look at no list, or whose letters are not made alike."""

from __future__ import annotations

from typing import Any

from reference_backend import passwords
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from tests.detection.faults.common_passwords import ACCEPTED, COMMON, no_list_is_looked_at
from tests.detection.seams import replace, wrap
from tests.detection.variant_registry import variant


@variant(
    stays_green="signup-minimum-password-length",
    never_fail_on={ACCEPTED: "Better Auth's default accepts them (seen)."},
    not_applicable={COMMON: "no refusal of common passwords"},
    profile="[people]\nrefuses_common_passwords = false\n",
)
def common_passwords_are_taken_as_declared() -> None:
    """No list is looked at, and the profile declares none."""
    no_list_is_looked_at()


@variant(stays_green=COMMON)
def fullwidth_letters_are_letters_of_their_own() -> None:
    """A password counts as it was typed, so that fullwidth letters make another one, on no list."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        if password.casefold() in passwords._common():
            raise ApiError(400, "PASSWORD_TOO_COMMON", "Password is too easy to guess")
        original(settings, password, email)

    replace(passwords, "_normalise", lambda password: password)
    wrap(passwords, "check_policy", check)
