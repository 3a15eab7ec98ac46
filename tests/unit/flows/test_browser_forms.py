"""Forms take what is pasted, leave managers on, and can be used again after a failure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.errors import Unavailable
from harness.core.findings import NotTested, Unmet
from harness.flows.browser import must_show
from harness.flows.browser_forms import (
    control_paste,
    must_hold_pasted,
    must_not_switch_managers_off,
    must_send_again,
    paste_passwords,
    sign_in_by_keyboard,
    sign_in_twice,
    submit_in_vain,
)
from harness.flows.browser_secrets import FORMS, open_form
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient
from tests.support.fake_windows import FakeBrowsers, FakeWindow, Locator
from tests.support.scenario import SIGN_IN, world_of


@pytest.fixture
def copied(world: World, browsers: FakeBrowsers) -> World:
    """A password was copied."""
    control_paste(world)
    return world


@pytest.mark.parametrize("form", FORMS)
def test_a_field_that_takes_what_is_pasted_is_fine(copied: World, browsers: FakeBrowsers, form: str) -> None:
    open_form(copied, form)
    paste_passwords(copied)
    must_hold_pasted(copied)
    assert browsers.current.typed["Password"] == FakeWindow.copied


def test_one_that_stays_empty_is_found_out(copied: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "password_field", Locator(is_usable=False))
    open_form(copied, "sign-in")
    paste_passwords(copied)
    with pytest.raises(Unmet, match=r'can be pasted.*; the field "Password" on .*/signin is still empty'):
        must_hold_pasted(copied)


def test_the_second_field_of_sign_up_counts(client: FakeClient, world: World, browsers: FakeBrowsers) -> None:
    changed = world_of(client, '[pages]\nconfirm = { value = "Again" }\n')
    changed.browsers = world.browsers
    control_paste(changed)
    open_form(changed, "sign-up")
    paste_passwords(changed)
    assert browsers.current.typed.keys() == {"Password", "Again"}
    open_form(changed, "sign-in")
    paste_passwords(changed)
    assert browsers.current.typed.keys() == {"Password"}


def test_a_browser_that_pastes_nothing_judges_nothing(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "takes_pasted", False)
    with pytest.raises(Unavailable, match="pastes nothing into a plain field"):
        control_paste(world)


@pytest.mark.parametrize("said", ["", "on", "current-password", "new-password", "one-time-code"])
def test_a_form_that_leaves_managers_on_is_fine(world: World, browsers: FakeBrowsers, said: str) -> None:
    browsers.prepare = lambda window: setattr(window, "says_of_autocomplete", said)
    open_form(world, "sign-up")
    must_not_switch_managers_off(world)


def test_one_that_switches_them_off_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "says_of_autocomplete", "off")
    open_form(world, "sign-up")
    with pytest.raises(Unmet, match=r'"Password" on .*/signup has autocomplete="off"'):
        must_not_switch_managers_off(world)


def test_a_form_that_is_sent_again_is_fine(world: World, browsers: FakeBrowsers) -> None:
    submit_in_vain(world, "Zoe")
    must_send_again(world)
    assert len(browsers.current.failed) == 2


def test_a_page_of_the_browser_s_own_is_left(world: World, browsers: FakeBrowsers) -> None:
    submit_in_vain(world, "Zoe")
    browsers.current.shows_failure = True
    must_send_again(world)
    assert browsers.current.at("/signin")


def test_a_button_that_stays_disabled_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    submit_in_vain(world, "Zoe")
    browsers.current.sign_in_button.is_usable = False
    with pytest.raises(Unmet, match=r"used again within 5 s after .*; the browser is at .*/signin"):
        must_send_again(world)


def test_a_button_that_does_nothing_any_more_is_found_out(
    world: World, browsers: FakeBrowsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_in_vain(world, "Zoe")
    monkeypatch.setattr(FakeWindow, "sign_in", lambda _: None)
    with pytest.raises(Unmet, match="pressing its button sends nothing any more"):
        must_send_again(world)


def test_a_form_that_sends_nothing_is_not_judged(
    world: World, browsers: FakeBrowsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeWindow, "sign_in", lambda _: None)
    with pytest.raises(NotTested, match="sent no request with the address that was typed"):
        submit_in_vain(world, "Zoe")


# --- signing in in other ways ---


@pytest.mark.parametrize("way", [sign_in_by_keyboard, sign_in_twice])
def test_signing_in_so_is_fine(world: World, browsers: FakeBrowsers, way: Callable[[World, str], None]) -> None:
    way(world, "Ann")
    must_show(world, "Ann")


def test_a_field_that_tab_does_not_reach_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "skipped", "Password")
    with pytest.raises(Unmet, match='that Tab reaches the field "Password" on /signin'):
        sign_in_by_keyboard(world, "Ann")


def test_a_button_for_the_mouse_is_found_out(
    world: World, browsers: FakeBrowsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeWindow, "press_key", lambda *_: None)
    sign_in_by_keyboard(world, "Ann")
    with pytest.raises(Unmet, match="shows Ann's own at /tasks"):
        must_show(world, "Ann")


def test_a_second_click_that_does_harm_is_found_out(
    world: World, browsers: FakeBrowsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeWindow, "double_press", lambda *_: None)
    sign_in_twice(world, "Ann")
    with pytest.raises(Unmet, match="shows Ann's own at /tasks"):
        must_show(world, "Ann")


@pytest.mark.parametrize("way", [sign_in_by_keyboard, sign_in_twice])
def test_too_many_requests_are_waited_out(
    world: World,
    browsers: FakeBrowsers,
    backend: FakeBackend,
    waits: list[float],
    way: Callable[[World, str], None],
) -> None:
    proper, refusals = backend.routes[SIGN_IN], iter([Answer(429, {}, [("Retry-After", "3")])])
    backend.routes[SIGN_IN] = lambda sent: next(refusals, None) or proper(sent)
    world.deployment.client.throttle.limit = 30.0
    way(world, "Ann")
    assert sum(waits) >= 3
    must_show(world, "Ann")
