"""What scenarios in a browser do and demand."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.accounts import FOREIGN_DESTINATION
from harness.deployment.credential import Credential
from harness.flows.common import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.browser.pool import Browsers
    from harness.browser.window import Window
    from harness.core.exchange import Exchange
    from harness.deployment.people import Device, Person
    from harness.profile.profile import Pages
    from harness.scenario.world import World


PROTECTED = "the protected page in a browser"
"""The control for whoever must not see it there."""

SETTLING = 2.0
"""Seconds in which a page that must not show something may still take it away."""

_BACK_LIMIT = 10
"""How often Back is pressed at most; no scenario visits more pages."""

_TURNED_AWAY = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND)


def browsers(world: World) -> Browsers:
    """The browsers of this process. Raises HarnessError in a world that was made without."""
    if world.browsers is None:
        raise HarnessError("this scenario wants a browser and the world was made without one")
    return world.browsers


def open_window(world: World) -> Window:
    """The window that is open. Raises HarnessError when none is."""
    return browsers(world).current


def pages_of(world: World) -> Pages:
    """The profile's pages. Raises NotApplicable when the deployment has none."""
    return world.deployment.pages


@contextlib.contextmanager
def precondition() -> Iterator[None]:
    """What a scenario only needs is not what it judges."""
    try:
        yield
    except Unmet as failed:
        raise NotTested(f"expected {failed.expected} first; {failed.came}.", "", failed.exchanges) from failed


# --- signing up, in and out ---


def sign_up(world: World, alias: str) -> None:
    """Fill in the sign-up form as somebody new, and sign in on the page where sign-up alone doesn't."""
    pages, person = pages_of(world), world.introduce(world.cast.imagine(alias))
    window = browsers(world).open(f"{alias}'s browser")
    window.open(pages.sign_up)
    values = {pages.email: person.email, pages.password: person.password}
    if pages.name is not None:
        values = {pages.name: person.name, **values}
    signs_in = world.target.profile.operations.sign_up.signs_in
    world.deployment.asked["sign_up"] += 1
    window.submit(values, pages.sign_up_button, lambda: not window.at(pages.sign_up))
    if not signs_in:
        sign_in_on_page(world, alias)
    elif not window.wait(lambda: window.at(pages.after_sign_in)):
        raise window.unmet(f"that {alias}, signing up on {pages.sign_up}, gets to {pages.after_sign_in}")
    person.has_account = True
    _hand_over(window, person.device("first device"))


def sign_in(world: World, alias: str, path: str | None = None) -> Window:
    """Sign in on the sign-in page, or another path that leads there, in a browser of one's own."""
    window = browsers(world).open(f"{alias}'s browser")
    window.open(path or pages_of(world).sign_in)
    _submit_sign_in(world, window, world.person(alias))
    return window


def sign_in_on_page(world: World, alias: str) -> None:
    """Sign in in the browser that is open, whoever used it before."""
    window = open_window(world)
    window.open(pages_of(world).sign_in)
    _submit_sign_in(world, window, world.person(alias))


def sign_in_where_sent(world: World, alias: str) -> None:
    """Sign in on the page that the browser was sent to."""
    _submit_sign_in(world, open_window(world), world.person(alias))


def _submit_sign_in(world: World, window: Window, person: Person, password: str | None = None) -> bool:
    pages = pages_of(world)
    values = {pages.email: person.email, pages.password: password or person.password}
    world.deployment.asked["sign_in"] += 1

    def settled() -> bool:
        return window.left_for is not None or _at_protected(window, pages)

    return window.submit(values, pages.sign_in_button, settled)


def _at_protected(window: Window, pages: Pages) -> bool:
    return any(window.at(path) for path in (pages.after_sign_in, *pages.protected))


def be_signed_in(world: World, alias: str, device: str) -> None:
    """Sign in on the page and see one's own; the device gets the browser's cookies. Raises NotTested if not."""
    with precondition():
        window = sign_in(world, alias)
        must_show(world, alias)
    _hand_over(window, world.new_device(alias, device))
    _note_control(world, alias)


def _note_control(world: World, alias: str) -> None:
    """Note that the person's browser showed the person's own, which is what must not be seen later."""
    window = open_window(world)
    exchange = window.exchanges[-1]
    world.judge.control(_own(alias), lambda: exchange)


def _own(alias: str) -> str:
    return f"{alias}'s own in a browser"


