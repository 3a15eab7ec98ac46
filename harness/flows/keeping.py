"""What scenarios about cookies and caches do and demand."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.held import cookie_session
from harness.deployment.request import Credential

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World


def find_authenticating(world: World, alias: str) -> None:
    """Find by elimination which of the person's cookies sign in. Raises NotTested when together they don't."""
    cookie_session(world.target)
    held = dict(world.session_of(alias).cookies)
    if not _signs_in(world, alias, held):
        raise NotTested(f"the control failed: {alias}'s cookies do not sign her in.")
    alone = [name for name, value in held.items() if _signs_in(world, alias, {name: value})]
    world.authenticating = alone or _minimal(world, alias, held)


def _minimal(world: World, alias: str, held: dict[str, str]) -> list[str]:
    needed = dict(held)
    for name in held:
        without = {key: value for key, value in needed.items() if key != name}
        if _signs_in(world, alias, without):
            needed = without
    return list(needed)


def _signs_in(world: World, alias: str, cookies: dict[str, str]) -> bool:
    identity = world.deployment.who_is(Credential("some of the cookies", cookies), "somebody")
    return identity is not None and identity.email.lower() == world.person(alias).email.lower()


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


def must_not_be_shared(world: World, alias: str) -> None:
    """Raise Unmet when a shared cache may keep the answer (RFC 9111 section 3) that holds the person's data."""
    if not world.judge.controls:
        raise HarnessError("nothing showed that the answer holds anything private")
    answer = world.last()
    allowance = shared_storage(answer)
    if allowance is not None:
        raise Unmet(f"that no shared cache may keep {alias}'s {answer.url}", f"it says {allowance}", [answer])


def shared_storage(exchange: Exchange) -> str | None:
    """What allows a shared cache to keep an answer; None when nothing does."""
    control = ", ".join(exchange.all_headers("cache-control")).lower()
    if re.search(r"\b(no-store|private)\b", control):
        return None
    authorized = any(name.lower() == "authorization" for name, _ in exchange.request_headers)
    if re.search(r"\bpublic\b|\bs-maxage\s*=\s*\"?[1-9]", control):
        return f"Cache-Control: {control}"
    # Authorization protects an answer, unless must-revalidate says otherwise as well (RFC 9111 section 3.5).
    open_to_all = not authorized or "must-revalidate" in control
    if open_to_all and re.search(r"\bmax-age\s*=\s*\"?[1-9]", control):
        return f"Cache-Control: {control}, and not private"
    expires = exchange.header("expires")
    if not authorized and not control and expires is not None and _in_future(expires):
        return f"Expires: {expires}, and nothing that makes it private"
    return None


def _in_future(date: str) -> bool:
    try:
        return parsedate_to_datetime(date).timestamp() > time.time()
    except ValueError:
        return False
