"""A refresh token after its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.flows.common import precondition
from harness.flows.refresh import control_refresh, must_have_yielded, present_dead
from harness.flows.refresh_exchange import held_refresh, refresh_on

if TYPE_CHECKING:
    from harness.scenario.world import World


def present_expired(world: World, alias: str, device_name: str) -> None:
    """Present the device's live refresh token after its end.

    Raises NotTested where one that lives yields nothing, before or after, EndOutOfReach where its end is too far.
    """
    device = world.device(alias, device_name)
    with precondition():
        must_have_yielded(world, refresh_on(world, device))
    token, how = world.expiry.end_refresh_token(device, held_refresh(device))
    world.notes.append(how)
    present_dead(world, device, token, f"a refresh token of {alias}'s after its end")
    control_refresh(world, alias, "phone")