def _hand_over(window: Window, device: Device) -> None:
    """Give a device the browser's cookies, for what only HTTP can tell."""
    url = window.deployment.target.url("web", "/")
    for cookie in window.cookies():
        header = f"{cookie['name']}={cookie['value']}; Path={cookie['path']}"
        header += f"; Domain={cookie['domain']}" if cookie["domain"].startswith(".") else ""
        header += "; HttpOnly" if cookie["httpOnly"] else ""
        header += "; Secure" if cookie["secure"] else ""
        device.jar.store([header], url)


def press_sign_out(world: World) -> None:
    """Press the sign-out button and wait until the page is left; where it leads is free."""
    window, pages = open_window(world), pages_of(world)
    window.press(pages.sign_out_button)
    world.remember(Ended("sign-out"))
    window.wait(lambda: not _at_protected(window, pages))


def be_signed_out(world: World) -> None:
    """Sign out with the button. Raises NotTested when that does not leave the protected page."""
    with precondition():
        press_sign_out(world)
        if _at_protected(open_window(world), pages_of(world)):
            raise open_window(world).unmet("that the sign-out button leads away from the protected page")


# --- what a browser shows ---


def must_show(world: World, alias: str) -> None:
    """Raise Unmet unless the browser is at a protected page and shows the person's own."""
    window, pages, person = open_window(world), pages_of(world), world.person(alias)
    expected = f"that the browser shows {alias}'s own at {pages.after_sign_in}"
    if not window.wait(lambda: _at_protected(window, pages)):
        raise window.unmet(expected)
    if window.wait(lambda: window.shows(person.canaries)):
        return
    if person.tasks:
        raise window.unmet(expected)
    # A page may show no names; a task it shows.
    world.give_task(alias)
    window.reload()
    if not window.wait(lambda: window.shows(person.canaries)):
        raise window.unmet(expected)


def must_show_after_reload(world: World) -> None:
    """Raise Unmet unless the page that was there is still there when it is loaded again."""
    window = open_window(world)
    owner = next((person for person in world.people.values() if window.shows(person.canaries)), None)
    if owner is None:
        raise HarnessError("nobody's page is there to be loaded again")
    window.reload()
    must_show(world, owner.alias)


def go_back(world: World) -> None:
    """Press the Back button."""
    open_window(world).back()


def must_show_nothing_of(world: World, alias: str) -> None:
    """Raise Unmet when something of the person's can still be seen once the page has settled."""
    window, person = open_window(world), world.person(alias)
    world.judge.needs(_own(alias))
    if not window.wait(lambda: not window.shows(person.canaries), SETTLING):
        private = window.holds(person.canaries) or ""
        raise window.unmet(f"that nothing of {alias}'s can be seen any more", _seen(window, alias, private))


def take_over(world: World, alias: str, before: str) -> None:
    """Sign in in the browser that somebody else used before, watching for what is that person's."""
    open_window(world).watch_for(world.person(before).canaries)
    sign_in_on_page(world, alias)


def must_have_kept_apart(world: World, alias: str) -> None:
    """Raise Unmet when the person's own appeared since somebody else took over, also when going back."""
    window, canaries = open_window(world), world.person(alias).canaries
    world.judge.needs(_own(alias))
    for _ in range(_BACK_LIMIT):
        private = next(iter(window.appeared), None) or window.holds(canaries)
        if private is not None:
            expected = f"that nothing of {alias}'s appears once somebody else has signed in"
            raise window.unmet(expected, _seen(window, alias, private))
        if not window.back():
            return


def _seen(window: Window, alias: str, private: str) -> str:
    return f"{alias}'s private text {private} was on the page at {window.page.url}"


# --- who must not get in ---


def control_protected_page(world: World, alias: str) -> None:
    """Note that a browser with the person's session shows the protected page. Raises NotTested if not."""
    person, path = world.person(alias), pages_of(world).protected[0]
    device = world.device(alias, "first device")

    def check() -> Exchange:
        with browsers(world).temporary(device.who) as window:
            window.add_cookies(_cookies_of(world, device))
            window.open(path)
            if not window.wait(lambda: window.at(path) and window.shows(person.canaries)):
                raise window.unmet(f"that a browser with {alias}'s session shows {alias}'s own at {path}")
            return window.exchanges[-1]

    world.judge.control(PROTECTED, check)


