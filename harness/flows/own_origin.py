"""What a page of the deployment's own origin does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.findings import Unmet
from harness.deployment.people import Device
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.scenario.world import World


@dataclass(frozen=True)
class OwnPage:
    """The answers to the own page, and whether they had an effect."""

    signed_in: Exchange
    was_signed_in: bool
    signed_out: Exchange | None
    still_signed_in: bool


def sign_in_and_out(world: World, alias: str) -> None:
    """Sign in and out with the deployment's own origin."""
    person, sessions = world.person(alias), world.deployment.sessions
    device = Device(person, "own page")
    signed_in = sessions.sign_in(device)
    if not _is_signed_in(world, device, person):
        world.remember(OwnPage(signed_in, was_signed_in=False, signed_out=None, still_signed_in=False))
        return
    signed_out = sessions.sign_out(device)
    still = _is_signed_in(world, device, person)
    world.remember(OwnPage(signed_in, was_signed_in=True, signed_out=signed_out, still_signed_in=still))


def _is_signed_in(world: World, device: Device, person: Person) -> bool:
    session = world.deployment.access.browser_session(device)
    return world.deployment.identity.is_session_of(person, session, device.who)


def must_be_carried_out(world: World, alias: str) -> None:
    """Raise Unmet where the own origin was refused."""
    done, origin = world.recall(OwnPage), world.target.origin
    if not done.was_signed_in:
        came = f"it was answered {quoted(done.signed_in)}"
        raise Unmet(f"that a page of {origin}, the deployment's own, signs {alias} in", came, [done.signed_in])
    out = done.signed_out
    if out is not None and done.still_signed_in and httpx.codes.is_client_error(out.status):
        expected = f"that a page of {origin}, the deployment's own, signs {alias} out"
        raise Unmet(expected, f"it was answered {quoted(out)}", [out])
