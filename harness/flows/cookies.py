"""What scenarios about cookies do and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.credential import Credential
from harness.deployment.held import cookie_session

if TYPE_CHECKING:
    from harness.scenario.world import World


def find_authenticating(world: World, alias: str) -> None:
    """Find by elimination which of the person's cookies sign in. Raises NotTested when together they don't."""
    cookie_session(world.target)
    held = dict(world.session_of(alias).cookies)
    if not _cookies_sign_in(world, alias, held):
        raise NotTested(f"the control failed: {alias}'s cookies do not sign her in.")
    alone = [name for name, value in held.items() if _cookies_sign_in(world, alias, {name: value})]
    world.authenticating = alone or _minimal(world, alias, held)


def _minimal(world: World, alias: str, held: dict[str, str]) -> list[str]:
    needed = dict(held)
    for name in held:
        without = {key: value for key, value in needed.items() if key != name}
        if _cookies_sign_in(world, alias, without):
            needed = without
    return list(needed)


def _cookies_sign_in(world: World, alias: str, cookies: dict[str, str]) -> bool:
    some = Credential("some of the cookies", cookies)
    return world.deployment.is_session_of(world.person(alias), some, "somebody")


def must_carry(world: World, alias: str, attribute: str) -> None:
    """Raise Unmet when a cookie that signs in lacks the attribute (``HttpOnly`` or ``Secure``)."""
    if not world.authenticating:
        raise HarnessError("no step found out which cookies sign in")
    jar = world.device(alias, "first device").jar
    for name in world.authenticating:
        cookie = jar.named(name)
        if cookie is not None and attribute.lower() not in cookie.attributes:
            given = ", ".join(cookie.attributes) or "no attributes"
            raise Unmet(f'that the cookie "{name}", which signs in, is {attribute}', f"it was set with {given}")
