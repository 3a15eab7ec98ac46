"""Whether times of failed sign-ins tell which addresses have an account.

Times on a network are noise. So few are compared first, and more only where these differ: what differs twice, by
rank and by far, is no chance. `en-signin-timing` in docs/defects.json gives the bounds.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotTested, Unmet
from harness.deployment.accounts import SIGN_IN
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.flows.signin import FailedSignIns, try_known_and_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World

FIRST = 3
"""Pairs that are compared at first: as many as the scenario on responses tries."""
MORE = 7
"""Pairs that are tried where the first ones differ, so that there are ten in all."""
LEAST = 0.04
"""Seconds of difference that an attacker sees through a network."""
_DEVIATIONS = 3.0
_RANKED = 0.95
"""The share of all comparisons, one of either kind, in which the same kind takes longer."""
_TO_DEVIATION = 1.4826
"""From the median of the distances to the median, to a standard deviation."""

Pair = tuple["Exchange", "Exchange"]
"""Answers to an unknown address and to a known one."""


@dataclass(frozen=True)
class ComparedTimes:
    """The pairs that decide, and those that were compared before them."""

    pairs: Sequence[Pair]
    before: Sequence[Pair] = ()


def tried(world: World, alias: str) -> None:
    """Recall failed sign-ins of this run, or try three pairs of them.

    Raises NotTested when the person's right password does not sign in.
    """
    if not world.cast.memory.remembers(FailedSignIns):
        person = world.introduce(world.cast.throwaway(alias))
        world.judge.control(SIGN_IN, world.accounts.signs_in(person))
        try_known_and_unknown(world, alias, FIRST)
    world.remember(world.cast.memory.recall(FailedSignIns))


def compare(world: World) -> None:
    """Try more pairs where the first ones differ in time."""
    first = world.recall(FailedSignIns)
    if difference(first.pairs) is None:
        world.remember(ComparedTimes(first.pairs))
        return
    more = [
        (_fail(world, world.cast.new_person(first.known.alias)), _fail(world, first.known)) for _ in range(MORE)
    ]
    for answers, (unlike, *_) in zip(zip(*more, strict=True), zip(*first.pairs, strict=True), strict=True):
        changed = next((answer for answer in answers if answer.status != unlike.status), None)
        if changed is not None:
            raise NotTested(
                f"times of failed sign-ins differ, but after {len(first.pairs) + MORE} of them they are answered "
                f"{quoted(changed)}: what limits them may be what takes the time.",
                "Raise the deployment's limit on failed sign-ins for the suite.",
                [unlike, changed],
            )
    world.remember(ComparedTimes(more, first.pairs))


def _fail(world: World, person: Person) -> Exchange:
    wrong = world.cast.factory.password("wrong password")
    return world.deployment.sessions.guess(Device(person, "browser"), wrong)


def must_be_alike(world: World) -> None:
    """Raise Unmet if known and unknown addresses differ in time, twice."""
    compared = world.recall(ComparedTimes)
    found, first = difference(compared.pairs), difference(compared.before)
    if found is None or first is None or (found > 0) != (first > 0):
        return
    unknown, known = (_shown(kind) for kind in _times(compared.pairs))
    raise Unmet(
        "that a wrong password takes as long for an address without an account as for one with an account",
        f"{len(compared.pairs)} of them took {unknown} for addresses without one and {known} for one with an "
        f"account (medians), as {len(compared.before)} had before, so that times tell which addresses have one",
        compared.pairs[0],
    )


def difference(pairs: Sequence[Pair]) -> float | None:
    """How many seconds longer the unknown addresses take, by their medians.

    None where that may be noise: too little, or less than the times scatter, or not so in nearly every comparison.
    """
    if not pairs:
        return None
    unknown, known = _times(pairs)
    apart = statistics.median(unknown) - statistics.median(known)
    ranked = statistics.mean((one - other) * apart > 0 for one in unknown for other in known)
    scatter = max(_deviation(unknown), _deviation(known))
    is_clear = abs(apart) >= LEAST and abs(apart) >= _DEVIATIONS * scatter and ranked >= _RANKED
    return apart if is_clear else None


def _times(pairs: Sequence[Pair]) -> tuple[list[float], list[float]]:
    return [unknown.elapsed for unknown, _ in pairs], [known.elapsed for _, known in pairs]


def _deviation(times: Sequence[float]) -> float:
    middle = statistics.median(times)
    return _TO_DEVIATION * statistics.median(abs(one - middle) for one in times)


def _shown(times: Sequence[float]) -> str:
    return f"{1000 * statistics.median(times):.0f} ms"
