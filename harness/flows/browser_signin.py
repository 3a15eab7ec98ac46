"""What scenarios about sign-up, sign-in and sign-out in a browser demand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.browser.forms import sign_in_form, sign_up_form
from harness.core.errors import Unavailable
from harness.core.findings import Unmet
from harness.deployment.accounts import FOREIGN_DESTINATION
from harness.deployment.credential import Credential
from harness.deployment.people import Device
from harness.flows.browser import (
    at_protected,
    browsers,
    hand_over,
    must_show,
    open_window,
    sign_in,
    sign_in_on_page,
    submit_sign_in,
    submit_typed,
)
from harness.flows.browser_pages import note_control
from harness.flows.common import Ended, precondition
from harness.flows.destinations import address_with, written_out

if TYPE_CHECKING:
    from harness.browser.window import Window
    from harness.deployment.people import Person
    from harness.profile.pages import Pages
    from harness.scenario.world import World

_FOREIGN_HOST = urlsplit(FOREIGN_DESTINATION).netloc


def sign_up(world: World, alias: str) -> None:
    """Fill in the sign-up form as a new user.

    Signs in on the page too if sign-up alone doesn't.
    """
    pages, person = world.deployment.pages, world.introduce(world.cast.new_person(alias))
    form = sign_up_form(pages, person.values)
    window = browsers(world).open(f"{alias}'s browser")
    window.open(form.path)
    declared = world.target.profile.operations.sign_up
    path, sessions = window.path, world.deployment.sessions
    sessions.sign_up_in_browser(person, lambda: window.submit(form, lambda: window.path != path))
    pending = declared.outcomes.pending_verification is not None and not _signed_in_at_once(world, window, person)
    if pending:
        sessions.verify(person)
    if pending or not declared.signs_in:
        sign_in_on_page(world, alias)
    elif not window.wait(lambda: window.at(pages.after_sign_in)):
        raise window.not_shown(f"that {alias}, signing up on {form.path}, gets to {pages.after_sign_in}")
    sessions.note_account(person)
    hand_over(window, person.device("first device"))


def _signed_in_at_once(world: World, window: Window, person: Person) -> bool:
    """Whether a sign-up that may leave an address pending did not.

    The address of the page does not say it: an application may tell people about its message where they go
    after sign-in.
    """
    pages, deployment = world.deployment.pages, world.deployment
    if not deployment.target.profile.operations.sign_up.signs_in:
        return False
    if not window.wait(lambda: window.at(pages.after_sign_in)):
        return False
    spare = Device(person, "the browser that signed up")
    hand_over(window, spare)
    return deployment.identity.is_session_of(person, deployment.access.browser_session(spare), spare.who)


def sign_in_where_sent(world: World, alias: str) -> None:
    """Sign in on the page that the browser was sent to."""
    submit_sign_in(world, open_window(world), world.person(alias))


def be_signed_in(world: World, alias: str, device: str) -> None:
    """Sign in on the page and see one's own.

    The device gets the browser's cookies. Raises NotTested if not.
    """
    with precondition():
        window = sign_in(world, alias)
        must_show(world, alias)
    hand_over(window, world.new_device(alias, device))
    note_control(world, alias)


def press_sign_out(world: World) -> None:
    """Press the sign-out button and wait until the page is left.

    Where it leads is free.
    """
    window, pages = open_window(world), world.deployment.pages
    path = window.path
    window.press(pages.sign_out_button, pages.sign_out_steps)
    world.remember(Ended("sign-out"))
    if window.wait(lambda: not at_protected(window, pages)) and window.left_for is None:
        window.shared.operated.add(path)


def be_signed_out(world: World) -> None:
    """Sign out with the button.

    Raises NotTested when that does not leave the protected page.
    """
    with precondition():
        press_sign_out(world)
        if at_protected(open_window(world), world.deployment.pages):
            raise open_window(world).unmet("that the sign-out button leads away from the protected page")


def must_show_after_reload(world: World, alias: str) -> None:
    """Raise Unmet unless a reload still shows the person's data."""
    open_window(world).reload()
    must_show(world, alias)


def sign_in_wrongly(world: World, alias: str) -> None:
    """Type the person's address and a password that isn't theirs."""
    pages, person = world.deployment.pages, world.person(alias)
    window = browsers(world).open(f"{alias}'s browser")
    window.open(pages.sign_in)
    form = sign_in_form(pages, {**person.values, "password": world.cast.factory.password()})
    submit_typed(world, window, form, lambda: _told(window, pages))


def _told(window: Window, pages: Pages) -> bool:
    return re.search(pages.bad_credentials, window.text()) is not None


def must_be_told(world: World) -> None:
    """Raise Unmet unless the page shows the error.

    In the profile's words.
    """
    window, pages = open_window(world), world.deployment.pages
    if at_protected(window, pages) or not _told(window, pages):
        raise window.unmet(f'that the page says "{pages.bad_credentials}"')


def must_not_be_signed_in(world: World) -> None:
    """Raise Unmet if the browser's cookies are a session."""
    window = open_window(world)
    held = {cookie["name"]: cookie["value"] for cookie in window.cookies()}
    if world.deployment.identity.who_is(Credential(f"the cookies of {window.who}", held), window.who) is not None:
        raise window.unmet("that the browser is not signed in")


def must_work_with_right_password(world: World, alias: str) -> None:
    """Raise Unmet unless the form still accepts the right password."""
    submit_sign_in(world, open_window(world), world.person(alias))
    must_show(world, alias)


def sign_in_towards_elsewhere(world: World, alias: str, destination: str) -> None:
    """Sign in on the page opened with a destination on another site.

    A page that refuses the destination may have no form.
    """
    try:
        sign_in(world, alias, address_with(world, written_out(world, destination)))
    except (Unavailable, Unmet) as error:
        is_refused = isinstance(error, Unmet) or _refused(open_window(world))
        if not (is_refused or _followed(open_window(world))):
            raise


def must_not_have_left(world: World) -> None:
    """Raise Unmet when the browser was sent to that other site.

    Raises Unavailable where it was sent to another one.
    """
    window, expected = open_window(world), "that the browser stays within the deployment"
    if _followed(window):
        raise window.unmet(expected)
    if window.left_for is not None:
        raise window.not_shown(expected)


def _followed(window: Window) -> bool:
    """Whether the window was sent to where the destination points."""
    return urlsplit(window.left_for or "").hostname == _FOREIGN_HOST


def _refused(window: Window) -> bool:
    """Whether the page was answered with an error for its destination."""
    opened = [one for one in window.exchanges if _FOREIGN_HOST in one.url]
    return bool(opened) and httpx.codes.is_client_error(opened[-1].status)


def control_sign_in_without_target(world: World, alias: str) -> None:
    """See the person's own.

    A page that refused the target gets a sign-in without it. Raises NotTested if not.
    """
    window, pages = open_window(world), world.deployment.pages
    with precondition():
        if not at_protected(window, pages):
            window.open(pages.sign_in)
        # The sign-in page may itself lead on who is signed in already.
        if not at_protected(window, pages):
            submit_sign_in(world, window, world.person(alias))
        must_show(world, alias)
