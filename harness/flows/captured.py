"""A captured session or access token, replayed where it must have ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, Unmet
from harness.deployment import held
from harness.deployment.held import declared_token
from harness.flows.common import Ended, OnlySession
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.deployment.credential import Credential
    from harness.deployment.people import Device
    from harness.scenario.world import World


@dataclass(frozen=True)
class CapturedSession:
    """A frozen copy of a device's session.

    ``values`` are the token's own, or its cookies': several where these are needed together.
    """

    device: Device
    credential: Credential
    values: tuple[str, ...]

    def with_value(self, old: str, new: str, label: str) -> Credential:
        """The session with one of its values replaced."""
        cookies = self.credential.cookies
        name = next((name for name, value in cookies.items() if value == old), None)
        if name is None:
            return self.credential.with_value(old, new, label)
        return replace(self.credential, label=label, cookies={**cookies, name: new})


@dataclass(frozen=True)
class OpenedPlaces:
    """The places that the captured session was seen to open."""

    places: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CapturedToken:
    """A copy of an access token."""

    value: str


def capture(world: World, alias: str, device_name: str) -> None:
    """Take a frozen copy of the device's session."""
    device = world.device(alias, device_name)
    values = held.session_values(world.target, device)
    world.remember(CapturedSession(device, world.deployment.access.captured_session(device), values))


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
    stateless = world.target.profile.stateless_session
    if world.remembers(Ended) and stateless is not None:
        raise NotApplicable(
            "The profile declares that a session can't be revoked and lives on until it ends, within "
            f"{stateless.max_lifetime} s (after_sign_out, max_lifetime)."
        )
    what = f"the captured session at the {place}"
    attempt = world.places[place].attempt("the attacker", captured.credential, world.person(alias), what)
    world.judge.refuse_now(attempt, key)


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

    Raises NotTested if it doesn't.
    """
    device, person = world.device(alias, device_name), world.person(alias)
    token = world.deployment.access.access_token(device)
    world.remember(CapturedToken(token))
    task = world.task_of(alias)
    bearer = world.deployment.access.bearer(token, "the captured token")
    world.judge.control(_CAPTURED, lambda: world.tasks.opens(bearer, "the attacker", person, task))


def must_end_as_declared(world: World, alias: str) -> None:
    """Raise Unmet unless the captured token ends within its declared lifetime."""
    declared, token = declared_token(world.target), world.recall(CapturedToken).value
    if not declared.dies_with_sign_out and declared.is_jwt:
        world.judge.needs(_CAPTURED)
        _must_end_soon(Jwt.parse(token), declared.max_lifetime)
        world.notes.append(f"declared to live on until it ends, within {declared.max_lifetime} s")
        return
    bearer = world.deployment.access.bearer(token, "the captured token")
    what = f"the captured token after {world.recall(Ended).by}"
    person, task = world.person(alias), world.task_of(alias)
    attempt = world.tasks.attempt("list", "the attacker", bearer, person, task, what=what)
    world.judge.refuse_now(attempt, _CAPTURED)


def _must_end_soon(token: Jwt, limit: float) -> None:
    ends = token.claims.get("exp")
    left = float(ends) - time.time() if isinstance(ends, int | float) else float("inf")
    if left > limit:
        raise Unmet(
            f"that a token which outlives sign-out ends within {limit:.0f} s (credentials.token.max_lifetime)",
            "it never ends" if left == float("inf") else f"it lives {left:.0f} s more",
        )
