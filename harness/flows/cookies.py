"""What scenarios about cookies do and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotTested, Unmet
from harness.deployment.credential import Credential
from harness.deployment.held import cookie_session

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World
    from harness.wire.cookies import SetCookie


@dataclass(frozen=True)
class SessionCookies:
    """The names of the cookies that sign their owner in."""

    owner: str
    names: list[str]


def find_authenticating(world: World, alias: str) -> None:
    """Find by elimination which of the person's cookies sign in.

    Raises NotTested when together they don't.
    """
    cookie_session(world.target)
    held = dict(world.session_of(alias).cookies)
    if not _cookies_sign_in(world, alias, held):
        raise NotTested(f"the control failed: {alias}'s cookies do not sign her in.")
    alone = [name for name, value in held.items() if _cookies_sign_in(world, alias, {name: value})]
    names = alone or _minimal(world, alias, held)
    if not names:
        raise NotTested(f"the control failed: {alias} is signed in without any cookie too, so none signs her in.")
    world.remember(SessionCookies(alias, names))


def _minimal(world: World, alias: str, held: dict[str, str]) -> list[str]:
    needed = dict(held)
    for name in held:
        without = {key: value for key, value in needed.items() if key != name}
        if _cookies_sign_in(world, alias, without):
            needed = without
    return list(needed)


def _cookies_sign_in(world: World, alias: str, cookies: dict[str, str]) -> bool:
    some = Credential("some of the cookies", cookies)
    return world.deployment.identity.is_session_of(world.person(alias), some, "an attacker")


def must_carry(world: World, attribute: str) -> None:
    """Raise Unmet if a cookie that signs in lacks the attribute.

    ``HttpOnly`` or ``Secure``.
    """
    found = world.recall(SessionCookies)
    jar = world.device(found.owner, "first device").jar
    for name in found.names:
        cookie = jar.named(name)
        if cookie is not None and attribute.lower() not in cookie.attributes:
            given = ", ".join(cookie.attributes) or "no attributes"
            expected = f'that the cookie "{name}", which signs in, is {attribute}'
            raise Unmet(expected, f"it was set with {given}", _that_set(world, cookie))


def _that_set(world: World, cookie: SetCookie) -> list[Exchange]:
    """The latest answer that set the cookie.

    It may be of an earlier scenario.
    """
    history = world.deployment.client.history
    return [exchange for exchange in history if cookie.raw in exchange.set_cookies][-1:]
