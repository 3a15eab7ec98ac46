"""One exchange of a refresh token, and what it yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from harness.core.blocker import Blocker
from harness.core.exchange import is_safe
from harness.core.findings import NotApplicable, NotTested
from harness.deployment import csrf, held
from harness.deployment.credential import Credential
from harness.profile.credentials import BodyRefresh, CookieRefresh
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.scenario.world import World


@dataclass(frozen=True)
class Yield:
    """What the refresh operation gave for a refresh token."""

    access: str | None
    refresh: str | None
    """The next refresh token."""
    answer: Exchange


def held_refresh(device: Device) -> str:
    """The refresh token that a device holds.

    Raises NotTested when there is none.
    """
    if device.refresh_token is None:
        raise NotTested(
            f"sign-in handed {device.who} no refresh token where credentials.refresh says.",
            "Check credentials.refresh in the profile.",
            blocker=Blocker.UNFIT,
        )
    return device.refresh_token


def refresh_on(world: World, device: Device) -> Yield:
    """Refresh as the device does, which keeps what comes."""
    given = _exchange(world, device, held_refresh(device), device.who)
    device.keep_cookies(given.answer)
    device.refresh_token = given.refresh or device.refresh_token
    return given


def present(world: World, device: Device, token: str) -> Yield:
    """Present a copy of the device's refresh token, as an attacker does."""
    return _exchange(world, device, token, "the attacker")


def _exchange(world: World, device: Device, token: str, who: str) -> Yield:
    if world.target.profile.credentials.token is None:
        raise NotApplicable("The profile declares no access token that a refresh token could yield.")
    answer = _asked(world, device, token, who)
    world.remember(Answer(answer))
    access = held.token_in(world.target, answer, refreshed=True)
    return Yield(access, held.refresh_in(world.target, answer, reissued=True), answer)


def _asked(world: World, device: Device, token: str, who: str) -> Exchange:
    operation, declared = world.deployment.operation("refresh"), world.target.profile.credentials.refresh
    match declared:
        case CookieRefresh(cookie=name):
            kept = device.jar.find(name, world.target.url(operation.base, operation.path))
            credential = Credential(who, {kept.name if kept is not None else name: token})
        case BodyRefresh() | None:
            credential = Credential(who)
        case _:
            assert_never(declared)
    if not is_safe(operation.method):
        # A page sends it with the request; an attacker with the cookies can read or fetch it too.
        credential = csrf.for_client(world.deployment, device, credential, operation.base, operation.path)
    return world.deployment.call("refresh", who, {**device.person.values, "refresh_token": token}, credential)
