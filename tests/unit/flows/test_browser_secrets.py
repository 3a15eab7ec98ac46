"""What a page shows, lets scripts read and puts into addresses is no credential."""

from __future__ import annotations

from typing import Any

import pytest

from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.flows.access_token import control_token
from harness.flows.browser_secrets import (
    FORMS,
    control_form,
    must_be_masked,
    must_not_be_in_addresses,
    must_not_be_read,
    must_open_nothing,
    open_form,
    read_by_script,
    submit_without_scripts,
)
from harness.flows.browser_signin import be_signed_in
from harness.flows.captured import capture, control_captured
from harness.flows.frozen_copies import CapturedSession
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE
from tests.support.fake_client import WEB
from tests.support.fake_windows import FakeBrowsers, FakeWindow, Locator


@pytest.fixture
def captured(world: World, browsers: FakeBrowsers) -> World:
    """Ann signed in in a browser; the session of it was captured, and opens her session endpoint."""
    be_signed_in(world, "Ann", "laptop")
    capture(world, "Ann", "laptop")
    control_captured(world, "Ann", "session endpoint")
    return world


def reading(world: World, browsers: FakeBrowsers, **found: Any) -> None:
    browsers.current.readable |= found
    read_by_script(world)


# --- scripts ---


def test_what_scripts_read_without_the_session_is_fine(captured: World, browsers: FakeBrowsers) -> None:
    reading(captured, browsers, cookie="theme=dark; lang=en", local={"seen": "1"})
    must_not_be_read(captured, "Ann")


def test_nothing_at_all_is_fine(captured: World) -> None:
    read_by_script(captured)
    must_not_be_read(captured, "Ann")


@pytest.mark.parametrize("place", ["cookie", "local", "session"])
def test_the_session_in_any_of_it_is_found_out(captured: World, browsers: FakeBrowsers, place: str) -> None:
    ((name, value),) = captured.recall(CapturedSession).credential.cookies.items()
    found = f"theme=dark; {name}={value}" if place == "cookie" else {"kept": value}
    reading(captured, browsers, **{place: found})
    with pytest.raises(Unmet, match="no script can read the session cookie; a script read it"):
        must_not_be_read(captured, "Ann")


def test_a_session_that_is_percent_encoded_in_its_cookie_is_found_out(
    captured: World, browsers: FakeBrowsers
) -> None:
    backend = browsers.current.backend
    plain, encoded = "a/session+with=signs", "a%2Fsession%2Bwith%3Dsigns"
    account = backend.accounts[captured.person("Ann").email]
    backend.sessions[encoded] = account
    captured.device("Ann", "laptop").jar.store([f"{COOKIE}={encoded}; Path=/"], f"{WEB}/")
    capture(captured, "Ann", "laptop")
    reading(captured, browsers, local={"kept": plain})
    with pytest.raises(Unmet, match="no script can read the session cookie"):
        must_not_be_read(captured, "Ann")


def test_other_cookies_that_sign_her_in_are_found_out(captured: World, browsers: FakeBrowsers) -> None:
    backend = browsers.current.backend
    backend.sessions["another-session-of-hers"] = backend.accounts[captured.person("Ann").email]
    reading(captured, browsers, cookie=f"{COOKIE}=another-session-of-hers")
    with pytest.raises(Unmet, match=rf"do not sign Ann in; they do \({COOKIE}\)"):
        must_not_be_read(captured, "Ann")


def test_a_session_that_was_not_seen_to_open_anything_is_not_judged(world: World, browsers: FakeBrowsers) -> None:
    be_signed_in(world, "Ann", "laptop")
    capture(world, "Ann", "laptop")
    read_by_script(world)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_not_be_read(world, "Ann")


# --- tokens in storage ---


@pytest.fixture
def with_token(captured: World) -> World:
    """Ann's token was seen to open her tasks."""
    control_token(captured, "Ann")
    return captured


