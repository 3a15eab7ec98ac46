"""What a sign-in and a sign-out do to other sessions of their user."""

from __future__ import annotations

import pytest

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.flows.captured import capture, control_captured
from harness.flows.common import sign_in_also, sign_out
from harness.flows.session_before_signin import must_have_ended, sign_in_once_more
from harness.flows.signout_other_devices import must_be_as_declared
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, SIGN_OUT, with_people, world_of

EVERY_DEVICE = '[operations.sign_out]\nends = "every device"\n'


def with_laptop(client: FakeClient, captured: str, changes: str = "") -> World:
    world = with_people(world_of(client, changes), "Ann")
    sign_in_also(world, "Ann", "laptop")
    capture(world, "Ann", captured)
    control_captured(world, "Ann", "session endpoint")
    return world


def end_all(backend: FakeBackend) -> None:
    def route(sent: Sent) -> Answer:
        backend.sessions.clear()
        return FakeBackend.sign_out(backend, sent)

    backend.routes[SIGN_OUT] = route


@pytest.mark.parametrize("declared", ["", EVERY_DEVICE], ids=["this device", "every device"])
@pytest.mark.parametrize("ends_all", [False, True])
def test_a_sign_out_ends_what_is_declared(
    client: FakeClient, backend: FakeBackend, declared: str, ends_all: bool
) -> None:
    world = with_laptop(client, "first device", declared)
    if ends_all:
        end_all(backend)
    sign_out(world, "Ann", "laptop")
    if ends_all == bool(declared):
        must_be_as_declared(world, "Ann", "first device")
        return
    expected = "of all devices .* still signs in" if declared else "of this device alone .* signs in no more"
    with pytest.raises(Unmet, match=expected):
        must_be_as_declared(world, "Ann", "first device")


def test_what_no_sign_out_ends_is_not_judged(client: FakeClient) -> None:
    world = with_laptop(client, "first device", '[credentials.session]\nafter_sign_out = "until it ends"\n')
    with pytest.raises(NotApplicable, match="outlives sign-out until it ends"):
        must_be_as_declared(world, "Ann", "first device")


# --- signing in once more ---


def ending_the_one_before(backend: FakeBackend) -> None:
    def sign_in(sent: Sent) -> Answer:
        backend.sessions.pop(sent.cookies.get(COOKIE, ""), None)
        return FakeBackend.sign_in(backend, sent)

    backend.routes[SIGN_IN] = sign_in


def test_a_sign_in_that_ends_the_session_before_it_is_right(client: FakeClient, backend: FakeBackend) -> None:
    world = with_laptop(client, "laptop")
    ending_the_one_before(backend)
    sign_in_once_more(world, "Ann", "laptop")
    must_have_ended(world, "Ann")


def test_one_that_leaves_it_is_found_out(client: FakeClient) -> None:
    world = with_laptop(client, "laptop")
    sign_in_once_more(world, "Ann", "laptop")
    with pytest.raises(
        Unmet, match="once more on Ann's laptop ends the session that it had; a copy of that one still"
    ):
        must_have_ended(world, "Ann")


def test_a_sign_in_that_signs_in_nobody_is_no_control(client: FakeClient, backend: FakeBackend) -> None:
    world = with_laptop(client, "laptop")
    sign_in_once_more(world, "Ann", "laptop")
    backend.sessions.clear()
    with pytest.raises(NotTested, match="after signing in once more Ann's laptop is not signed in"):
        must_have_ended(world, "Ann")


def test_where_a_session_refuses_a_sign_in_there_is_nothing_to_end(
    client: FakeClient, backend: FakeBackend
) -> None:
    world = with_laptop(client, "laptop")

    def sign_in(sent: Sent) -> Answer:
        is_there = backend.sessions.get(sent.cookies.get(COOKIE, "")) is not None
        return Answer(409, {"message": "Sign out first"}) if is_there else FakeBackend.sign_in(backend, sent)

    backend.routes[SIGN_IN] = sign_in
    with pytest.raises(NotApplicable, match="Where a session is live signing in is refused"):
        sign_in_once_more(world, "Ann", "laptop")


def test_the_same_session_again_is_judged_elsewhere(client: FakeClient, backend: FakeBackend) -> None:
    world = with_laptop(client, "laptop")
    value = world.device("Ann", "laptop").jar.cookies_for(world.deployment.url("session"))[COOKIE]
    cookie = ("Set-Cookie", f"{COOKIE}={value}; Path=/; HttpOnly")
    backend.routes[SIGN_IN] = lambda _: Answer(200, {"user": {}}, [cookie])
    with pytest.raises(NotTested, match="gave that session again"):
        sign_in_once_more(world, "Ann", "laptop")
    assert client.paused == [pytest.approx(1.1)], "a value of the second is another one in the next"


def test_a_session_of_the_same_second_is_asked_for_again(client: FakeClient, backend: FakeBackend) -> None:
    world = with_laptop(client, "laptop")
    value = world.device("Ann", "laptop").jar.cookies_for(world.deployment.url("session"))[COOKIE]
    cookie = ("Set-Cookie", f"{COOKIE}={value}; Path=/; HttpOnly")
    backend.routes[SIGN_IN] = lambda sent: (
        FakeBackend.sign_in(backend, sent) if client.paused else Answer(200, {"user": {}}, [cookie])
    )
    sign_in_once_more(world, "Ann", "laptop")
    with pytest.raises(Unmet, match="a copy of that one still signs in"):
        must_have_ended(world, "Ann")
