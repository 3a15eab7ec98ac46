"""People sign up, in and out on pages, are told when it fails, and stay where they are."""

from __future__ import annotations

import pytest

from harness.core.errors import Unavailable
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.errors import LockedOut
from harness.deployment.people import Device
from harness.flows.browser import must_show, open_window, sign_in, sign_in_on_page
from harness.flows.browser_signin import (
    be_signed_in,
    be_signed_out,
    control_sign_in_without_target,
    must_be_told,
    must_not_be_signed_in,
    must_not_have_left,
    must_show_after_reload,
    must_work_with_right_password,
    press_sign_out,
    sign_in_towards_elsewhere,
    sign_in_where_sent,
    sign_in_wrongly,
    sign_up,
)
from harness.flows.common import Ended
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import WEB, Answer, FakeClient
from tests.support.fake_windows import WRONG, FakeBrowsers, FakeWindow
from tests.support.scenario import SIGN_IN, said, world_of

MAY_BE_VERIFIED = "[operations.sign_up]\noutcomes.pending_verification = { status = 202 }\n"
SIGNS_IN_LATER = "[operations.sign_up]\nsigns_in = false\n"


# --- signing up ---


def test_whoever_signs_up_sees_their_own(world: World, browsers: FakeBrowsers) -> None:
    sign_up(world, "Zoe")
    must_show(world, "Zoe")
    must_show_after_reload(world, "Zoe")
    zoe = world.person("Zoe")
    assert zoe.has_account
    assert zoe.device("first device").jar.find(COOKIE, f"{WEB}/") is not None


def test_a_sign_up_that_leads_nowhere_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "after_sign_in", "/signup")
    with pytest.raises(Unmet, match=r"Zoe, signing up on /signup, gets to /tasks; the browser is at .*/signup"):
        sign_up(world, "Zoe")


def test_one_that_signs_in_later_signs_in_on_the_page(client: FakeClient, backend: FakeBackend) -> None:
    world = world_of(client, SIGNS_IN_LATER)
    world.browsers = FakeBrowsers(world.deployment, backend)  # type: ignore[assignment]
    sign_up(world, "Zoe")
    must_show(world, "Zoe")
    assert world.deployment.asked["sign_in"] == 1


def test_an_address_that_may_have_to_be_verified_and_has_not_needs_no_class(
    client: FakeClient, backend: FakeBackend
) -> None:
    world = world_of(client, MAY_BE_VERIFIED)
    world.browsers = FakeBrowsers(world.deployment, backend)  # type: ignore[assignment]
    sign_up(world, "Zoe")
    must_show(world, "Zoe")
    assert world.deployment.asked["sign_in"] == 0


def test_a_page_where_people_go_after_sign_in_does_not_say_that_an_address_is_verified(
    client: FakeClient, backend: FakeBackend
) -> None:
    world = world_of(client, MAY_BE_VERIFIED)
    browsers = FakeBrowsers(world.deployment, backend)
    world.browsers = browsers  # type: ignore[assignment]
    browsers.prepare = lambda window: setattr(window, "cookies", list)
    with pytest.raises(Unavailable, match="waits for its address to be verified"):
        sign_up(world, "Zoe")


# --- signing in ---


def test_whoever_signs_in_sees_their_own(world: World, browsers: FakeBrowsers) -> None:
    sign_in(world, "Ann")
    must_show(world, "Ann")
    must_show_after_reload(world, "Ann")


def test_a_form_that_leads_back_to_itself_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "after_sign_in", "/signin")
    sign_in(world, "Ann")
    with pytest.raises(Unmet, match=r"shows Ann's own at /tasks; the browser is at .*/signin"):
        must_show(world, "Ann")


def test_a_right_password_that_is_refused_after_wrong_ones_is_no_failure_of_the_page(
    world: World, browsers: FakeBrowsers, backend: FakeBackend
) -> None:
    ann = world.person("Ann")
    for _ in range(3):
        world.deployment.sessions.guess(Device(ann, "somebody else's browser"), "wrong")
    backend.routes[SIGN_IN] = said(Answer(400, {"code": "too_many_login_attempts"}))
    with pytest.raises(LockedOut, match=r"Ann's right password was answered 400 .* operations\.sign_in\.outcomes"):
        sign_in(world, "Ann")


