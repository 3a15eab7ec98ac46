"""Session values of several sign-ins of one person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.deployment.credential import Credential
from harness.deployment.people import Device

if TYPE_CHECKING:
    from harness.scenario.world import World

ANOTHER_SECOND = 1.1
"""Seconds after which what is made of the time in whole seconds is another."""


@dataclass(frozen=True)
class SignIn:
    """What a sign-in gave: cookies that cache nothing, and the token."""

    name: str
    cookies: dict[str, str]
    token: str | None

    @classmethod
    def of(cls, world: World, name: str, device: Device) -> SignIn:
        """What the device holds now."""
        cookies = dict(world.deployment.access.browser_session(device).cookies)
        in_cookie = world.target.profile.credentials.session_cookie is not None
        return cls(name, cookies, None if in_cookie else device.access_token)


@dataclass(frozen=True)
class Repeated:
    """A pair of sign-ins that gave the same session."""

    earlier: SignIn
    later: SignIn


@dataclass(frozen=True)
class Pairs:
    """Sign-ins that gave the same session as one before them."""

    repeated: list[Repeated] = field(default_factory=list)


def sign_in_twice(world: World, alias: str, device_name: str) -> None:
    """Sign in, out and in again, and note a repeated session.

    Where the profile declares no sign-out it is only signed in twice.
    """
    pairs, name = world.setdefault(Pairs()), f"her {device_name}"
    first = SignIn.of(world, "her first device", world.device(alias, "first device"))
    laptop, second = _sign_in(world, alias, name, first, pairs)
    has_sign_out = world.target.profile.operations.sign_out is not None
    if not has_sign_out:
        world.notes.append("signed in twice without a sign-out, which the profile does not declare")
    _sign_in(world, alias, f"{name}, signed in again", second, pairs, ended=laptop if has_sign_out else None)


def _sign_in(
    world: World, alias: str, name: str, earlier: SignIn, pairs: Pairs, *, ended: Device | None = None
) -> tuple[Device, SignIn]:
    """Sign in and note a session value that came before.

    The session of the device that is to be ``ended`` is ended first. What is made of a whole second may rightly
    come twice in it: then it is done once more.
    """
    device, now = _fresh(world, alias, name, ended)
    if not _is_shared(world, alias, earlier, now):
        return device, now
    world.deployment.client.pause(ANOTHER_SECOND)
    device, now = _fresh(world, alias, name, device if ended is not None else None)
    if _is_shared(world, alias, earlier, now):
        pairs.repeated.append(Repeated(earlier, now))
    return device, now


def _fresh(world: World, alias: str, name: str, ended: Device | None) -> tuple[Device, SignIn]:
    if ended is not None:
        world.deployment.sessions.sign_out(ended)
    device = Device(world.person(alias), name.removeprefix("her "))
    world.deployment.sessions.sign_in_verified(device)
    return device, SignIn.of(world, name, device)


def _is_shared(world: World, alias: str, one: SignIn, other: SignIn) -> bool:
    """Whether what both sign-ins gave signs in."""
    if other.token is not None:
        return one.token == other.token
    shared = {name: value for name, value in other.cookies.items() if one.cookies.get(name) == value}
    credential = Credential("what two sign-ins share", shared)
    return bool(shared) and world.deployment.identity.is_session_of(world.person(alias), credential, "an attacker")


def must_be_new(world: World, alias: str) -> None:
    """Raise Unmet if two of the sign-ins gave the same session."""
    for pair in world.recall(Pairs).repeated:
        # No answer by itself shows it, and no script could.
        raise Unmet(
            f"that each of {alias}'s sign-ins opens a session of its own",
            f"{pair.earlier.name} and {pair.later.name} have the same session value",
        )