def test_storage_without_tokens_is_fine(with_token: World, browsers: FakeBrowsers) -> None:
    reading(with_token, browsers, cookie="theme=dark", local={"seen": "a-session-of-no-interest-0001"})
    must_open_nothing(with_token, "Ann")


@pytest.mark.parametrize(
    ("place", "says"),
    [("cookie", "a cookie without HttpOnly"), ("local", "localStorage"), ("session", "sessionStorage")],
)
def test_a_token_that_opens_the_tasks_is_found_out(
    with_token: World, browsers: FakeBrowsers, place: str, says: str
) -> None:
    token = with_token.deployment.access.access_token(with_token.device("Ann", "first device"))
    found = f"theme=dark; jwt={token}" if place == "cookie" else {"auth": f'{{"token": "{token}"}}'}
    reading(with_token, browsers, **{place: found})
    with pytest.raises(Unmet, match=f"kept where scripts can read it; {says}.* token that opens the tasks"):
        must_open_nothing(with_token, "Ann")


def test_a_token_that_was_not_seen_to_open_anything_is_not_judged(captured: World) -> None:
    read_by_script(captured)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_open_nothing(captured, "Ann")


# --- the password's field ---


@pytest.mark.parametrize("form", FORMS)
def test_a_field_that_hides_it_is_fine(world: World, browsers: FakeBrowsers, form: str) -> None:
    open_form(world, form)
    assert browsers.current.at({"sign-in": "/signin", "sign-up": "/signup"}[form])
    must_be_masked(world)


def test_one_that_shows_it_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "password_field", Locator(kind="text"))
    open_form(world, "sign-in")
    with pytest.raises(Unmet, match=r"is of type password; on .*/signin it is of type text"):
        must_be_masked(world)


def test_one_that_shows_it_once_it_is_typed_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    class Revealing(Locator):
        def evaluate(self, _: str) -> str:
            return "text" if browsers.current.typed else "password"

    browsers.prepare = lambda window: setattr(window, "password_field", Revealing())
    open_form(world, "sign-in")
    with pytest.raises(Unmet, match="it is of type text"):
        must_be_masked(world)


def test_a_field_that_is_not_there_can_not_be_judged(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "password_field", Locator(is_there=False))
    open_form(world, "sign-in")
    with pytest.raises(NotTested, match='the field "Password" can be filled in'):
        must_be_masked(world)
    with pytest.raises(NotTested, match='the field "Password" can be filled in'):
        control_form(world)


# --- addresses ---


def submitting(window: FakeWindow, query: str) -> None:
    """Have the form, once it is submitted, ask for a page with this query."""
    address = f"{WEB}/signin{query}"

    def pressed() -> None:
        window.asked.append(address.format(**window.typed))

    window.sign_in_button = Locator(pressed=pressed)
    window.password_field = Locator(pressed=pressed)


def test_a_form_that_puts_no_password_into_the_address_is_fine(world: World, browsers: FakeBrowsers) -> None:
    control_form(world)
    browsers.prepare = lambda window: submitting(window, "?email={Email}")
    submit_without_scripts(world, "Zoe")
    assert browsers.current.typed["Email"] == world.person("Zoe").email
    must_not_be_in_addresses(world)


@pytest.mark.parametrize("is_usable", [True, False], ids=["by its button", "by the Enter key"])
def test_one_that_does_is_found_out(world: World, browsers: FakeBrowsers, is_usable: bool) -> None:
    def prepare(window: FakeWindow) -> None:
        submitting(window, "?email={Email}&password={Password}")
        window.sign_in_button.is_usable = is_usable

    browsers.prepare = prepare
    submit_without_scripts(world, "Zoe")
    with pytest.raises(Unmet, match=r"the password is in no address; the browser asked for .*password="):
        must_not_be_in_addresses(world)


def test_a_page_that_is_empty_without_scripts_has_no_form(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "password_field", Locator(is_there=False))
    with pytest.raises(NotApplicable, match="shows no form"):
        submit_without_scripts(world, "Zoe")
