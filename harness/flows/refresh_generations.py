"""Refresh tokens that were used several generations ago."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.flows.refresh import must_have_yielded, present_dead
from harness.flows.refresh_exchange import held_refresh, refresh_on
from harness.flows.refresh_family import Family, interval, wait_out

if TYPE_CHECKING:
    from harness.deployment.people import Device
    from harness.scenario.world import World

_TIMES = 3
"""How often is refreshed: the token just before the live one is another requirement's."""


@dataclass(frozen=True)
class Generations:
    """The refresh tokens that a device has used, oldest first."""

    device: Device
    used: list[str]
    used_at: float


def refresh_several_times(world: World, alias: str) -> None:
    """Refresh on the laptop, each time with what the last one gave.

    Raises Unmet when a live refresh token yields nothing.
    """
    device = world.device(alias, "laptop")
    used = []
    for _ in range(_TIMES):
        used.append(held_refresh(device))
        must_have_yielded(world, refresh_on(world, device))
    world.remember(Generations(device, used, time.time()))


def present_earlier(world: World) -> None:
    """Present the first and the second of the used refresh tokens.

    After the reuse interval, where one is declared.
    """
    kept = world.recall(Generations)
    if (seconds := interval(world)) is not None:
        wait_out(world, Family(kept.device, kept.used[-1], kept.used_at, None, works_again=True), seconds)
    for token, ago in zip(kept.used, ("three", "two"), strict=False):
        present_dead(world, kept.device, token, f"a refresh token of {ago} generations ago")
