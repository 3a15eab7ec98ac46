"""One exchange of a refresh token, and what it yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from harness.core.blocker import Blocker
from harness.core.exchange import Exchange, is_safe
from harness.core.findings import NotApplicable, NotTested
from harness.deployment import csrf, held
from harness.deployment.credential import Credential
from harness.deployment.tampered import UNTAMPERED
from harness.profile.credentials import BodyRefresh, CookieRefresh
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from harness.deployment.people import Device
    from harness.deployment.tampered import Tampering
    from harness.scenario.world import World

_ATTACKER = "the attacker"


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


def refresh_on(world: World, device: Device, tampering: Tampering = UNTAMPERED) -> Yield:
    """Refresh as the device does, which keeps what comes."""
    given = _exchange(world, device, held_refresh(device), device.who, tampering)
    device.keep_cookies(given.answer)
    device.refresh_token = given.refresh or device.refresh_token
    return given


def present(world: World, device: Device, token: str) -> Yield:
    """Present a copy of the device's refresh token, as an attacker does."""
    return _exchange(world, device, token, _ATTACKER)


def present_alone(world: World, device: Device, token: str) -> Yield:
    """Present a token without cookies that could refresh as well."""
    _must_yield_tokens(world)
    credential = _credential(world, device, token, _ATTACKER, alone=True)
    return _yielded(world, world.deployment.call("refresh", _ATTACKER, _values(device, token), credential))


def present_together(world: World, device: Device, token: str, times: int) -> list[Yield]:
    """Present copies of the device's refresh token at the same moment.

    Returns what came of those that were answered.
    """
    _must_yield_tokens(world)
    values = _values(device, token)
    # Each with a CSRF token of its own: one may be good for one request.
    calls = [(values, _credential(world, device, token, _ATTACKER)) for _ in range(times)]
    came = world.deployment.call_together("refresh", _ATTACKER, calls)
    return [_yielded(world, answer) for answer in came if isinstance(answer, Exchange)]


def what_it_yields(world: World, device: Device, token: str, given: Yield) -> str | None:
    """What a presentation of the token yielded, in words.

    A new refresh token counts only where it works: that is tried.
    """
    if given.access is not None:
        return "a new access token"
    if given.refresh is None or given.refresh == token:
        return None
    works = present(world, device, given.refresh).access is not None
    return "a new refresh token, which yields an access token" if works else None


def _exchange(world: World, device: Device, token: str, who: str, tampering: Tampering = UNTAMPERED) -> Yield:
    _must_yield_tokens(world)
    credential = _credential(world, device, token, who)
    return _yielded(world, world.deployment.call("refresh", who, _values(device, token), credential, tampering))


def _must_yield_tokens(world: World) -> None:
    if world.target.profile.credentials.token is None:
        raise NotApplicable("The profile declares no access token that a refresh token could yield.")


def _yielded(world: World, answer: Exchange) -> Yield:
    world.remember(Answer(answer))
    access = held.token_in(world.target, answer, refreshed=True)
    return Yield(access, held.refresh_in(world.target, answer, reissued=True), answer)


def _values(device: Device, token: str) -> dict[str, str]:
    return {**device.person.values, "refresh_token": token}


def _credential(world: World, device: Device, token: str, who: str, *, alone: bool = False) -> Credential:
    operation, declared = world.deployment.operation("refresh"), world.target.profile.credentials.refresh
    match declared:
        case CookieRefresh(cookie=name):
            kept = device.jar.find(name, world.target.url(operation.base, operation.path))
            credential = Credential(who, {kept.name if kept is not None else name: token})
        case BodyRefresh() | None:
            credential = Credential(who)
        case _:
            assert_never(declared)
    if is_safe(operation.method):
        return credential
    # A page sends it with the request; an attacker with the cookies can read or fetch it too.
    with_csrf_token = csrf.without_cookies if alone else csrf.for_client
    return with_csrf_token(world.deployment, device, credential, operation.base, operation.path)
