"""A captured session or access token, replayed where it must have ended."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, Unmet
from harness.deployment import held, session_copy
from harness.deployment.held import declared_token
from harness.flows.common import Ended, OnlySession
from harness.flows.frozen_copies import CapturedSession, CapturedToken
from harness.flows.lifetimes import declared_bound, must_end_within, session_must_end, token_end, wait_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange
    from harness.deployment.session_copy import SessionCopy
    from harness.flows.lifetimes import Bound
    from harness.scenario.world import World


@dataclass(frozen=True)
class DueEnd:
    """When a session was due to end (Unix time).

    None where it was set back.
    """

    moment: float | None

    @property
    def sentence(self) -> str:
        """The due end, and how long ago it was."""
        if self.moment is None:
            return ""
        late, due = time.time() - self.moment, dt.datetime.fromtimestamp(self.moment, dt.UTC)
        return f" (due to end at {due:%H:%M:%S} UTC, {late:.0f} s before)"


@dataclass(frozen=True)
class OpenedPlaces:
    """The places that the captured session was seen to open."""

    places: list[str] = field(default_factory=list)


_OUTLIVED = ("sign-out", "the end of the account")
"""What a session that lives on until it ends may outlive."""


def capture(world: World, alias: str, device_name: str) -> None:
    """Take a frozen copy of the device's session."""
    device = world.device(alias, device_name)
    values = held.session_values(world.target, device)
    by_cookie = world.target.profile.credentials.session_cookie is not None
    kept = tuple(held.session_cookies(world.target, device)) if by_cookie else ()
    alone, whole = world.deployment.access.captured_session(device), session_copy.of(world.deployment, device)
    world.remember(CapturedSession(device, alone, values, whole, kept))


def key_of(place: str) -> str:
    """The name of the control that the captured session opens the place."""
    return f"captured: {place}"


def control_captured(world: World, alias: str, place: str) -> None:
    """Note that the captured session opens the place.

    Raises NotTested when it doesn't.
    """
    captured = world.recall(CapturedSession)
    check = world.places[place].control("the attacker", captured.credential, world.person(alias))
    world.judge.control(key_of(place), check)


def must_be_dead(world: World, alias: str, place: str) -> None:
    """Raise Unmet if the captured session still opens the place."""
    key, captured = key_of(place), world.recall(CapturedSession)
    world.judge.needs(key)
    due = world.recall(DueEnd).sentence if world.remembers(DueEnd) else ""
    what = f"the captured session at the {place}{due}"
    attempt = world.places[place].attempt("the attacker", captured.credential, world.person(alias), what)
    try:
        world.judge.refuse_now(attempt, key)
    except Unmet:
        if not may_outlive(world):
            raise
        session_must_end(world, captured, f"a session that outlives {world.recall(Ended).by}")
        return
    if world.remembers(Ended) and captured.whole.holds_more:
        _must_not_outlive(world, captured.whole, place, key)


def may_outlive(world: World) -> bool:
    """Whether the session is declared to outlive what ended.

    That is sign-out, or its account: an operation that is there to end sessions ends them.
    """
    is_stateless = world.target.profile.stateless_session is not None
    return is_stateless and world.remembers(Ended) and world.recall(Ended).by in _OUTLIVED


def must_be_revoked(world: World) -> None:
    """Raise NotApplicable where sessions are declared to live on."""
    if may_outlive(world):
        raise NotApplicable(
            "The profile declares that a session can't be revoked and lives on until it ends (after_sign_out); "
            "signout-ends-captured-session measures its end."
        )


def _must_not_outlive(world: World, copy: SessionCopy, word: str, key: str) -> None:
    """Raise Unmet if what caches the session lives on for too long."""
    place, person = world.places[word], copy.device.person
    attempt = place.attempt("the attacker", place.credential(copy.fresh()), person, "a copy of all that it held")
    try:
        world.judge.refuse_now(attempt, key)
    except Unmet as found:
        came = f"it opens the {word}; {copy.end}"
        if session_copy.lives_too_long(world.target, copy):
            limit = session_copy.bound(world.target)
            expected = f"that a copy of all that {copy.of} held is dead within {limit} s after "
            raise Unmet(f"{expected}{world.recall(Ended).by}", came, found.exchanges) from found
        world.notes.append(f"a copy of all that {copy.of} held lives on: {came}")


