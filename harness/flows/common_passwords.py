"""What scenarios about passwords that everybody tries first do and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable
from harness.core.redaction import never_mask
from harness.core.vocabulary import Vocabulary
from harness.deployment.accounts import SIGN_UP

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.scenario.world import World

_TRIED = 3
COMMON = (
    "password",
    "12345678",
    "qwertyuiop",
    "1234567890",
    "password123",
    "111111111111",
    "123123123123",
    "1q2w3e4r5t6y",
)
"""On every list of the most used passwords, the shortest first; the last three have 12 characters."""
_FULLWIDTH = 0xFEE0
"""How far a fullwidth form stands from its ASCII letter (Unicode, U+FF01 to U+FF5E)."""


def fullwidth(password: str) -> str:
    """The password in fullwidth letters, which NFKC makes the plain ones."""
    return "".join(chr(ord(letter) + _FULLWIDTH) for letter in password)


FORMS: Vocabulary[Callable[[str], str]] = Vocabulary(
    "form of a common password",
    {"as it is listed": lambda password: password, "in fullwidth letters": fullwidth},
)
"""How a common password is written."""


def control_sign_up(world: World, alias: str) -> None:
    """Note that the ordinary password of a sign-up signs in."""
    world.judge.control(SIGN_UP, world.accounts.signs_up(world.person(alias)))


def try_common(world: World, alias: str, form: str) -> None:
    """Sign up with common passwords in that form, as attempts.

    Raises NotApplicable where none is as long as a password has to be.
    """
    least = world.target.profile.people.least_password_length
    listed = [password for password in COMMON if len(password) >= least][:_TRIED]
    if not listed:
        raise NotApplicable(f"No common password that is tried has the {least} characters that one must have.")
    written = FORMS[form]
    for password in listed if written(listed[0]) == listed[0] else listed[:1]:
        never_mask(password)
        person = world.cast.new_person(alias)
        what = f'signing up with the common password "{password}" {form}'
        world.judge.attempt(
            world.accounts.with_chosen_password(person, written(password), what, opens_with=password)
        )
