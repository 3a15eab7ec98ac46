"""What scenarios about cookies do and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotTested, Unmet
from harness.deployment.credential import Credential
from harness.deployment.held import cookie_session, session_url
from harness.deployment.tampered import Tampering
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World
    from harness.wire.cookies import SetCookie

_BORROWED = "borrowed computer"


@dataclass(frozen=True)
class SessionCookies:
    """The names of the cookies that sign their owner in.

    Each ``alone``, or only ``together``.
    """

    owner: str
    alone: list[str]
    together: list[str]


def find_authenticating(world: World, alias: str) -> None:
    """Find by elimination which of the person's cookies sign in.

    Raises NotTested when together they don't.
    """
    cookie_session(world.target)
    held = dict(world.browser_of(alias).cookies)
    if not _cookies_sign_in(world, alias, held):
        raise NotTested(f"the control failed: {alias}'s cookies do not sign her in.")
    alone = [name for name, value in held.items() if _cookies_sign_in(world, alias, {name: value})]
    together = [] if alone else world.deployment.identity.needed(world.person(alias), held)
    if not alone and not together:
        raise NotTested(f"the control failed: {alias} is signed in without any cookie too, so none signs her in.")
    world.remember(SessionCookies(alias, alone, together))


def _cookies_sign_in(world: World, alias: str, cookies: dict[str, str]) -> bool:
    some = Credential("some of the cookies", cookies)
    return world.deployment.identity.is_session_of(world.person(alias), some, "an attacker")


def must_carry(world: World, attribute: str) -> None:
    """Raise Unmet if what signs in lacks the attribute.

    ``HttpOnly`` or ``Secure``. Of cookies that sign in only together, one that no script reads keeps the session
    from it; in the clear none may travel.
    """
    found = world.recall(SessionCookies)
    lacking = [
        cookie
        for name in (*found.alone, *found.together)
        if (cookie := _kept(world, found.owner, name)) is not None and attribute.lower() not in cookie.attributes
    ]
    if not lacking or (attribute == "HttpOnly" and len(lacking) < len(found.together)):
        return
    cookie = lacking[0]
    given = ", ".join(cookie.attributes) or "no attributes"
    expected = f'that the cookie "{cookie.name}", which signs in, is {attribute}'
    raise Unmet(expected, f"it was set with {given}", _that_set(world, cookie))


def sign_in_for_once(world: World, alias: str) -> None:
    """Sign in on a borrowed computer, asking not to be remembered.

    Raises NotSignedIn where nobody is signed in by that.
    """
    cookie_session(world.target)
    wanted = world.target.profile.operations.sign_in.not_remembered or {}
    device = world.new_device(alias, _BORROWED)
    world.remember(Answer(world.deployment.sessions.sign_in_verified(device, Tampering(body=wanted))))


def close_browser(world: World, alias: str) -> None:
    """Close the browser of the borrowed computer.

    Cookies that end with it are gone.
    """
    world.device(alias, _BORROWED).jar.close_browser()


def must_not_be_remembered(world: World, alias: str) -> None:
    """Raise Unmet if the cookies that are left sign the person in."""
    device = world.device(alias, _BORROWED)
    left = dict(world.deployment.access.whole_jar(device).cookies)
    if not left or not _cookies_sign_in(world, alias, left):
        return
    name = world.deployment.identity.needed(world.person(alias), left)[0]
    cookie = device.jar.named(name, session_url(world.target))
    ending = f" ({cookie.ending})" if cookie is not None else ""
    raise Unmet(
        f"that {device.who}, on which she asked not to be remembered, forgets her when the browser closes",
        f'the cookie "{name}" outlives the browser{ending} and signs her in',
        [world.last()],
    )


def _kept(world: World, alias: str, name: str) -> SetCookie | None:
    return world.device(alias, "first device").jar.named(name, session_url(world.target))


def _that_set(world: World, cookie: SetCookie) -> list[Exchange]:
    """The latest answer that set the cookie.

    It may be of an earlier scenario.
    """
    history = world.deployment.client.history
    return [exchange for exchange in history if cookie.raw in exchange.set_cookies][-1:]
