"""What scenarios about sign-out do and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.deployment.held import cookie_session

if TYPE_CHECKING:
    from harness.scenario.world import World


_COOKIE = "session cookie on the device"


def control_cookie(world: World, alias: str, device_name: str) -> None:
    """Note that the device holds a session cookie that signs in.

    Raises NotTested when it doesn't.
    """
    cookie_session(world.target)
    device = world.device(alias, device_name)
    held = world.deployment.access.captured_session(device)
    check = world.places["session endpoint"].control(device.who, held, world.person(alias))
    world.judge.control(_COOKIE, check)


def must_hold_no_cookie(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet if the device's jar still has a session cookie."""
    world.judge.needs(_COOKIE)
    device = world.device(alias, device_name)
    cookie = device.jar.find(cookie_session(world.target).cookie)
    if cookie is not None and cookie.value:
        raise Unmet(
            "that signing out clears the session cookie",
            f'the browser still holds "{cookie.name}"; a deletion must repeat its name, Path and Domain',
            [world.last()],
        )
