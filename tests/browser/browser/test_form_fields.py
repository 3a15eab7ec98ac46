"""A form field is found in the way that the profile names, and in no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser

from harness.browser import window as windows
from harness.browser.window import Window
from harness.deployment.deployment import Deployment
from harness.profile.loader import load_profile
from harness.profile.pages import FormField
from harness.profile.target import Target
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget

WEB = "http://127.0.0.1:1"
PAGE = """<!doctype html><form>
<label>By label <input id="label"></label>
<input id="placeholder" placeholder="By placeholder">
<input id="name" name="by_name">
<input id="role" aria-label="By role">
<span id="words">By other words</span><input id="described" type="email" aria-labelledby="words">
<label for="password">Secret</label><input id="password" type="password">
<input id="password-aria" type="password" aria-label="Secret again">
<input id="password-title" type="password" title="Secret by title">
<input id="password-placeholder" type="password" placeholder="Secret by placeholder">
<label>Secret <input id="tick" type="checkbox"></label>
<label>E-mail or user name <input id="similar"></label>
<label>E-mail <input id="exact"></label>
<input id="hidden" type="hidden" aria-label="By role">
</form>"""
NEWS = """<form><label>Address <input id="news"></label></form>
<form><label>Address <input id="sign-in"></label><input type="password"></form>"""
By = Literal["label", "placeholder", "name", "role"]


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Window]:
    client = Client(frozenset({WEB}), ThrottleBudget(0.0))
    opened = Window(Deployment(Target(load_profile("reference"), WEB, WEB), client), chromium.new_context(), "Ann")
    opened.page.set_content(PAGE)
    yield opened
    opened.close()
    client.close()


@pytest.mark.parametrize(
    ("by", "value", "found"),
    [
        ("label", "By label", "label"),
        ("placeholder", "By placeholder", "placeholder"),
        ("name", "by_name", "name"),
        ("role", "By role", "role"),
        ("role", "By label", "label"),
        ("role", "By other words", "described"),
        ("role", "Secret", "password"),
        ("role", "Secret again", "password-aria"),
        ("role", "Secret by title", "password-title"),
        ("role", "Secret by placeholder", "password-placeholder"),
        ("label", "E-mail", "exact"),
        ("role", "E-mail", "exact"),
        ("role", "e-mail or user", "similar"),
    ],
)
def test_a_field_is_found(window: Window, by: By, value: str, found: str) -> None:
    assert window.field(FormField(by=by, value=value)).get_attribute("id") == found


@pytest.mark.parametrize(
    ("by", "value"),
    [("placeholder", "By role"), ("label", "By placeholder"), ("name", "By name"), ("role", "by_name")],
)
def test_a_field_is_not_found_in_another_way(
    window: Window, by: By, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows.Window, "wait", lambda _, condition, __: condition())
    assert window.field(FormField(by=by, value=value)).count() == 0


def test_the_form_with_the_password_goes_first(window: Window) -> None:
    window.page.set_content(NEWS)
    try:
        assert window.field(FormField(value="Address")).get_attribute("id") == "sign-in"
    finally:
        window.page.set_content(PAGE)


def test_a_found_field_takes_text(window: Window) -> None:
    for value in ("By role", "Secret again"):
        window.fill(FormField(by="role", value=value), "typed")
    assert window.page.locator("#role").input_value() == "typed"
    assert window.page.locator("#password-aria").input_value() == "typed"
