"""A captured session or token is dead where it must be, and nothing else died with it."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.deployment.errors import NotSignedIn
from harness.flows.captured import (
    capture,
    capture_token,
    control_captured,
    control_captured_at,
    must_be_dead,
    must_be_dead_at_all,
    must_end_as_declared,
    must_sign_in_again,
    must_still_open,
)
from harness.flows.common import sign_in, sign_out
from harness.flows.frozen_copies import CapturedToken
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient
from tests.support.scenario import BROKEN, LIST, SESSION, SIGN_IN, SIGN_OUT, TOKEN, said, with_people, world_of

PLACES = ["session endpoint", "token endpoint", "protected page", "task list"]
DONE = said(Answer(200, {"success": True}))


@pytest.fixture
def captured(world: World) -> World:
    """The session of Ann's laptop was captured; it opens every place."""
    sign_in(world, "Ann", "laptop")
    capture(world, "Ann", "laptop")
    control_captured_at(world, "Ann", PLACES)
    return world


def test_a_session_that_was_signed_out_is_dead_everywhere(captured: World) -> None:
    sign_out(captured, "Ann", "laptop")
    must_be_dead_at_all(captured, "Ann")
    for place in PLACES:
        must_still_open(captured, "Ann", "first device", place)


@pytest.mark.parametrize("place", PLACES)
def test_one_that_lives_on_is_found_out(captured: World, backend: FakeBackend, place: str) -> None:
    backend.routes[SIGN_OUT] = DONE
    sign_out(captured, "Ann", "laptop")
    with pytest.raises(Unmet, match=f"the captured session at the {place} is refused"):
        must_be_dead(captured, "Ann", place)


def test_a_crash_is_no_refusal(captured: World, backend: FakeBackend) -> None:
    sign_out(captured, "Ann", "laptop")
    backend.routes[SESSION] = said(BROKEN)
    with pytest.raises(Unmet, match="500 came"):
        must_be_dead(captured, "Ann", "session endpoint")


def test_what_was_not_seen_to_open_is_not_judged(world: World) -> None:
    capture(world, "Ann", "first device")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_dead(world, "Ann", "session endpoint")


def test_a_session_that_opens_nothing_to_begin_with_proves_nothing(world: World, backend: FakeBackend) -> None:
    capture(world, "Ann", "first device")
    backend.sessions.clear()
    with pytest.raises(NotTested, match="the control failed"):
        control_captured(world, "Ann", "session endpoint")


def test_not_even_a_declaration_stands_in_for_the_control(client: FakeClient) -> None:
    declared = '[credentials.session]\nafter_sign_out = "until it ends"\nmax_lifetime = 900\n'
    world = with_people(world_of(client, declared), "Ann")
    capture(world, "Ann", "first device")
    sign_out(world, "Ann", "first device")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_dead(world, "Ann", "session endpoint")


def test_places_that_the_deployment_has_not_are_left_out(client: FakeClient) -> None:
    world = with_people(world_of(client, "pages = false"), "Ann")
    capture(world, "Ann", "first device")
    control_captured_at(world, "Ann", ["protected page", "session endpoint"])
    assert [*world.judge.controls] == ["captured: session endpoint"]
    with pytest.raises(NotApplicable, match="declares no pages"):
        control_captured_at(world, "Ann", ["protected page"])


# --- what must not die ---


def test_another_device_that_lost_its_session_is_found_out(captured: World, backend: FakeBackend) -> None:
    backend.sessions.clear()
    with pytest.raises(Unmet, match="Ann's first device opens the session endpoint"):
        must_still_open(captured, "Ann", "first device", "session endpoint")


def test_a_cookie_that_was_taken_away_is_found_out(captured: World) -> None:
    captured.device("Ann", "first device").jar.clear()
    with pytest.raises(Unmet, match="Ann's first device is still signed in; its session was taken away"):
        must_still_open(captured, "Ann", "first device", "session endpoint")


def test_where_sign_out_ends_every_device_signing_in_is_enough(client: FakeClient, backend: FakeBackend) -> None:
    world = with_people(world_of(client, '[operations.sign_out]\nends = "every device"\n'), "Ann")
    backend.sessions.clear()
    must_still_open(world, "Ann", "first device", "session endpoint")


def test_whoever_can_not_sign_in_again_leaves_it_open(world: World, backend: FakeBackend) -> None:
    must_sign_in_again(world, "Ann", "session endpoint")
    backend.routes[SIGN_IN] = said(Answer(401))
    with pytest.raises(NotSignedIn):
        must_sign_in_again(world, "Ann", "session endpoint")


# --- access tokens ---


def test_a_token_that_dies_with_sign_out_must(world: World, backend: FakeBackend) -> None:
    capture_token(world, "Ann", "first device")
    sign_out(world, "Ann", "first device")
    with pytest.raises(Unmet, match="the captured token after sign-out is refused"):
        must_end_as_declared(world, "Ann")
    backend.routes[LIST] = said(Answer(401))
    must_end_as_declared(world, "Ann")


def test_one_that_by_declaration_lives_on_has_to_end_soon(client: FakeClient) -> None:
    declared = '[credentials.token]\nafter_sign_out = "until it ends"\nmax_lifetime = {}\n'
    for limit, is_fine in ((3600, True), (60, False)):
        world = with_people(world_of(client, declared.format(limit)), "Ann")
        capture_token(world, "Ann", "first device")
        sign_out(world, "Ann", "first device")
        if is_fine:
            must_end_as_declared(world, "Ann")
            assert world.notes == ["declared to live on until it ends, within 3600 s"]
        else:
            with pytest.raises(Unmet, match="a token that outlives sign-out ends within 60 s"):
                must_end_as_declared(world, "Ann")


def test_a_token_that_opens_nothing_to_begin_with_proves_nothing(world: World, backend: FakeBackend) -> None:
    backend.routes[TOKEN] = said(Answer(200, {"token": "a.b.c"}))
    world.device("Ann", "first device").access_token = None
    with pytest.raises(NotTested, match="the control failed"):
        capture_token(world, "Ann", "first device")


def test_one_that_was_not_seen_to_open_anything_is_not_judged(client: FakeClient) -> None:
    for declared in ("", '[credentials.token]\nafter_sign_out = "until it ends"\nmax_lifetime = 3600\n'):
        world = with_people(world_of(client, declared), "Ann")
        world.remember(CapturedToken(world.deployment.access.access_token(world.device("Ann", "first device"))))
        sign_out(world, "Ann", "first device")
        with pytest.raises(HarnessError, match="judged without a control"):
            must_end_as_declared(world, "Ann")
