"""Open pages notice that a session ended, show nothing for a moment, and hide no failed sign-out."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.flows.browser_pages import control_protected_page, open_own_page
from harness.flows.browser_session import (
    ACTIONS,
    act,
    hover_links,
    lose_session,
    must_ask_there,
    must_be_noticed,
    must_not_claim_sign_out,
    must_not_have_appeared,
    open_another_tab,
    open_in_other_tab,
    open_watched,
    sign_out_in_vain,
)
from harness.flows.browser_signin import be_signed_in, must_show_after_reload, press_sign_out
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import Answer, Sent
from tests.support.fake_windows import FakeBrowsers, FakeWindow
from tests.support.scenario import said

PAGE = "GET /tasks"


@pytest.fixture
def opened(world: World, browsers: FakeBrowsers) -> World:
    """Ann's protected page is open in a browser with her session."""
    open_own_page(world, "Ann")
    return world


# --- a session that ended ---


@pytest.mark.parametrize("action", ACTIONS)
def test_a_page_that_leads_to_sign_in_is_fine(opened: World, action: str) -> None:
    lose_session(opened)
    act(opened, action)
    must_be_noticed(opened, "Ann")


@pytest.mark.parametrize("says", ["Your session has expired", "Please log in", "Something went wrong"])
def test_a_page_that_says_so_is_fine(opened: World, backend: FakeBackend, says: str) -> None:
    lose_session(opened)
    backend.routes[PAGE] = said(Answer(200, f"Tasks\n{says}"))
    act(opened, "a reload")
    must_be_noticed(opened, "Ann")


def test_an_alert_is_fine(opened: World, browsers: FakeBrowsers, backend: FakeBackend) -> None:
    lose_session(opened)
    backend.routes[PAGE] = said(Answer(200, "Tasks"))
    browsers.current.alert = True
    act(opened, "a reload")
    must_be_noticed(opened, "Ann")


@pytest.mark.parametrize("shows", ["Loading", "Tasks\nSigning out ...", "Tasks\nDesign"])
def test_a_page_that_stays_is_found_out(opened: World, backend: FakeBackend, shows: str) -> None:
    lose_session(opened)
    backend.routes[PAGE] = said(Answer(200, shows))
    act(opened, "a reload")
    with pytest.raises(Unmet, match="a page whose session has ended asks to sign in, or shows an error"):
        must_be_noticed(opened, "Ann")


def test_a_page_that_signs_in_again_is_not_judged(
    opened: World, browsers: FakeBrowsers, backend: FakeBackend
) -> None:
    session = browsers.current.jar[COOKIE]
    lose_session(opened)
    browsers.current.jar[COOKIE] = session
    act(opened, "a reload")
    with pytest.raises(NotTested, match="that the browser is not signed in"):
        must_be_noticed(opened, "Ann")


# --- what appears for a moment ---


@pytest.fixture
def shown(world: World, browsers: FakeBrowsers) -> World:
    """A browser with Ann's session was seen to show her protected page."""
    control_protected_page(world, "Ann")
    return world


def test_a_guard_that_acts_first_is_fine(shown: World) -> None:
    open_watched(shown, "Ann")
    must_not_have_appeared(shown, "Ann")


def test_what_appears_before_it_is_found_out(shown: World, browsers: FakeBrowsers, backend: FakeBackend) -> None:
    proper, title = backend.routes[PAGE], shown.task_of("Ann").title

    def page(sent: Sent) -> Answer:
        if sent.who == "an anonymous browser":
            browsers.current.show("/tasks", title)
        return proper(sent)

    backend.routes[PAGE] = page
    open_watched(shown, "Ann")
    assert browsers.current.at("/signin")
    with pytest.raises(Unmet, match=r"not even before .*; Ann's private text cnry.* for a moment"):
        must_not_have_appeared(shown, "Ann")


# --- another tab ---


@pytest.fixture
def in_two_tabs(world: World, browsers: FakeBrowsers) -> World:
    """Ann signed in on the page, and another tab shows her protected page."""
    be_signed_in(world, "Ann", "laptop")
    open_another_tab(world, "Ann")
    return world


