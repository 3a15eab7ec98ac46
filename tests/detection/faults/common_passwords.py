"""Passwords that everybody tries first and sign-up takes."""

from __future__ import annotations

from typing import Any

from reference_backend import passwords
from reference_backend.errors import ApiError
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import replace, wrap

COMMON = "password-is-no-common-one"
ACCEPTED = "pp-common-password-accepted"


@fault(
    defect=ACCEPTED,
    caught_by=COMMON,
    says='common password "password" as it is listed is refused; .*took effect',
    level="should",
    spares=("signup-minimum-password-length",),
)
def no_list_is_looked_at() -> None:
    """The length of a password is all that counts."""
    replace(passwords, "_common", frozenset)


@fault(
    defect=ACCEPTED,
    caught_by=COMMON,
    says='common password "12345678" as it is listed is refused; .*took effect',
    level="should",
)
def the_list_has_words_alone() -> None:
    """A dictionary is looked at, and no number stands in it."""
    known = passwords._common()
    replace(passwords, "_common", lambda: frozenset(word for word in known if word.isalpha()))


@fault(
    defect=ACCEPTED,
    caught_by=COMMON,
    says='common password "qwertyuiop" as it is listed is refused; .*took effect',
    level="should",
)
def the_list_has_no_rows_of_keys() -> None:
    """The list was shortened to a few words."""
    replace(passwords, "_common", lambda: frozenset({"password", "12345678"}))


@fault(
    defect=ACCEPTED,
    caught_by=COMMON,
    says='common password "password" in fullwidth letters is refused; .*took effect',
    level="should",
)
def the_list_is_looked_at_before_letters_are_made_alike() -> None:
    """The list sees the password as it was typed, the hash what Unicode makes of it."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        if password.casefold() in known():
            raise ApiError(400, "PASSWORD_TOO_COMMON", "Password is too easy to guess")
        original(settings, password, email)

    known = replace(passwords, "_common", frozenset)
    wrap(passwords, "check_policy", check)
