"""What scenarios about passwords of a megabyte do and demand.

An answer is slow where every try takes longer than five times the slowest ordinary one, and than two seconds: an
ordinary one takes place before each, so that a machine which is slow by chance is slow for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import Unmet
from harness.deployment.accounts import SIGN_IN
from harness.deployment.people import Device
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.deployment.people import Person
    from harness.scenario.world import World

SIZE = 950_000
"""Characters: as many as fit into a body of a megabyte, where many servers have their limit."""
_TIMES_AS_LONG = 5
_LEAST = 2.0
"""Seconds that are never slow, whatever an ordinary password takes."""
_TRIES = 2


@dataclass
class Tried:
    """What came of passwords of a megabyte, by the operation."""

    ordinary: list[Exchange] = field(default_factory=list)
    """The answers to ordinary wrong passwords, in between."""
    came: dict[str, list[Exchange | NoAnswer]] = field(default_factory=dict)

    @property
    def slow(self) -> float:
        """Seconds from which on an answer is slow."""
        return max(_LEAST, _TIMES_AS_LONG * max(one.elapsed for one in self.ordinary))

    @property
    def is_broken(self) -> bool:
        """Whether the server broke at last.

        Many then close the connection, and a request that is sent twice for that proves nothing.
        """
        last = next(reversed(self.came.values()))[-1]
        return isinstance(last, Exchange) and httpx.codes.is_server_error(last.status)

    def is_slow(self, one: Exchange | NoAnswer) -> bool:
        """Whether an answer took too long, or none came in time."""
        return one.timed_out if isinstance(one, NoAnswer) else one.elapsed > self.slow


def huge() -> str:
    """A password of nearly a megabyte, which is no secret."""
    return "Aa1!" + "x" * (SIZE - 4)


def try_huge(world: World, alias: str) -> None:
    """Send passwords of a megabyte to sign-in and to sign-up.

    A second one where the first was slow at sign-up: each may make an account.
    """
    world.judge.needs(SIGN_IN)
    tried = world.setdefault(Tried())
    person = world.person(alias)
    for _ in range(_TRIES):
        wrong = world.cast.factory.password("wrong password")
        tried.ordinary.append(world.deployment.sessions.guess(Device(person, "browser"), wrong))
        _note(tried, "sign-in", lambda: world.deployment.sessions.guess(Device(person, "browser"), huge()))
        if tried.is_broken:
            return
    for _ in range(_TRIES):
        newcomer = world.cast.new_person(alias)
        _note(tried, "sign-up", lambda newcomer=newcomer: _signed_up(world, newcomer))  # type: ignore[misc]
        if tried.is_broken or not tried.is_slow(tried.came["sign-up"][-1]):
            break


def _signed_up(world: World, person: Person) -> Exchange:
    person.password = huge()
    return world.deployment.sessions.sign_up(person, person.device("first device"))


def _note(tried: Tried, operation: str, ask: Callable[[], Exchange]) -> None:
    try:
        came: Exchange | NoAnswer = ask()
    except NoAnswer as none:
        came = none  # a server may hang up on whoever sends so much
    tried.came.setdefault(operation, []).append(came)


def must_cost_little(world: World) -> None:
    """Raise Unmet if a megabyte broke the server or took long."""
    tried = world.recall(Tried)
    for operation, came in tried.came.items():
        expected = f"that {operation} refuses a password of a megabyte about as quickly as an ordinary one"
        answers = [one for one in came if isinstance(one, Exchange)]
        for answer in answers:
            if httpx.codes.is_server_error(answer.status):
                raise Unmet(expected, f"{quoted(answer)} came: the server broke, which is no decision", [answer])
        if all(tried.is_slow(one) for one in came):
            took = " and ".join(f"{one.elapsed:.1f} s" for one in answers) or "no answer came in time"
            ordinary = max(one.elapsed for one in tried.ordinary)
            raise Unmet(
                expected,
                f"of {len(came)} tries each was slow ({took}), and an ordinary one takes {ordinary:.1f} s",
                [*tried.ordinary[-1:], *answers],
            )
