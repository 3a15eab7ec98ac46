"""Refresh tokens that may be used again for some seconds.

The profile declares it. A response can be lost, so a deployment may take a used token again within its reuse
interval, for the same successor or for a sibling of it. After the interval a used token yields nothing, and its
use ends the family. Before that is judged the successor is used as well: that shows that the family lives, and a
deployment may make an exception for the token just before the live one.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.quotation import quoted
from harness.deployment.refusal import ControlFailed
from harness.flows.refresh_exchange import Yield, held_refresh, present, refresh_on

if TYPE_CHECKING:
    from harness.deployment.people import Device
    from harness.scenario.world import World


@dataclass(frozen=True)
class Family:
    """A used refresh token, and the device that has its successor.

    ``sibling`` came when the token was used again within the interval.
    """

    device: Device
    used: str
    used_at: float
    sibling: str | None
    works_again: bool
    """Whether it yielded something when it was used again at once."""


@dataclass
class SpareFamilies:
    """Families that were used beside a scenario's own.

    A later scenario takes one, whose interval has passed by then.
    """

    by_alias: dict[str, Family | None] = field(default_factory=dict)


def interval(world: World) -> int | None:
    """Seconds in which a used token may be used again, as declared."""
    declared = world.target.profile.credentials.refresh
    return declared.reuse_interval if declared is not None else None


def use(world: World, device: Device) -> tuple[Yield, Family]:
    """Refresh on the device, and use the same token once more."""
    used = held_refresh(device)
    given = refresh_on(world, device)
    used_at = time.time()
    again = present(world, device, used) if given.access is not None else Yield(None, None, given.answer)
    sibling = again.refresh if again.refresh != device.refresh_token else None
    return given, Family(device, used, used_at, sibling, again.access is not None or again.refresh is not None)


def leave_spare(world: World, alias: str) -> None:
    """Use a refresh token of another person as well.

    Both intervals pass together then. Of another person, since a sign-in may end this one's other sessions.
    """
    spares = world.cast.memory.setdefault(SpareFamilies()).by_alias
    if alias in spares:
        return
    spares[alias] = None
    with contextlib.suppress(Unavailable, NoAnswer):
        device = world.cast.throwaway(alias).device("first device")
        if device.refresh_token is not None:
            _, family = use(world, device)
            spares[alias] = family if family.works_again else None


def take_spare(world: World, alias: str) -> Family | None:
    """A family that an earlier scenario used; each is taken once."""
    spares = world.cast.memory.setdefault(SpareFamilies()).by_alias
    spare = spares.get(alias)
    if spare is not None:
        spares[alias] = None
    return spare


def wait_out(world: World, family: Family, seconds: int) -> None:
    """Wait until the used token's interval is over.

    One that is refused at once has none.

    Raises ControlFailed when its successor yields nothing then: nothing would show whose end that is.
    """
    if not family.works_again:
        return
    what = f"the reuse interval of {seconds} s (credentials.refresh.reuse_interval)"
    world.expiry.wait_out(family.used_at + seconds, what)
    given = refresh_on(world, family.device)
    if given.access is None:
        raise ControlFailed(
            f"the control failed: after the reuse interval of {seconds} s {family.device.who}'s live refresh "
            f"token yielded nothing ({quoted(given.answer)}), so a refusal of the used one proves nothing.",
            "",
            [given.answer],
        )
    world.notes.append(f"presented after the declared reuse interval of {seconds} s")
