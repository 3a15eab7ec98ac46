"""What scenarios about sign-out do and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.deployment.credential import Credential
from harness.deployment.held import cookie_session, session_url
from harness.wire.cookies import bare_name

if TYPE_CHECKING:
    from harness.scenario.world import World
    from harness.wire.cookies import Kept


_COOKIE = "session cookie on the device"


@dataclass(frozen=True)
class HeldCookies:
    """The session cookies that a device held before sign-out, by name."""

    values: dict[str, str]


def control_cookie(world: World, alias: str, device_name: str) -> None:
    """Note that the device holds a session cookie that signs in.

    Raises NotTested when it doesn't.
    """
    cookie_session(world.target)
    device = world.device(alias, device_name)
    held = world.deployment.access.captured_session(device)
    check = world.places["session endpoint"].control(device.who, held, world.person(alias))
    world.judge.control(_COOKIE, check)
    world.remember(HeldCookies(dict(held.cookies)))


def must_hold_no_cookie(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet if the session's cookies stay, or what stays signs in.

    A fresh value that signs no user in, such as that of a guest's session, is right.
    """
    world.judge.needs(_COOKIE)
    before, left = world.recall(HeldCookies).values, _left(world, alias, device_name)
    if not left:
        return
    expected = "that signing out clears the session cookie"
    if before.items() <= {(kept.name, kept.value) for kept in left}:
        name = next(iter(before))
        came = f'the browser still holds "{name}"; a deletion must repeat its name, Path and Domain'
        raise Unmet(expected, came, [world.last()])
    cookies = {kept.name: kept.value for kept in reversed(left)}
    remaining = Credential("what is left", cookies)
    identity = world.deployment.identity.who_is(remaining, "the next user of the browser")
    if identity is not None:
        came = f"the browser still holds {', '.join(cookies)}, which signs in as {identity.called}"
        raise Unmet(expected, came, [world.last()])


def _left(world: World, alias: str, device_name: str) -> list[Kept]:
    names, jar = cookie_session(world.target).cookies, world.device(alias, device_name).jar
    there = [kept for kept in jar.sent_to(session_url(world.target)) if kept.value]
    return [kept for kept in there if bare_name(kept.name) in names]
