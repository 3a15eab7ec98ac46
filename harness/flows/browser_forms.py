"""How forms take what a user types, pastes and sends again."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.browser.forms import sign_in_form
from harness.core.errors import Unavailable
from harness.core.findings import NotTested
from harness.flows.browser import SETTLING, at_protected, browsers, open_window
from harness.flows.common import precondition

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.browser.forms import Form
    from harness.browser.window import Window
    from harness.profile.pages import FormField
    from harness.scenario.world import World

USABLE_AGAIN = 5.0
"""Seconds in which a form can be used again."""


@dataclass(frozen=True)
class Copied:
    """A password that was copied."""

    value: str


@dataclass(frozen=True)
class Held:
    """What each field for a password held after pasting."""

    values: list[tuple[FormField, str]] = field(default_factory=list)


@dataclass(frozen=True)
class FailedRequests:
    """A form, and its requests that failed on the way."""

    form: Form
    urls: list[str]


def _password_fields(world: World) -> list[FormField]:
    """The fields for a password on the open page."""
    window, pages = open_window(world), world.deployment.pages
    asks_twice = pages.confirm is not None and pages.sign_up is not False and window.at(pages.sign_up)
    return [pages.password, *([pages.confirm] if asks_twice and pages.confirm is not None else [])]


def control_paste(world: World) -> None:
    """Copy a password, and see that this browser pastes it.

    Raises Unavailable where it does not.
    """
    password = world.cast.factory.password()
    with browsers(world).temporary("an anonymous browser") as window:
        if not window.copy(password):
            raise Unavailable("This browser pastes nothing into a plain field.", "Run the suite with its own one.")
    world.remember(Copied(password))


def paste_passwords(world: World) -> None:
    """Paste what was copied into each field for a password."""
    window, held = open_window(world), Held()
    for one in _password_fields(world):
        with precondition():
            window.paste(one)
            window.wait(lambda one=one: window.value(one) != "", SETTLING)  # type: ignore[misc]
            held.values.append((one, window.value(one)))
    world.remember(held)


def must_hold_pasted(world: World) -> None:
    """Raise Unmet if a field for a password stayed empty."""
    window = open_window(world)
    for one, value in world.recall(Held).values:
        if not value:
            raise window.unmet(
                "that a password can be pasted, as from a password manager",
                f'the field "{one.value}" on {window.page.url} is still empty',
            )


def must_not_switch_managers_off(world: World) -> None:
    """Raise Unmet if a field for a password has ``autocomplete="off"``."""
    window = open_window(world)
    for one in _password_fields(world):
        with precondition():
            said = window.autocomplete(one)
        if said == "off":
            raise window.unmet(
                "that fields for passwords leave password managers on",
                f'the field "{one.value}" on {window.page.url} has autocomplete="off"',
            )


def submit_in_vain(world: World, alias: str) -> None:
    """Submit the sign-in form, whose request fails on the way.

    Raises NotTested where it sends none.
    """
    pages, person = world.deployment.pages, world.introduce(world.cast.new_person(alias))
    form, window = sign_in_form(pages, person.values), browsers(world).open(f"{alias}'s browser")
    failed = window.fail_requests(person.email)
    with precondition():
        window.open(pages.sign_in)
        window.submit(form, lambda: bool(failed))
    if not failed:
        raise NotTested("pressing the sign-in button sent no request with the address that was typed.")
    world.remember(FailedRequests(form, failed))


def must_send_again(world: World) -> None:
    """Raise Unmet unless the form can be submitted again soon.

    Where the browser shows a page of its own instead, the user opens the form once more.
    """
    window, sent = open_window(world), world.recall(FailedRequests)
    expected = f"that the form can be used again within {USABLE_AGAIN:.0f} s after its request failed on the way"
    window.wait(lambda: window.shows_failure or window.can_press(sent.form.button), USABLE_AGAIN)
    if window.shows_failure:
        window.open(sent.form.path)
    if not window.wait(lambda: window.can_press(sent.form.button), USABLE_AGAIN):
        raise window.unmet(expected)
    before = len(sent.urls)
    for one, value in sent.form.entries:
        window.fill(one, value)
    window.press(sent.form.button)
    if not window.wait(lambda: len(sent.urls) > before, SETTLING):
        raise window.unmet(expected, "pressing its button sends nothing any more")


def _sign_in(world: World, alias: str, times: int, act: Callable[[Window, Form], None]) -> None:
    """Open the sign-in page and use its form.

    That sends so many requests. A 429 is waited out. Raises Throttled past the budget.
    """
    person, pages = world.person(alias), world.deployment.pages
    form, window = sign_in_form(pages, person.values), browsers(world).open(f"{alias}'s browser")
    person.in_doubt = True
    for attempt in itertools.count():
        window.open(form.path)
        if at_protected(window, pages):
            return
        world.deployment.asked["sign_in"] += times
        mark = len(window.exchanges)
        act(window, form)
        window.wait(functools.partial(_has_come, world, window, mark))
        throttled = window.throttled_since(mark)
        if throttled is None or window.wait(lambda: at_protected(window, pages), SETTLING):
            return
        world.deployment.client.throttle.wait(throttled, attempt)


def _has_come(world: World, window: Window, mark: int) -> bool:
    left = window.left_for is not None or at_protected(window, world.deployment.pages)
    return left or window.throttled_since(mark) is not None


def sign_in_by_keyboard(world: World, alias: str) -> None:
    """Sign in with Tab, letters and Enter.

    Raises Unmet where Tab does not reach a field.
    """

    def act(window: Window, form: Form) -> None:
        mark = len(window.exchanges)
        for one, value in form.entries:
            if not window.tab_to(one):
                raise window.unmet(f'that Tab reaches the field "{one.value}" on {form.path}', "it never does")
            if isinstance(value, str):
                window.type(value)
            elif value:
                window.press_key("Space")
        window.press_key("Enter")
        sent = window.wait(functools.partial(_has_come, world, window, mark), SETTLING)
        if not sent and window.tab_to_button(form.button):
            window.press_key("Enter")

    _sign_in(world, alias, 1, act)


def sign_in_twice(world: World, alias: str) -> None:
    """Fill in the sign-in form and double-click its button."""

    def act(window: Window, form: Form) -> None:
        for one, value in form.entries:
            window.fill(one, value)
        window.double_press(form.button)

    _sign_in(world, alias, 2, act)
