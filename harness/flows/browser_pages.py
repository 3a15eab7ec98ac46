"""Who sees a person's data in a browser.

Before and after sign-out, another user, an anonymous client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from harness.core.findings import NotTested
from harness.flows.browser import SETTLING, at_protected, browsers, open_window, shows_own, submit_sign_in
from harness.flows.common import precondition
from harness.wire.cookies import is_address

if TYPE_CHECKING:
    from harness.browser.window import Window
    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.profile.pages import Pages
    from harness.scenario.world import World
    from harness.wire.cookies import Kept

PROTECTED = "the protected page in a browser"
"""The control for clients that must not see it."""

_BACK_LIMIT = 10
"""How often Back is pressed at most; no scenario visits more pages."""

_TURNED_AWAY = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND)


def note_control(world: World, alias: str) -> None:
    """Note that the browser showed the person's data: the control."""
    window = open_window(world)
    exchange = window.exchanges[-1]
    world.judge.control(own_key(alias), lambda: exchange)


def own_key(alias: str) -> str:
    """The name of the control that a browser showed the person's data."""
    return f"{alias}'s own in a browser"


def open_own_page(world: World, alias: str) -> None:
    """Open the protected page with the person's session: the control.

    Raises NotTested if it does not show the person's data.
    """
    person, path = world.person(alias), world.deployment.pages.protected[0]
    window = browsers(world).open(f"{alias}'s browser")
    window.add_cookies(cookies_of(world.device(alias, "first device")))
    with precondition():
        window.open(path)
        if not window.wait(lambda: window.at(path) and shows_own(world, window, person)):
            raise window.not_shown(f"that a browser with {alias}'s session shows {alias}'s own at {path}")
    note_control(world, alias)


def must_show_nothing_of(world: World, alias: str) -> None:
    """Raise Unmet if the settled page still shows the person's data."""
    window, person = open_window(world), world.person(alias)
    world.judge.needs(own_key(alias))
    if not window.wait(lambda: not window.shows(person.canaries), SETTLING):
        private = window.holds(person.canaries) or ""
        raise window.unmet(f"that nothing of {alias}'s can be seen any more", _seen(window, alias, private))


def go_back(world: World) -> None:
    """Press the Back button."""
    open_window(world).back()


def take_over(world: World, alias: str, before: str) -> None:
    """Sign in in another user's browser, watching for that user's data.

    Raises NotTested where that user is still signed in there.
    """
    window, pages = open_window(world), world.deployment.pages
    window.watch_for(world.person(before).canaries)
    window.open(pages.sign_in)
    if at_protected(window, pages):
        raise NotTested(
            f"{before} is still signed in after the sign-out button: {pages.sign_in} leads to {window.path}.",
            "The scenario about the sign-out button says what is wrong.",
            window.exchanges[-1:],
        )
    submit_sign_in(world, window, world.person(alias))


def must_have_kept_apart(world: World, alias: str) -> None:
    """Raise Unmet if the person's data appears to the next user.

    Going back included.
    """
    window, canaries = open_window(world), world.person(alias).canaries
    world.judge.needs(own_key(alias))
    for _ in range(_BACK_LIMIT):
        if (private := private_text(window, canaries)) is not None:
            expected = f"that nothing of {alias}'s appears once another user has signed in"
            raise window.unmet(expected, _seen(window, alias, private))
        if not window.back():
            return


def private_text(window: Window, canaries: list[str]) -> str | None:
    """The first private text that appeared while watched, or is there."""
    return next(iter(window.appeared), None) or window.holds(canaries)


def _seen(window: Window, alias: str, private: str) -> str:
    return f"{alias}'s private text {private} was on the page at {window.page.url}"


def control_protected_page(world: World, alias: str) -> None:
    """Note that a browser with the person's session shows the protected page.

    Raises NotTested if not.
    """
    person, path = world.person(alias), world.deployment.pages.protected[0]
    device = world.device(alias, "first device")

    def check() -> Exchange:
        with browsers(world).temporary(device.who) as window:
            window.add_cookies(cookies_of(device))
            window.open(path)
            if not window.wait(lambda: window.at(path) and shows_own(world, window, person)):
                raise window.not_shown(f"that a browser with {alias}'s session shows {alias}'s own at {path}")
            return window.exchanges[-1]

    world.judge.control(PROTECTED, check)


def cookies_of(device: Device) -> list[dict[str, Any]]:
    """The device's cookies, as Playwright takes them."""
    return [
        {"name": kept.name, "value": kept.value, "secure": kept.cookie.secure, **_place_of(kept)}
        for kept in device.jar.alive
    ]


def _place_of(kept: Kept) -> dict[str, str]:
    if ":" in kept.host:
        # Chromium wants an IPv6 address as it stands in URLs.
        return {"domain": f"[{kept.host}]", "path": kept.path}
    is_domain = not kept.host_only and not is_address(kept.host)
    return {"domain": f".{kept.host}" if is_domain else kept.host, "path": kept.path}


def open_anonymously(world: World) -> None:
    """Open the protected page in a browser without cookies."""
    window = browsers(world).open("an anonymous browser")
    window.open(world.deployment.pages.protected[0])


def must_be_turned_away(world: World, alias: str) -> None:
    """Raise Unmet unless the browser was turned away without the person's data.

    To sign-in, or by a refusal.
    """
    window, person, pages = open_window(world), world.person(alias), world.deployment.pages
    world.judge.needs(PROTECTED)
    turned_away = window.wait(lambda: is_sent_away(window, pages))
    if (private := window.holds(person.canaries)) is not None:
        raise window.unmet(
            f"that nothing of {alias}'s is on a page for anonymous clients", _seen(window, alias, private)
        )
    if not turned_away:
        raise window.unmet(f"that an anonymous client is sent from {pages.protected[0]} to {pages.sign_in}")
    world.judge.control(PROTECTED, world.judge.controls[PROTECTED])


def is_sent_away(window: Window, pages: Pages) -> bool:
    """Whether the window is at sign-in or its form, or refused."""
    return window.at(pages.sign_in) or window.asks_for_password() or _refused(window)


def _refused(window: Window) -> bool:
    documents = [one for one in window.exchanges if one.url == window.page.url and one.method == "GET"]
    return bool(documents) and documents[-1].status in _TURNED_AWAY


def must_ask_to_sign_in(world: World) -> None:
    """Raise Unmet unless the protected page now turns the browser away.

    To sign-in, or by a refusal.
    """
    window, pages = open_window(world), world.deployment.pages
    window.open(pages.protected[0])
    if not window.wait(lambda: is_sent_away(window, pages)):
        raise window.unmet(f"that {pages.protected[0]} leads to {pages.sign_in} after sign-out")