def control_captured_at(world: World, alias: str, places: list[str]) -> None:
    """Note each of the places that the captured session opens.

    Places that the deployment lacks are left out.
    """
    absences = {place: world.places[place].absence for place in places}
    if all(absences.values()):
        raise NotApplicable(" ".join(dict.fromkeys(absence for absence in absences.values() if absence)))
    opened = world.setdefault(OpenedPlaces()).places
    for place in (place for place, absence in absences.items() if absence is None):
        control_captured(world, alias, place)
        opened.append(place)


def must_be_dead_at_all(world: World, alias: str) -> None:
    """Raise Unmet if the captured session still opens one of the places."""
    for place in world.recall(OpenedPlaces).places:
        must_be_dead(world, alias, place)


def must_still_open(world: World, alias: str, device_name: str, place: str) -> None:
    """Raise Unmet if another device of the person lost its session too.

    Unless the profile declares that it does, or a sign-in ended it before.
    """
    sign_out = world.target.profile.operations.sign_out
    if world.remembers(OnlySession) or (sign_out is not None and sign_out.ends_every_device):
        must_sign_in_again(world, alias, place)
        return
    device = world.device(alias, device_name)
    if not held.holds_session(world.target, device):
        raise Unmet(f"that {device.who} is still signed in", "its session was taken away", [world.last()])
    # The session alone: a cookie that caches it would say yes for it.
    alone = replace(world.deployment.access.captured_session(device), label=device.who)
    world.places[place].control(device.who, alone, device.person)()


def must_sign_in_again(world: World, alias: str, place: str) -> None:
    """Raise NotTested when nothing of the person's opens the place any more."""
    device = world.new_device(alias, "laptop")
    world.deployment.sessions.sign_in_verified(device)
    world.places[place].control(device.who, world.deployment.access.browser_session(device), device.person)()


# --- after the end ---

_CAPTURED = "a captured access token"


def capture_token(world: World, alias: str, device_name: str) -> None:
    """Copy the device's access token and note that it works.

    Raises NotTested if it doesn't, Absent where no token opens the tasks.
    """
    world.opener.must_be_token()
    device, person = world.device(alias, device_name), world.person(alias)
    token = world.deployment.access.access_token(device)
    name = declared_token(world.target).cookie
    kept = next((one for one in device.jar.alive if one.bare_name == name and one.value == token), None)
    world.remember(CapturedToken(token, kept))
    task = world.task_of(alias)
    bearer = world.deployment.access.bearer(token, "the captured token")
    world.judge.control(_CAPTURED, lambda: world.tasks.opens(bearer, "the attacker", person, task))


def must_end_as_declared(world: World, alias: str) -> None:
    """Raise Unmet unless the captured token ends within its declared lifetime.

    It is tried first: what opens nothing is dead, whatever it declares.
    """
    declared, by = declared_token(world.target), world.recall(Ended).by
    try:
        _must_be_refused(world, alias, f"the captured token after {by}")
    except Unmet as alive:
        if declared.dies_with_sign_out:
            raise
        bound = declared_bound("credentials.token", declared)
        captured_token_must_end(world, alias, bound, f"a token that outlives {by}", alive.exchanges)


def captured_token_must_end(
    world: World, alias: str, bound: Bound, what: str, exchanges: Sequence[Exchange] = ()
) -> None:
    """Raise Unmet unless the captured token, which is accepted, ends in time."""
    end, is_told = token_end(world, world.recall(CapturedToken))
    must_end_within(end, bound, what, exchanges)
    if is_told:
        world.notes.append(f"declared to live on until it ends, within {bound.seconds} s")
        return
    wait_out(world, end, what)
    _must_be_refused(world, alias, f"the captured token after the end that {end.source} declares")


def _must_be_refused(world: World, alias: str, what: str) -> None:
    bearer = world.deployment.access.bearer(world.recall(CapturedToken).value, "the captured token")
    person, task = world.person(alias), world.task_of(alias)
    attempt = world.tasks.attempt("list", "the attacker", bearer, person, task, what=what)
    world.judge.refuse_now(attempt, _CAPTURED)
