"""What scenarios about copies of ended sessions do and demand.

A copy is everything that a browser held: a cookie that caches its session, for one. What the server has ended has
to stay ended for all of it, at the latest when the cache is over.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import NotApplicable, Unmet
from harness.core.text import listed
from harness.core.vocabulary import Vocabulary
from harness.deployment import session_copy
from harness.flows import common, password_change, session_management
from harness.flows.captured import must_be_revoked
from harness.flows.common import Ended
from harness.flows.copied_actions import DEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.session_copy import SessionCopy
    from harness.scenario.world import World


@dataclass(frozen=True)
class Captured:
    """A copy of a browser, and the places that it opens."""

    copy: SessionCopy
    places: list[str] = field(default_factory=list)


def capture(world: World, alias: str, device_name: str) -> None:
    """Copy everything that the device holds, which is signed in."""
    world.remember(Captured(session_copy.of(world.deployment, world.device(alias, device_name))))
    control_places(world, alias, ["session endpoint"])


def control_places(world: World, alias: str, places: list[str]) -> None:
    """Note each of the places that the copy opens.

    Places that the deployment lacks are left out.
    """
    captured, person = world.recall(Captured), world.person(alias)
    for word in places:
        place = world.places[word]
        if place.absence is None:
            credential = place.credential(captured.copy.fresh())
            world.judge.control(_key(word), place.control("the attacker", credential, person))
            captured.places.append(word)


def _key(place: str) -> str:
    return f"a copy of the browser: {place}"


# --- ending a session ---


def _by_sign_out(world: World, alias: str, device_name: str) -> None:
    common.sign_out(world, alias, device_name)


def _by_revocation(world: World, alias: str, _device_name: str) -> None:
    world.deployment.operation("revoke_other_sessions")
    session_management.revoke_others(world, alias, "first device")


def _by_change(world: World, alias: str, _device_name: str) -> None:
    change = world.target.profile.operations.change_password
    if change is None or not change.ends_other_sessions:
        raise NotApplicable("The profile declares no change of the password that ends other sessions.")
    password_change.change_password(world, alias, "first device")


ENDINGS: Vocabulary[Callable[[World, str, str], None]] = Vocabulary(
    "way to end a session",
    {
        "sign-out": _by_sign_out,
        "revocation": _by_revocation,
        "a change of her password": _by_change,
    },
)
"""How the owner ends the session of a device."""


def end(world: World, alias: str, device_name: str, ending: str) -> None:
    """End the device's session as the owner does.

    Raises NotApplicable where the deployment has no such way.
    """
    ENDINGS[ending](world, alias, device_name)


# --- what a copy may still do: nothing ---


def try_with_copy(world: World, alias: str, deeds: list[str]) -> None:
    """Do each with a copy of the browser, as an attacker would.

    What the deployment has no operation for is left out.
    """
    must_be_revoked(world)
    copy = world.recall(Captured).copy
    for word in deeds:
        try:
            attempt = DEEDS[word].attempt(world, alias, copy, _key("session endpoint"))
        except Absent as absence:
            world.notes.append(f"not tried to {word}: {absence.reason}")
        else:
            world.judge.attempt(attempt)


def must_have_done_nothing(world: World) -> None:
    """Raise Unmet if any of it took effect, or prolonged the session."""
    world.judge.all_refused(then_controls=False)


# --- whether it is dead ---


def must_be_dead(world: World, alias: str) -> None:
    """Raise Unmet if the copy still opens anything, with the seconds left."""
    must_be_revoked(world)
    copy = world.recall(Captured).copy
    opened = _opened(world, alias)
    if opened:
        came = f"it opens the {listed(opened, 'and')}; {copy.end}"
        raise Unmet(_expected(world, copy, "opens nothing"), came, [*opened.values()])


def must_die_in_time(world: World, alias: str) -> None:
    """Raise Unmet if the copy lives longer than a cache may answer.

    It is waited for. Raises EndOutOfReach where that takes too long.
    """
    must_be_revoked(world)
    copy = world.recall(Captured).copy
    opened = _opened(world, alias)
    if not opened:
        return
    bound = session_copy.bound(world.target)
    expected = _expected(world, copy, f"is dead within {bound} s")
    if session_copy.lives_too_long(world.target, copy):
        raise Unmet(expected, f"it opens the {listed(opened, 'and')}; {copy.end}", [*opened.values()])
    ends = time.time() + (bound if copy.seconds_left is None else copy.seconds_left)
    world.expiry.wait_out(ends, f"what caches {copy.of}'s ended session")
    world.notes.append("short-lived: waited for the end of what caches the session")
    if opened := _opened(world, alias):
        came = f"it opens the {listed(opened, 'and')} after that; {copy.end}"
        raise Unmet(expected, came, [*opened.values()])


def _expected(world: World, copy: SessionCopy, what: str) -> str:
    return f"that a copy of all that {copy.of} held {what} after {world.recall(Ended).by}"


def _opened(world: World, alias: str) -> dict[str, Exchange]:
    """The places that the copy opens now, each with the answer."""
    captured, person = world.recall(Captured), world.person(alias)
    opened: dict[str, Exchange] = {}
    for word in captured.places:
        place, key = world.places[word], _key(word)
        what = f"a copy of the browser at the {word}"
        attempt = place.attempt("the attacker", place.credential(captured.copy.fresh()), person, what)
        try:
            world.judge.refuse_now(attempt, key)
        except Unmet as found:
            opened[word] = found.exchanges[-1]
    return opened
