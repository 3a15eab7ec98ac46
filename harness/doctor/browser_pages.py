"""Whether the pages can be used in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.browser.forms import sign_up_form
from harness.browser.operability import cannot_press
from harness.browser.pool import NoBrowser
from harness.core.errors import Unavailable
from harness.core.findings import HarnessError
from harness.doctor.findings import Finding, doubtful
from harness.doctor.trials import tried
from harness.flows import browser, browser_signin

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.scenario.world import World


def examine(world: World, alias: str) -> list[Finding]:
    """Fill in the sign-up form, and sign that person in and out.

    Nothing where the world has no browsers.
    """
    pages = world.target.profile.pages
    if pages is None or world.browsers is None:
        return []
    try:
        world.browsers.open(f"{alias}'s browser")
    except (NoBrowser, HarnessError) as missing:
        return [doubtful(f"no page was looked at in a browser: {missing}")]
    trials: list[tuple[str, str, str, Callable[[], object]]] = [
        (
            f"{pages.sign_in} in a browser (pages.sign_in)",
            "pages",
            f"signs {alias} in and leads to {alias}'s own at {pages.after_sign_in}",
            lambda: _sign_in(world, alias),
        ),
        (
            f'the button "{pages.sign_out_button}" (pages.sign_out_button)',
            "pages.sign_out_button",
            "leads away from there",
            lambda: _sign_out(world),
        ),
    ]
    findings: list[Finding] = []
    try:
        if pages.sign_up is not False:
            what = f"{pages.sign_up} in a browser (pages.sign_up)"
            findings += _tried(world, what, "pages", "has its fields and its button", lambda: _fill_in(world))
        for what, key, does, act in trials:
            findings += _tried(world, what, key, does, act)
            if findings[-1].kind != "works":
                break
    finally:
        world.browsers.close_windows()
    return findings


def _tried(world: World, what: str, key: str, does: str, act: Callable[[], object]) -> list[Finding]:
    # As late as the browser itself, see `Browsers.open`.
    from playwright.sync_api import Error

    try:
        return tried(world.target, what, key, does, act)
    except Error as broke:
        return [doubtful(f"{what}: the browser says {broke.message.splitlines()[0]}")]


def _fill_in(world: World) -> None:
    """Fill in the sign-up form, and find its button."""
    window = browser.open_window(world)
    form = sign_up_form(world.deployment.pages, world.cast.new_person("Zoe").values)
    window.open(form.path)
    for field, value in form.entries:
        window.fill(field, value)
    button = window.button(form.button)
    if not button.count():
        raise cannot_press(window, form.button, button, form)


def _sign_in(world: World, alias: str) -> None:
    browser.sign_in_on_page(world, alias)
    browser.must_show(world, alias)


def _sign_out(world: World) -> None:
    browser_signin.press_sign_out(world)
    window, pages = browser.open_window(world), world.deployment.pages
    if browser.at_protected(window, pages):
        raise Unavailable("it was pressed, and the browser is still at the protected page.", "Check the button.")
