"""Sign-in with an address that has no account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotTested, Unmet
from harness.deployment.credential import ANONYMOUS
from harness.deployment.people import Device

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World


@dataclass(frozen=True)
class UnknownSignIns:
    """The answers to an address without an account, with their effects."""

    answers: list[Exchange]
    yields: list[str | None]


def sign_in_unknown(world: World, times: int) -> None:
    """Sign in several times with an address that has no account.

    The first may make the account which the next one opens.
    """
    person = world.cast.factory.person("Eve")
    answers: list[Exchange] = []
    yields: list[str | None] = []
    for _ in range(times):
        device = Device(person, "browser")
        answers.append(world.deployment.sessions.guess(device, person.password))
        yields.append(world.accounts.yields(device))
    world.remember(UnknownSignIns(answers, yields))


def must_have_opened_nothing(world: World) -> None:
    """Raise Unmet if it opened a session.

    Raises NotTested where a browser without any cookie is signed in as well.
    """
    came = world.recall(UnknownSignIns)
    for answer, yielded in zip(came.answers, came.yields, strict=True):
        if yielded is None:
            continue
        if world.deployment.identity.who_is(ANONYMOUS, "a browser without cookies") is not None:
            raise NotTested("a browser without cookies is signed in, so a sign-in shows nothing.", "", [answer])
        raise Unmet("that an address without an account signs nobody in", yielded, [answer])