def _cookies_of(world: World, device: Device) -> list[dict[str, Any]]:
    url = world.target.url("web", "/")
    held = world.deployment.access.browser_session(device).cookies
    return [
        {
            "name": name,
            "value": value,
            "domain": urlsplit(url).hostname,
            "path": "/",
            "secure": bool((kept := device.jar.named(name)) and kept.secure),
        }
        for name, value in held.items()
    ]


def open_anonymously(world: World) -> None:
    """Open the protected page in a browser without cookies."""
    window = browsers(world).open("an anonymous browser")
    window.open(pages_of(world).protected[0])


def must_be_turned_away(world: World, alias: str) -> None:
    """Raise Unmet unless the browser ended at sign-in (or at a refusal), with nothing of the person's."""
    window, person, pages = open_window(world), world.person(alias), pages_of(world)
    world.judge.needs(PROTECTED)
    turned_away = window.wait(lambda: window.at(pages.sign_in) or _refused(window))
    if (private := window.holds(person.canaries)) is not None:
        raise window.unmet(f"that nothing of {alias}'s is on a page for strangers", _seen(window, alias, private))
    if not turned_away:
        raise window.unmet(f"that whoever is not signed in is led from {pages.protected[0]} to {pages.sign_in}")
    world.judge.control(PROTECTED, world.judge.controls[PROTECTED])


def _refused(window: Window) -> bool:
    documents = [one for one in window.exchanges if one.url == window.page.url and one.method == "GET"]
    return bool(documents) and documents[-1].status in _TURNED_AWAY


def must_ask_to_sign_in(world: World) -> None:
    """Raise Unmet unless the protected page, opened in the browser now, leads to sign-in (or a refusal)."""
    window, pages = open_window(world), pages_of(world)
    window.open(pages.protected[0])
    if not window.wait(lambda: window.at(pages.sign_in) or _refused(window)):
        raise window.unmet(f"that {pages.protected[0]} leads to {pages.sign_in} after sign-out")


# --- a wrong password ---


def sign_in_wrongly(world: World, alias: str) -> None:
    """Type the person's address and a password that isn't theirs."""
    pages, person = pages_of(world), world.person(alias)
    window = browsers(world).open("somebody's browser")
    window.open(pages.sign_in)
    world.deployment.asked["sign_in"] += 1
    values = {pages.email: person.email, pages.password: world.cast.factory.password()}
    window.submit(values, pages.sign_in_button, lambda: _told(window, pages) or _at_protected(window, pages))


def _told(window: Window, pages: Pages) -> bool:
    return re.search(pages.bad_credentials, window.text()) is not None


def must_be_told(world: World) -> None:
    """Raise Unmet unless the page says, in the profile's words, that address or password are wrong."""
    window, pages = open_window(world), pages_of(world)
    if _at_protected(window, pages) or not _told(window, pages):
        raise window.unmet(f'that the page says "{pages.bad_credentials}"')


def must_be_nobody(world: World) -> None:
    """Raise Unmet when the session endpoint takes the browser's cookies for somebody's."""
    window = open_window(world)
    held = {cookie["name"]: cookie["value"] for cookie in window.cookies()}
    if world.deployment.identity.who_is(Credential(f"the cookies of {window.who}", held), window.who) is not None:
        raise window.unmet("that nobody is signed in")


def must_work_with_right_password(world: World, alias: str) -> None:
    """Raise Unmet unless the form, as it stands after the error, takes the right password."""
    _submit_sign_in(world, open_window(world), world.person(alias))
    must_show(world, alias)


# --- where sign-in leads ---


def sign_in_towards_elsewhere(world: World, alias: str, parameter: str) -> None:
    """Sign in on the page opened with a target on another site."""
    sign_in(world, alias, f"{pages_of(world).sign_in}?{urlencode({parameter: FOREIGN_DESTINATION})}")


def must_not_have_left(world: World) -> None:
    """Raise Unmet when the browser was sent to another site."""
    if open_window(world).left_for is not None:
        raise open_window(world).unmet("that the browser stays within the deployment")


def control_sign_in_without_target(world: World, alias: str) -> None:
    """See the person's own; a page that refused the target gets a sign-in without it. Raises NotTested if not."""
    window, pages = open_window(world), pages_of(world)
    with precondition():
        if not _at_protected(window, pages):
            window.open(pages.sign_in)
        # The sign-in page may itself lead on who is signed in already.
        if not _at_protected(window, pages):
            _submit_sign_in(world, window, world.person(alias))
        must_show(world, alias)
