"""What scenarios do and demand about the characters of a password.

One is chosen by a change of one's own, which costs no account.
"""

from __future__ import annotations

import itertools
import random
import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotTested, Unmet
from harness.core.provenance import Random, Unrepeatable, made
from harness.core.redaction import register
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.quotation import quoted
from harness.flows.password_change import ask_for_change, control_change, opens, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_NO_SCRIPT = "It takes a password of certain letters, and scripts draw hexadecimal digits."
_HALF = 12
"""Characters on each side of a NUL: each half is long enough for a password."""


def _letters(number: int) -> str:
    """Lower-case letters in no order, each but once.

    No two neighbours of the alphabet stand side by side: a run is what estimates of strength refuse.
    """
    drawing = random.Random(secrets.token_bytes(16))  # noqa: S311 - seeded by a better one
    while True:
        drawn = drawing.sample(string.ascii_lowercase, number)
        if all(abs(ord(one) - ord(other)) > 1 for one, other in itertools.pairwise(drawn)):
            return "".join(drawn)


def _spaced() -> str:
    letters = _letters(22)
    return " ".join((letters[:4], letters[4:11], letters[11:16], letters[16:]))


PASSWORDS: Vocabulary[Callable[[], str]] = Vocabulary(
    "kind of password",
    {
        "24 lower-case letters": lambda: _letters(24),
        "lower-case letters with spaces": _spaced,
        "letters of several scripts": lambda: f"gr\u00fcn-ключ-密码-{_letters(12)}",
    },
)
"""Passwords that break no rule but one about characters.

The letters are drawn, so that no list and no estimate of strength refuses them. Composed letters (NFC) are what
keyboards send.
"""


@dataclass(frozen=True)
class Chosen:
    """A password that was asked for, and what the change was answered."""

    kind: str
    password: str
    answer: Exchange
    is_success: bool


@dataclass(frozen=True)
class ChosenWithNul:
    """A password with a NUL in it, and its change's answer.

    ``before`` is what stands before the NUL.
    """

    before: str
    password: str
    answer: Exchange


def choose(world: World, alias: str, kind: str) -> None:
    """Change the person's password to one of that kind."""
    chosen = _secret(f"a password of {kind}", Unrepeatable(PASSWORDS[kind](), _NO_SCRIPT))
    answer = _change(world, alias, chosen)
    success = world.deployment.operation("change_password").outcomes.success
    world.remember(Chosen(kind, chosen, answer, matches(success, answer)))


def _secret(name: str, provenance: Random | Unrepeatable) -> str:
    return register(made(name, provenance), "password")


def _change(world: World, alias: str, new: str) -> Exchange:
    person = world.person(alias)
    return ask_for_change(world, signed_in(world, person), person.password, new)


def must_sign_in(world: World, alias: str) -> None:
    """Raise Unmet unless the chosen password signs the person in.

    Where the old one still does, a change to an ordinary one is the control.
    """
    person, chosen = world.person(alias), world.recall(Chosen)
    if opens(world, person, chosen.password):
        person.password = chosen.password
        return
    came = "accepted, and signs nobody in"
    if not chosen.is_success or opens(world, person, person.password):
        control_change(world, alias)
        came = f"refused: {quoted(chosen.answer)}"
    raise Unmet(f"that a password of {chosen.kind} can be used", f"it is {came}", [chosen.answer])


# --- a NUL ---


def choose_with_nul(world: World, alias: str) -> None:
    """Change the person's password to one with a NUL in it.

    It may be refused.
    """
    before, after = (
        _secret(f"what stands {where} the NUL", Random(_letters(_HALF))) for where in ("before", "after")
    )
    chosen = register(f"{before}\0{after}", "password")
    world.remember(ChosenWithNul(before, chosen, _change(world, alias, chosen)))


def must_not_be_cut(world: World, alias: str) -> None:
    """Raise Unmet if the password ends at its NUL.

    What stands before it then signs in alone, or with another end. Raises NotTested where nothing does.
    """
    person, chosen = world.person(alias), world.recall(ChosenWithNul)
    if opens(world, person, person.password):
        return  # it was refused, and the password is what it was
    is_taken = opens(world, person, chosen.password)
    if is_taken:
        person.password = chosen.password
    another = register(f"{chosen.before}\0{_letters(_HALF)}", "password")
    for how, password in {"alone": chosen.before, "with another end behind it": another}.items():
        if opens(world, person, password):
            expected = f"that a password of {alias}'s with a NUL in it counts as a whole"
            raise Unmet(expected, f"what stands before the NUL signs in {how}", [chosen.answer])
    if not is_taken:
        raise NotTested(
            f"after {alias}'s change to a password with a NUL in it neither the old one signs in nor the new one."
        )
