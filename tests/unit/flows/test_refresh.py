"""A refresh token works once, for its owner, and for nothing but refreshing."""

from __future__ import annotations

import pytest

from harness.core.errors import Unavailable
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.common import sign_in, sign_out
from harness.flows.refresh import (
    RefreshedToken,
    capture_refresh,
    control_refresh,
    must_have_yielded_nothing,
    must_open_tasks,
    present_captured,
    present_refresh_token,
    present_successor,
    refresh,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend, signed
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, REFRESH, said, with_people, world_of

IN_COOKIE = '[credentials.refresh]\nkind = "cookie"\nissued_by = "sign_in"\ncookie = "refresh"\n'


@pytest.fixture
def laptop(world: World) -> World:
    """Ann is signed in on her laptop too."""
    sign_in(world, "Ann", "laptop")
    return world


def reusable(backend: FakeBackend) -> None:
    """Every refresh token works as often as it is presented."""

    def refresh(sent: Sent) -> Answer:
        account = backend.refresh_tokens[sent.fields["refreshToken"]]
        return Answer(200, {"token": signed(account), "refreshToken": f"refresh-{backend.number()}"})

    backend.routes[REFRESH] = refresh


def test_a_live_refresh_token_yields_one_that_opens_tasks(laptop: World) -> None:
    refresh(laptop, "Ann")
    must_open_tasks(laptop, "Ann")


@pytest.mark.parametrize(
    ("answer", "came"),
    [(Answer(401), "it was answered 401"), (Answer(200, {"accessToken": "x"}), "it was answered 200")],
)
def test_one_that_yields_nothing_is_found_out(
    laptop: World, backend: FakeBackend, answer: Answer, came: str
) -> None:
    backend.routes[REFRESH] = said(answer)
    with pytest.raises(Unmet, match=f"a live refresh token yields a new token; {came}"):
        refresh(laptop, "Ann")


@pytest.mark.parametrize(
    ("key", "profile"),
    [
        ("credentials.token.refreshed_pointer", '[credentials.token]\nrefreshed_pointer = "/access/value"\n'),
        ("credentials.token.response_header", '[credentials.token]\nresponse_header = "X-Token"\n'),
    ],
)
def test_a_token_elsewhere_in_the_answer_is_the_profile_s_mistake(
    client: FakeClient, backend: FakeBackend, key: str, profile: str
) -> None:
    world = world_of(client, profile)
    world.introduce(world.cast.share("Ann"))
    sign_in(world, "Ann", "laptop")
    value = profile.split('"')[1]
    with pytest.raises(NotTested) as failed:
        refresh(world, "Ann")
    assert failed.value.reason == (
        f"refresh was answered 200 with no access token at {value} ({key}); the answer has /token."
    )
    assert failed.value.remedy == f"Correct {key} in the profile."


def test_a_refresh_that_is_not_there_is_reported_with_what_to_write(laptop: World, backend: FakeBackend) -> None:
    del backend.routes[REFRESH]
    with pytest.raises(
        Unavailable, match=r"^refresh: POST .* was answered 404: it is not where operations\.refresh"
    ):
        refresh(laptop, "Ann")
    with pytest.raises(Unavailable, match=r"^refresh: POST "):
        control_refresh(laptop, "Ann", "phone")


def test_a_token_of_another_person_is_found_out(laptop: World, backend: FakeBackend) -> None:
    bob = backend.accounts[laptop.person("Bob").email]
    backend.routes[REFRESH] = said(Answer(200, {"token": signed(bob)}))
    refresh(laptop, "Ann")
    with pytest.raises(Unmet, match="Ann sees the task"):
        must_open_tasks(laptop, "Ann")


def test_a_device_without_one_proves_nothing(laptop: World) -> None:
    laptop.device("Ann", "laptop").refresh_token = None
    with pytest.raises(NotTested, match="sign-in handed Ann's laptop no refresh token"):
        refresh(laptop, "Ann")


# --- used once ---


def test_a_used_one_and_its_successor_yield_nothing(laptop: World, backend: FakeBackend) -> None:
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    present_captured(laptop)
    must_have_yielded_nothing(laptop)
    backend.refresh_tokens.clear()
    present_successor(laptop, "Ann")
    must_have_yielded_nothing(laptop)


def test_a_used_one_that_works_again_is_found_out(laptop: World, backend: FakeBackend) -> None:
    reusable(backend)
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    present_captured(laptop)
    with pytest.raises(Unmet, match="a used refresh token yields nothing; it yielded a new access token"):
        must_have_yielded_nothing(laptop)


def test_a_successor_that_survives_a_reuse_is_found_out(laptop: World) -> None:
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    present_captured(laptop)
    present_successor(laptop, "Ann")
    with pytest.raises(Unmet, match="the successor of a reused refresh token yields nothing"):
        must_have_yielded_nothing(laptop)


def test_the_successor_is_the_one_that_the_refresh_gave(laptop: World, client: FakeClient) -> None:
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    present_captured(laptop)
    present_successor(laptop, "Ann")
    first, again, successor = (
        sent.fields["refreshToken"] for sent in client.sent if sent.path.endswith("refresh")
    )
    assert first == again != successor


def test_a_crash_is_no_refusal(laptop: World, backend: FakeBackend) -> None:
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    backend.routes[REFRESH] = said(BROKEN)
    present_captured(laptop)
    with pytest.raises(Unmet, match="a used refresh token is refused; 500 came"):
        must_have_yielded_nothing(laptop)


def test_what_no_live_one_was_seen_to_yield_is_not_judged(laptop: World) -> None:
    capture_refresh(laptop, "Ann")
    present_captured(laptop)
    with pytest.raises(HarnessError, match="remembered a RefreshedToken"):
        must_have_yielded_nothing(laptop)


def test_a_presentation_leaves_the_device_as_it_was(laptop: World) -> None:
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    held = laptop.device("Ann", "laptop").refresh_token
    present_captured(laptop)
    assert laptop.device("Ann", "laptop").refresh_token == held


# --- after sign-out ---


def test_one_that_outlives_sign_out_is_found_out(laptop: World, backend: FakeBackend) -> None:
    control_refresh(laptop, "Ann", "phone")
    capture_refresh(laptop, "Ann")
    sign_out(laptop, "Ann", "laptop")
    present_captured(laptop)
    with pytest.raises(Unmet, match="a refresh token after sign-out yields nothing"):
        must_have_yielded_nothing(laptop)


def test_a_refresh_that_does_not_work_proves_nothing(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = said(Answer(500))
    with pytest.raises(NotTested, match="the control failed: that a live refresh token yields a new token"):
        control_refresh(laptop, "Ann", "phone")


# --- in place of an access token ---


def test_it_opens_nothing_in_an_access_tokens_place(laptop: World) -> None:
    control_task_call(laptop, "Ann", "list")
    present_refresh_token(laptop, "Ann")
    laptop.judge.all_refused()


def test_one_that_opens_her_tasks_is_found_out(laptop: World, backend: FakeBackend) -> None:
    control_task_call(laptop, "Ann", "list")
    proper = backend.caller

    def caller(sent: Sent) -> object:
        token = (sent.header("authorization") or "").removeprefix("Bearer ")
        return backend.refresh_tokens.get(token) or proper(sent)

    backend.caller = caller  # type: ignore[method-assign, assignment]
    present_refresh_token(laptop, "Ann")
    with pytest.raises(Unmet, match=r"refresh token in place of an access token is refused; .*private text"):
        laptop.judge.all_refused()


# --- where it travels ---


def test_one_in_a_cookie_is_presented_in_that_cookie(client: FakeClient, backend: FakeBackend) -> None:
    world = with_people(world_of(client, IN_COOKIE), "Ann")
    sign_in(world, "Ann", "laptop")
    world.device("Ann", "laptop").refresh_token = "refresh-of-a-cookie"
    account = backend.accounts[world.person("Ann").email]
    backend.routes[REFRESH] = lambda _: Answer(
        200, {"token": signed(account)}, [("Set-Cookie", "refresh=2; Path=/")]
    )
    refresh(world, "Ann")
    assert client.sent[-1].cookies["refresh"] == "refresh-of-a-cookie"
    assert world.device("Ann", "laptop").refresh_token == "2"
    assert world.recall(RefreshedToken).value


def test_without_access_tokens_there_is_nothing_to_yield(client: FakeClient) -> None:
    world = world_of(client, "tasks = false\nproxy = false\n[credentials]\ntoken = false\n")
    world.introduce(world.cast.share("Ann"))
    sign_in(world, "Ann", "laptop")
    with pytest.raises(NotApplicable, match="no access token that a refresh token could yield"):
        refresh(world, "Ann")