def test_her_own_at_another_page_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    sign_in(world, "Ann")
    browsers.current.show("/welcome", world.person("Ann").name)
    with pytest.raises(Unmet, match="the browser shows Ann's own at /tasks"):
        must_show(world, "Ann")


def test_whoever_has_tasks_is_given_no_other_to_be_shown(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: window.pages.update({"/tasks": "Loading"})
    sign_in(world, "Ann")
    with pytest.raises(Unmet, match="the browser shows Ann's own"):
        must_show(world, "Ann")
    assert len(world.person("Ann").tasks) == 1


def test_a_page_of_another_persons_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    sign_in(world, "Bob")
    with pytest.raises(Unmet, match="the browser shows Ann's own at /tasks"):
        must_show(world, "Ann")


def test_a_page_without_names_shows_a_task(world: World, backend: FakeBackend, browsers: FakeBrowsers) -> None:
    ann = world.person("Ann")
    ann.tasks.clear()
    account = backend.accounts[ann.email]
    account.tasks.clear()
    account.name = "A."
    sign_in(world, "Ann")
    must_show(world, "Ann")
    assert len(ann.tasks) == 1


def test_an_address_shows_whose_page_it_is(world: World, browsers: FakeBrowsers) -> None:
    ann = world.person("Ann")
    browsers.prepare = lambda window: window.pages.update({"/tasks": f"HELLO, {ann.email.upper()}"})
    sign_in(world, "Ann")
    must_show(world, "Ann")


def test_an_address_in_a_sign_in_form_was_typed_there(world: World, browsers: FakeBrowsers) -> None:
    ann = world.person("Ann")
    browsers.prepare = lambda window: window.pages.update({"/tasks": f"Email {ann.email} Password Sign in"})
    sign_in(world, "Ann")
    with pytest.raises(Unmet, match="the browser shows Ann's own at /tasks"):
        must_show(world, "Ann")


def test_one_that_shows_neither_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    world.person("Ann").tasks.clear()
    browsers.prepare = lambda window: window.pages.update({"/tasks": "Loading"})
    sign_in(world, "Ann")
    with pytest.raises(Unmet, match="the browser shows Ann's own"):
        must_show(world, "Ann")


def test_a_session_that_a_reload_loses_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    sign_in(world, "Ann")
    browsers.current.jar.clear()
    with pytest.raises(Unmet, match=r"the browser is at .*/signin"):
        must_show_after_reload(world, "Ann")


def test_whoever_was_sent_to_sign_in_gets_on(world: World, browsers: FakeBrowsers) -> None:
    browsers.open("a browser").open("/tasks")
    assert browsers.current.at("/signin")
    sign_in_where_sent(world, "Ann")
    must_show(world, "Ann")


# --- signing out ---


def test_a_device_gets_the_browsers_session(world: World, browsers: FakeBrowsers) -> None:
    be_signed_in(world, "Ann", "laptop")
    laptop = world.device("Ann", "laptop")
    session = world.deployment.access.browser_session(laptop)
    assert session.cookies == browsers.current.jar
    assert world.deployment.identity.is_session_of(laptop.person, session, "Ann")


def test_a_sign_in_that_fails_is_a_precondition_that_failed(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "after_sign_in", "/signin")
    with pytest.raises(NotTested, match=r"expected that the browser shows Ann's own at /tasks first; "):
        be_signed_in(world, "Ann", "laptop")


def test_the_button_signs_out(world: World, browsers: FakeBrowsers) -> None:
    be_signed_in(world, "Ann", "laptop")
    press_sign_out(world)
    assert world.recall(Ended).by == "sign-out"
    assert not browsers.current.jar


def test_a_button_that_leads_nowhere_is_a_precondition_that_failed(world: World, browsers: FakeBrowsers) -> None:
    be_signed_in(world, "Ann", "laptop")
    browsers.current.sign_out = lambda: None  # type: ignore[method-assign]
    with pytest.raises(NotTested, match="the sign-out button leads away from the protected page"):
        be_signed_out(world)


# --- a wrong password ---


def test_a_wrong_password_is_told_and_the_form_stays(world: World, browsers: FakeBrowsers) -> None:
    sign_in_wrongly(world, "Ann")
    must_be_told(world)
    must_not_be_signed_in(world)
    must_work_with_right_password(world, "Ann")


def test_one_that_is_not_told_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    sign_in_wrongly(world, "Ann")
    browsers.current.show("/signin", "Please try again")
    with pytest.raises(Unmet, match=f'the page says "{WRONG}"'):
        must_be_told(world)


def test_one_that_signs_in_all_the_same_is_found_out(
    world: World, backend: FakeBackend, browsers: FakeBrowsers
) -> None:
    backend.routes[SIGN_IN] = lambda sent: backend.admitted(backend.accounts[sent.fields["email"]])
    sign_in_wrongly(world, "Ann")
    browsers.current.show("/tasks", WRONG)
    with pytest.raises(Unmet, match="the page says"):
        must_be_told(world)
    with pytest.raises(Unmet, match="the browser is not signed in"):
        must_not_be_signed_in(world)


def test_a_form_that_stays_dead_is_found_out(world: World, backend: FakeBackend, browsers: FakeBrowsers) -> None:
    sign_in_wrongly(world, "Ann")
    backend.routes[SIGN_IN] = said(Answer(401))
    with pytest.raises(Unmet, match="the browser shows Ann's own"):
        must_work_with_right_password(world, "Ann")


# --- where sign-in leads ---


def test_a_destination_that_is_not_followed_is_fine(world: World, browsers: FakeBrowsers) -> None:
    sign_in_towards_elsewhere(world, "Ann", "https://evil.invalid/x")
    assert "&redirectTo=https%3A%2F%2Fevil.invalid%2Fx&" in browsers.current.asked[0]
    must_not_have_left(world)
    control_sign_in_without_target(world, "Ann")


def test_one_that_is_followed_is_found_out(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "left_for", "https://evil.invalid/x")
    sign_in_towards_elsewhere(world, "Ann", "https://evil.invalid/x")
    with pytest.raises(
        Unmet, match=r"stays within the deployment; the browser was sent to https://evil.invalid/x"
    ):
        must_not_have_left(world)


def refusing(window: FakeWindow) -> None:
    """Have a form that was opened with a destination sign nobody in."""
    proper = window.sign_in

    def sign_in_without() -> None:
        if "next" in window.history[-1][0]:
            window.show("/signin", "Bad destination")
        else:
            proper()

    window.sign_in = sign_in_without  # type: ignore[method-assign]


def test_a_page_that_refuses_it_signs_in_without(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = refusing
    sign_in_towards_elsewhere(world, "Ann", "https://evil.invalid/x")
    must_not_have_left(world)
    control_sign_in_without_target(world, "Ann")
    assert browsers.current.at("/tasks")


def test_one_that_signs_nobody_in_at_all_proves_nothing(world: World, browsers: FakeBrowsers) -> None:
    browsers.prepare = lambda window: setattr(window, "after_sign_in", "/signin")
    sign_in_towards_elsewhere(world, "Ann", "https://evil.invalid/x")
    with pytest.raises(NotTested, match="expected that the browser shows Ann's own"):
        control_sign_in_without_target(world, "Ann")


# --- without a browser ---


def test_a_world_without_browsers_is_our_error(world: World) -> None:
    with pytest.raises(HarnessError, match="wants a browser"):
        open_window(world)


def test_a_second_person_signs_in_in_the_same_window(world: World, browsers: FakeBrowsers) -> None:
    sign_in(world, "Ann")
    press_sign_out(world)
    sign_in_on_page(world, "Bob")
    must_show(world, "Bob")
    assert len(browsers.windows) == 1