def test_a_tab_that_asks_to_sign_in_is_fine(in_two_tabs: World) -> None:
    press_sign_out(in_two_tabs)
    open_in_other_tab(in_two_tabs, "Ann")
    must_ask_there(in_two_tabs, "Ann")


def test_one_that_shows_the_page_is_found_out(in_two_tabs: World, browsers: FakeBrowsers) -> None:
    press_sign_out(in_two_tabs)
    browsers.current.pages["/signin"] = in_two_tabs.task_of("Ann").title
    open_in_other_tab(in_two_tabs, "Ann")
    with pytest.raises(Unmet, match=r"another tab after sign-out; Ann's private text cnry"):
        must_ask_there(in_two_tabs, "Ann")


def test_one_that_does_not_ask_is_found_out(in_two_tabs: World, backend: FakeBackend) -> None:
    press_sign_out(in_two_tabs)
    backend.routes[PAGE] = said(Answer(200, "Loading"))
    open_in_other_tab(in_two_tabs, "Ann")
    with pytest.raises(Unmet, match="/tasks leads to /signin after sign-out"):
        must_ask_there(in_two_tabs, "Ann")


def test_one_that_showed_nothing_before_is_no_control(
    world: World, browsers: FakeBrowsers, backend: FakeBackend
) -> None:
    be_signed_in(world, "Ann", "laptop")
    backend.routes[PAGE] = said(Answer(200, "Loading"))
    with pytest.raises(NotTested, match="that another tab shows Ann's own at /tasks"):
        open_another_tab(world, "Ann")


# --- a sign-out that failed ---


def test_a_page_that_stays_as_it_was_is_fine(opened: World) -> None:
    sign_out_in_vain(opened)
    must_not_claim_sign_out(opened, "Ann")


@pytest.mark.parametrize("says", ["Could not sign out. Try again", "Network error"])
def test_one_that_says_so_is_fine(opened: World, browsers: FakeBrowsers, says: str) -> None:
    sign_out_in_vain(opened)
    browsers.current.show("/signin", says)
    must_not_claim_sign_out(opened, "Ann")


def test_the_browser_s_own_page_is_fine(opened: World, browsers: FakeBrowsers) -> None:
    sign_out_in_vain(opened)
    browsers.current.show("/signout", "")
    browsers.current.shows_failure = True
    must_not_claim_sign_out(opened, "Ann")


@pytest.mark.parametrize(("path", "says"), [("/signin", "Password"), ("/", "Welcome"), ("/tasks", "Signed out")])
def test_one_that_looks_like_a_sign_out_is_found_out(
    opened: World, browsers: FakeBrowsers, path: str, says: str
) -> None:
    sign_out_in_vain(opened)
    browsers.current.show(path, says)
    with pytest.raises(Unmet, match="a sign-out whose request failed says so, or leaves the page as it was"):
        must_not_claim_sign_out(opened, "Ann")


def test_a_button_that_sends_nothing_does_not_apply(opened: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeWindow, "sign_out", lambda _: None)
    with pytest.raises(NotApplicable, match="sends no request that could fail"):
        sign_out_in_vain(opened)


# --- links, and controls ---


def test_links_that_only_lead_somewhere_are_fine(opened: World) -> None:
    hover_links(opened)
    must_show_after_reload(opened, "Ann")


def test_one_that_signs_out_is_found_out(opened: World, browsers: FakeBrowsers) -> None:
    browsers.current.hovered = browsers.current.backend.sessions.clear
    hover_links(opened)
    with pytest.raises(Unmet, match="the browser shows Ann's own at /tasks"):
        must_show_after_reload(opened, "Ann")


def test_without_the_control_nothing_is_judged(world: World, browsers: FakeBrowsers) -> None:
    browsers.open("a browser").open("/signin")
    for judged in (must_be_noticed, must_not_have_appeared, must_ask_there, must_not_claim_sign_out):
        with pytest.raises(HarnessError, match="judged without a control"):
            judged(world, "Ann")
