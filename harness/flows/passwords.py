"""What scenarios about passwords do and demand.

How long they may be, and that no response contains one.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from harness.core.decisions import Holding, Matching
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.errors import NotSignedIn
from harness.deployment.quotation import quoted
from harness.flows.session import WhoIsThere
from harness.wire.parts import place_of
from harness.wire.readings import readings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.core.decisions import Decision
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


@dataclass(frozen=True)
class RefusedLengths:
    """Responses to sign-ups with long passwords that gave no account, by length.

    Kept for the whole worker.
    """

    answers: dict[int, Exchange] = field(default_factory=dict)


@dataclass(frozen=True)
class LongSignUp:
    """A sign-up with a password of that many characters, and its answer."""

    length: int
    answer: Exchange


ENOUGH = 64
"""Characters that a password may have at least (NIST SP 800-63B, ASVS 5.0 6.2.9)."""

_OFFERED = (100, ENOUGH)
"""Lengths of long passwords, the longest first."""

HASH = (
    r"\$2[abxy]?\$[0-9][0-9]\$[./A-Za-z0-9]{53}|\$argon2(id|i|d)\$v="
    r"|\$[56]\$(rounds=[0-9]+\$)?[./A-Za-z0-9_]{1,16}\$[./A-Za-z0-9_]{43}"
    r"|(^|[^A-Za-z0-9_])(pbkdf2|scrypt)[A-Za-z0-9_-]*[$:][!-~]{1,60}[$:][!-~]{20}"
    r"|(^|[^A-Za-z0-9_])[0-9a-f]{32}:[0-9a-f]{128}($|[^A-Za-z0-9_])"
)
"""Hashes of passwords as common libraries write them (PHC strings, and salt and key in hexadecimal digits).

The pattern is one of Python's and of `grep -E`.
"""
_PASSWORD, _HASHED = "her password", "what looks like the hash of a password"


def share_long(world: World, alias: str) -> Person:
    """A shared person whose password is as long as sign-up accepts.

    100 characters, 64, or an ordinary one.
    """
    offered = (world.cast.factory.long_password(length) for length in _OFFERED)
    return _share_with(world, alias, offered, _refused_lengths(world))


def share_spaced(world: World, alias: str) -> Person:
    """A shared person whose password has a space in it.

    An ordinary one where sign-up accepts none. It is too short for any server to cut it off.
    """
    return _share_with(world, alias, [world.cast.factory.spaced_password()], {})


def _share_with(world: World, alias: str, offered: Iterable[str], refused: dict[int, Exchange]) -> Person:
    """A shared person with the first password that gives a usable account.

    With an ordinary one where none does. ``refused`` takes in the answers, by length.
    """
    if alias not in world.cast.shared:
        accepted = (_signed_up_with(world, alias, password, refused) for password in offered)
        if (person := next((one for one in accepted if one is not None), None)) is not None:
            world.cast.shared[alias] = person
    return world.cast.share(alias)


def _signed_up_with(world: World, alias: str, password: str, refused: dict[int, Exchange]) -> Person | None:
    person = world.cast.new_person(alias)
    person.password = password
    device = person.device("first device")
    answer = world.deployment.sessions.sign_up(person, device)
    # Taken at sign-up and not at sign-in is not taken either.
    with contextlib.suppress(NotSignedIn):
        if person.has_account:
            world.deployment.sessions.complete_sign_up(device, answer)
            return person
    refused[len(password)] = answer
    return None


def _refused_lengths(world: World) -> dict[int, Exchange]:
    return world.cast.memory.setdefault(RefusedLengths()).answers


def sign_up_very_long(world: World, alias: str, length: int) -> None:
    """Ask for an account with a password of that length.

    It may be refused.
    """
    person = world.introduce(world.cast.new_person(alias))
    person.password = world.cast.factory.long_password(length)
    answer = world.deployment.sessions.sign_up(person, person.device("first device"))
    world.remember(LongSignUp(length, answer))


def must_not_have_crashed(world: World) -> None:
    """Raise Unmet when a sign-up with a long password broke the server."""
    longest = world.recall(LongSignUp)
    for length, answer in [*_refused_lengths(world).items(), (longest.length, longest.answer)]:
        if httpx.codes.is_server_error(answer.status):
            raise Unmet(
                f"that a password of {length} characters is taken or refused",
                f"{answer.status} came: the server broke, which is no decision",
                [answer],
            )


def must_be_long_enough(world: World, alias: str) -> None:
    """Raise Unmet when sign-up took no password of 64 characters."""
    length = len(world.person(alias).password)
    if length < ENOUGH:
        answer = _refused_lengths(world)[ENOUGH]
        raise Unmet(
            f"that a password of {ENOUGH} characters is taken",
            f"it gave no usable account (sign-up was answered {quoted(answer)})",
            [answer],
        )


# --- in answers ---


def must_be_in_no_answer(world: World, alias: str) -> None:
    """Raise Unmet if a response contains the person's password or a hash.

    Refusals are not judged.
    """
    person, there = world.person(alias), world.recall(WhoIsThere)
    if person.signed_up is None or world.deployment.identity.named_in(there.own) is None:
        raise NotTested(
            f"the control failed: {alias} is not signed in, so the responses would contain nothing of {alias}'s."
        )
    for answer in (person.signed_up, world.last(), there.own, there.bare):
        if answer.status < httpx.codes.BAD_REQUEST and (found := held_in(answer, person.password)) is not None:
            words, decision = found
            expected = f"that no answer holds {alias}'s password or its hash"
            raise Unmet(expected, f"it holds {words}", [answer], [decision])


def held_in(answer: Exchange, password: str) -> tuple[str, Decision] | None:
    """The password or hash that a response contains, headers included.

    The words with their place, and the comparison that finds it; None where there is none.
    """
    if not password:
        raise HarnessError("an empty password is in every answer")
    found = _given_away(answer.everything, password)
    if found is None:
        return None
    words = f"{found}, in {place_of(answer, lambda text: _given_away(text, password) == found)}"
    if found == _PASSWORD:
        return words, Holding(answer, password, found, is_encoded=password not in answer.everything)
    return words, Matching(answer, HASH, found, is_encoded=re.search(HASH, answer.everything) is None)


def _given_away(text: str, password: str) -> str | None:
    for reading in readings(text):
        if password in reading:
            return _PASSWORD
        if re.search(HASH, reading):
            return _HASHED
    return None
