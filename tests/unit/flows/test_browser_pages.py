"""Who sees a person's own in a browser: nobody after sign-out, nobody next, nobody who is not signed in."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.browser_pages import (
    control_protected_page,
    go_back,
    must_ask_to_sign_in,
    must_be_turned_away,
    must_have_kept_apart,
    must_show_nothing_of,
    open_anonymously,
    take_over,
)
from harness.flows.browser_signin import be_signed_in, be_signed_out
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer
from tests.support.fake_windows import FakeBrowsers
from tests.support.scenario import said

PAGE = "GET /tasks"


@pytest.fixture
def signed_out(world: World, browsers: FakeBrowsers) -> World:
    """Ann was signed in in the browser, and signed out with the button."""
    be_signed_in(world, "Ann", "laptop")
    be_signed_out(world)
    return world


# --- after sign-out ---


def test_going_back_shows_nothing(signed_out: World) -> None:
    go_back(signed_out)
    must_show_nothing_of(signed_out, "Ann")
    must_ask_to_sign_in(signed_out)


def test_a_page_that_a_cache_brings_back_is_found_out(signed_out: World, browsers: FakeBrowsers) -> None:
    browsers.current.show("/tasks", signed_out.person("Ann").name)
    with pytest.raises(Unmet, match=r"nothing of Ann's can be seen any more; Ann's private text cnry"):
        must_show_nothing_of(signed_out, "Ann")


def test_a_protected_page_that_still_opens_is_found_out(signed_out: World, backend: FakeBackend) -> None:
    backend.routes[PAGE] = said(Answer(200, "Welcome back"))
    with pytest.raises(Unmet, match="/tasks leads to /signin after sign-out"):
        must_ask_to_sign_in(signed_out)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_asks_to_sign_in_too(signed_out: World, backend: FakeBackend, status: int) -> None:
    backend.routes[PAGE] = said(Answer(status, "No"))
    must_ask_to_sign_in(signed_out)


def test_what_was_not_seen_before_is_not_judged(world: World, browsers: FakeBrowsers) -> None:
    browsers.open("a browser").open("/signin")
    for judged in (must_show_nothing_of, must_have_kept_apart):
        with pytest.raises(HarnessError, match="judged without a control"):
            judged(world, "Ann")


# --- the next person ---


def test_the_next_person_sees_nothing_of_the_one_before(signed_out: World) -> None:
    take_over(signed_out, "Bob", "Ann")
    must_have_kept_apart(signed_out, "Ann")


def test_what_flashes_up_is_found_out(signed_out: World, browsers: FakeBrowsers) -> None:
    take_over(signed_out, "Bob", "Ann")
    browsers.current.show("/tasks", signed_out.person("Ann").name)
    browsers.current.show("/tasks", "Bob's")
    with pytest.raises(Unmet, match="nothing of Ann's appears once another user"):
        must_have_kept_apart(signed_out, "Ann")


def test_what_a_page_holds_out_of_sight_is_found_out(signed_out: World, browsers: FakeBrowsers) -> None:
    take_over(signed_out, "Bob", "Ann")
    browsers.current.hidden = signed_out.task_of("Ann").title
    with pytest.raises(Unmet, match="nothing of Ann's appears"):
        must_have_kept_apart(signed_out, "Ann")


def test_what_going_back_brings_is_found_out(signed_out: World, browsers: FakeBrowsers) -> None:
    take_over(signed_out, "Bob", "Ann")
    window, steps = browsers.current, iter([True, True, False])

    def back() -> bool:
        if not next(steps):
            return False
        window.show("/tasks", signed_out.person("Ann").name if len(window.history) > 6 else "Bob's")
        return True

    window.back = back  # type: ignore[method-assign]
    window.history.extend([("/x", "")] * 5)
    with pytest.raises(Unmet, match="nothing of Ann's appears"):
        must_have_kept_apart(signed_out, "Ann")


# --- nobody ---


@pytest.fixture
def opened(world: World, browsers: FakeBrowsers) -> World:
    """A browser with Ann's session was seen to show her protected page."""
    control_protected_page(world, "Ann")
    return world


def test_an_anonymous_browser_is_turned_away(opened: World) -> None:
    open_anonymously(opened)
    must_be_turned_away(opened, "Ann")


def test_the_control_is_looked_at_again(opened: World, backend: FakeBackend) -> None:
    open_anonymously(opened)
    backend.sessions.clear()
    with pytest.raises(NotTested, match="the control failed"):
        must_be_turned_away(opened, "Ann")


def test_a_page_that_does_not_open_to_its_owner_proves_nothing(
    world: World, browsers: FakeBrowsers, backend: FakeBackend
) -> None:
    backend.sessions.clear()
    with pytest.raises(NotTested, match="a browser with Ann's session shows Ann's own at /tasks"):
        control_protected_page(world, "Ann")


def test_whoever_is_let_in_is_found_out(opened: World, backend: FakeBackend) -> None:
    proper = backend.tasks_page
    backend.routes[PAGE] = lambda sent: proper(sent) if sent.cookies else Answer(200, "Loading")
    open_anonymously(opened)
    with pytest.raises(Unmet, match=" from /tasks to /signin; the browser is at"):
        must_be_turned_away(opened, "Ann")


@pytest.mark.parametrize("status", [200, 404])
def test_her_own_on_a_page_for_strangers_is_found_out(opened: World, backend: FakeBackend, status: int) -> None:
    proper, hers = backend.tasks_page, opened.person("Ann").name
    backend.routes[PAGE] = lambda sent: proper(sent) if sent.cookies else Answer(status, hers)
    open_anonymously(opened)
    with pytest.raises(Unmet, match=r"nothing of Ann's is on a page for .*; Ann's private text"):
        must_be_turned_away(opened, "Ann")


def test_without_the_control_nothing_is_judged(world: World, browsers: FakeBrowsers) -> None:
    open_anonymously(world)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_turned_away(world, "Ann")
