"""Subjects of tokens that resemble a user's id."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.vocabulary import Vocabulary
from harness.flows.access_token import accepted
from harness.flows.isolation import Lists
from harness.flows.tasks import CLONE, shared_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.scenario.world import World


def _in_other_case(own: str) -> str:
    if _is_uuid(own):
        raise Absent("The ids are UUIDs, whose letters may be of either case (RFC 9562 section 4).")
    return own.swapcase()


def _with_space(own: str) -> str:
    if own.isdigit():
        raise Absent("The ids are numbers, which a space after them leaves as they are.")
    return f"{own} "


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


SUBJECTS: Vocabulary[Callable[[str], str]] = Vocabulary(
    "subject that resembles an id",
    {
        "without its last character": lambda own: own[:-1],
        "in other case": _in_other_case,
        "with a percent sign after it": lambda own: f"{own}%",
        "replaced by a percent sign": lambda _: "%",
        "with a space after it": _with_space,
        "with another letter after it": lambda own: f"{own}x",
    },
)
"""What is made of the id."""


def list_with_subject(world: World, alias: str, other: str, word: str) -> None:
    """List with the other user's token, whose subject resembles the person's id.

    Raises Absent where the word changes nothing of it.
    """
    world.judge.needs(CLONE)
    subject, secret = world.target.profile.jwt.subject, shared_secret(world, alias)
    own = accepted(world, alias).claims.get(subject)
    if not isinstance(own, str | int):
        raise Absent(f'The issued token has no claim "{subject}" itself.')
    loose = SUBJECTS[word](str(own))
    if loose == str(own):
        raise Absent(f"The id has nothing that could be otherwise ({word}).")
    token = accepted(world, other).with_claims(**{subject: loose}).signed(secret)
    device = world.device(other, "first device")
    credential = world.opener.presenting(device, token, f"a token with {alias}'s id {word}")
    answer = world.tasks.call("list", "an attacker", credential, world.person(alias)).exchange
    world.remember(Lists([answer]))
