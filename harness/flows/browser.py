"""The windows of a scenario's people, and how they sign in there."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.browser.forms import Form, sign_in_form
from harness.core.exchange import NoAnswer
from harness.core.findings import HarnessError
from harness.deployment.marks import marks_of, shown_in
from harness.deployment.people import Device

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.browser.pool import Browsers
    from harness.browser.window import Window
    from harness.deployment.people import Person
    from harness.profile.pages import Pages
    from harness.scenario.world import World

SETTLING = 2.0
"""Seconds in which a page that must not show something may still take it away."""


def browsers(world: World) -> Browsers:
    """The browsers of this process.

    Raises HarnessError in a world that was made without.
    """
    if world.browsers is None:
        raise HarnessError("this scenario wants a browser and the world was made without one")
    return world.browsers


def open_window(world: World) -> Window:
    """The window that is open. Raises HarnessError when none is."""
    return browsers(world).current


def sign_in(world: World, alias: str, path: str | None = None) -> Window:
    """Sign in on the sign-in page in a browser of one's own.

    Or on another path that leads there.
    """
    window = browsers(world).open(f"{alias}'s browser")
    window.open(path or world.deployment.pages.sign_in)
    submit_sign_in(world, window, world.person(alias))
    return window


def sign_in_on_page(world: World, alias: str) -> None:
    """Sign in in the open browser, whatever it was used for before."""
    window = open_window(world)
    window.open(world.deployment.pages.sign_in)
    submit_sign_in(world, window, world.person(alias))


def submit_sign_in(world: World, window: Window, person: Person) -> None:
    """Fill in and submit the sign-in form of the window's page.

    Raises LockedOut where the right password is refused because of wrong ones before it.
    """
    pages, person.in_doubt = world.deployment.pages, True
    submit_typed(world, window, sign_in_form(pages, person.values))
    if window.left_for is None and not at_protected(window, pages):
        with contextlib.suppress(NoAnswer):
            world.deployment.sessions.sign_in(Device(person, "second device"))


def submit_typed(world: World, window: Window, form: Form, refused: Callable[[], bool] = lambda: False) -> None:
    """Submit the sign-in form with what is to be typed.

    Waits until the window is at a protected page, or ``refused`` is true.
    """
    pages = world.deployment.pages
    world.deployment.asked["sign_in"] += 1

    def settled() -> bool:
        return window.left_for is not None or at_protected(window, pages) or refused()

    window.submit(form, settled)


def at_protected(window: Window, pages: Pages) -> bool:
    """Whether the window is where only a signed-in person gets."""
    return any(window.at(path) for path in (pages.after_sign_in, *pages.protected))


def hand_over(window: Window, device: Device) -> None:
    """Give a device the browser's cookies, for what only HTTP can tell.

    Each keeps its domain and path.
    """
    for cookie in window.cookies():
        domain, scheme = cookie["domain"], "https" if cookie["secure"] else "http"
        header = f"{cookie['name']}={cookie['value']}; Path={cookie['path']}"
        header += f"; Domain={domain}" if domain.startswith(".") else ""
        header += "; HttpOnly" if cookie["httpOnly"] else ""
        header += "; Secure" if cookie["secure"] else ""
        left = cookie.get("expires", -1) - time.time()
        header += f"; Max-Age={left:.0f}" if left > 0 else ""
        device.jar.store([header], f"{scheme}://{domain.removeprefix('.')}/")
    device.visited = tuple(f"{one.method} {urlsplit(one.url).path}" for one in window.exchanges)


def must_show(world: World, alias: str) -> None:
    """Raise Unmet unless the browser shows the person's protected page."""
    window, pages, person = open_window(world), world.deployment.pages, world.person(alias)
    expected = f"that the browser shows {alias}'s own at {pages.after_sign_in}"
    if not window.wait(lambda: at_protected(window, pages)):
        raise window.not_shown(expected)
    if window.wait(lambda: shows_own(world, window, person)):
        return
    if person.tasks:
        raise window.not_shown(expected)
    # A page may show no names; a task it shows.
    world.give_task(alias)
    window.reload()
    if not window.wait(lambda: shows_own(world, window, person)):
        raise window.not_shown(expected)


def shows_own(world: World, window: Window, person: Person) -> bool:
    """Whether the window shows whose page it is.

    An address in a form that asks for a password was typed there, and shows nothing.
    """
    if window.shows([task.canary for task in person.tasks]):
        return True
    marks = marks_of(world.target.profile, person)
    # A style sheet may show it in upper case.
    return not window.asks_for_password() and shown_in(window.text(), marks) is not None
