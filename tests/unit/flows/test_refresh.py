"""A refresh token works once, for its owner, and for nothing but refreshing."""

from __future__ import annotations

import time

import pytest

from harness.core.errors import Unavailable
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.deployment.errors import EndOutOfReach
from harness.deployment.expiry import Expiry
from harness.deployment.refusal import ControlFailed
from harness.flows.access_token import control_task_call
from harness.flows.common import sign_in, sign_out
from harness.flows.refresh import (
    Presentations,
    RefreshedToken,
    capture_refresh,
    control_refresh,
    must_have_yielded_nothing,
    must_open_tasks,
    present_access_token,
    present_captured,
    present_refresh_token,
    present_successor,
    refresh,
)
from harness.flows.refresh_exchange import present
from harness.scenario.cast import Cast
from harness.scenario.world import World
from tests.support.fake_backend import UNAUTHENTICATED, Account, FakeBackend, signed
from tests.support.fake_client import WEB, Answer, FakeClient, Sent
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
    line = 'write `refreshed_pointer = "/token"` in [credentials.token].'
    assert failed.value.remedy == f"A guess, by its name and form: {line}"


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


def test_one_that_yields_only_a_new_refresh_token_is_found_out(laptop: World, backend: FakeBackend) -> None:
    def refresh_only(sent: Sent) -> Answer:
        if sent.fields["refreshToken"] in backend.refresh_tokens:
            return FakeBackend.refresh(backend, sent)
        following = f"refresh-number-{backend.number()}"
        backend.refresh_tokens[following] = backend.accounts[laptop.person("Ann").email]
        return Answer(200, {"refreshToken": following})

    backend.routes[REFRESH] = refresh_only
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    present_captured(laptop)
    with pytest.raises(Unmet, match="it yielded a new refresh token, which yields an access token"):
        must_have_yielded_nothing(laptop)


@pytest.mark.parametrize("given", ["dead", "the same"])
def test_one_that_yields_a_dead_refresh_token_yields_nothing(
    laptop: World, backend: FakeBackend, given: str
) -> None:
    def dead(sent: Sent) -> Answer:
        used = sent.fields["refreshToken"]
        if used in backend.refresh_tokens:
            return FakeBackend.refresh(backend, sent)
        return Answer(401, {"refreshToken": used if given == "the same" else "refresh-number-of-nobody"})

    backend.routes[REFRESH] = dead
    capture_refresh(laptop, "Ann")
    refresh(laptop, "Ann")
    present_captured(laptop)
    must_have_yielded_nothing(laptop)


# --- used again within the declared interval ---


INTERVAL = "[credentials.refresh]\nreuse_interval = 10\n"


class Graceful(FakeBackend):
    """A used refresh token works for ten seconds more; after that its use ends the family."""

    gives = "sibling"
    ends_siblings = True
    seconds = 10.0

    def __init__(self) -> None:
        super().__init__()
        self.used: dict[str, tuple[float, str]] = {}
        self.families: dict[str, set[str]] = {}

    def admitted(self, account: Account) -> Answer:
        answer = super().admitted(account)
        self.families[answer.body["refreshToken"]] = {answer.body["refreshToken"]}
        return answer

    def refresh(self, sent: Sent) -> Answer:
        token = sent.fields["refreshToken"]
        family = next((one for one in self.families.values() if token in one), set())
        if token in self.used:
            at, successor = self.used[token]
            account = next((self.refresh_tokens[one] for one in family if one in self.refresh_tokens), None)
            if account is not None and time.time() < at + self.seconds:
                return self.given(account, family, successor if self.gives == "same" else None)
            for one in family:
                if self.ends_siblings or not one.startswith("sibling"):
                    self.refresh_tokens.pop(one, None)
            return UNAUTHENTICATED
        account = self.refresh_tokens.get(token)
        if account is None:
            return UNAUTHENTICATED
        answer = self.given(account, family, None, "refresh")
        del self.refresh_tokens[token]
        self.used[token] = (time.time(), answer.body["refreshToken"])
        return answer

    def given(self, account: Account, family: set[str], same: str | None, word: str = "sibling") -> Answer:
        following = same or f"{word}-number-{self.number()}"
        family.add(following)
        self.refresh_tokens[following] = account
        return Answer(200, {"token": signed(account), "refreshToken": following})


@pytest.fixture
def graceful() -> Graceful:
    return Graceful()


def scenario(backend: Graceful, cast: Cast | None = None, max_wait: float = 15) -> World:
    """A scenario in which Ann is also signed in on her laptop; ``cast`` is that of an earlier one."""
    world = world_of(FakeClient(backend), INTERVAL)
    world = World(cast or world.cast, world.deployment, Expiry(world.target, max_wait))
    with_people(world, "Ann")
    sign_in(world, "Ann", "laptop")
    capture_refresh(world, "Ann")
    return world


@pytest.mark.parametrize("gives", ["sibling", "same"])
def test_a_used_one_yields_nothing_after_its_interval(graceful: Graceful, waits: list[float], gives: str) -> None:
    graceful.gives = gives
    world = scenario(graceful)
    refresh(world, "Ann")
    present_captured(world)
    present_successor(world, "Ann")
    must_have_yielded_nothing(world)
    assert [round(wait) for wait in waits] == [12]
    assert world.notes == ["presented after the declared reuse interval of 10 s"]
    assert len(world.recall(Presentations).made) == (3 if gives == "sibling" else 2)


def test_the_wait_is_shared_by_two_scenarios(graceful: Graceful, waits: list[float]) -> None:
    first = scenario(graceful)
    refresh(first, "Ann")
    present_captured(first)
    must_have_yielded_nothing(first)
    second = scenario(graceful, first.cast)
    refresh(second, "Ann")
    present_captured(second)
    present_successor(second, "Ann")
    must_have_yielded_nothing(second)
    assert [round(wait) for wait in waits] == [12, 0]
    third = scenario(graceful, first.cast)
    refresh(third, "Ann")
    present_captured(third)
    must_have_yielded_nothing(third)
    assert [round(wait) for wait in waits] == [12, 0, 12]


def test_a_spare_family_that_ended_meanwhile_is_not_used(graceful: Graceful, waits: list[float]) -> None:
    first = scenario(graceful)
    refresh(first, "Ann")
    present_captured(first)
    graceful.refresh_tokens.clear()
    second = scenario(graceful, first.cast)
    refresh(second, "Ann")
    present_captured(second)
    must_have_yielded_nothing(second)
    assert [round(wait) for wait in waits] == [12, 12]


def test_one_that_works_after_its_interval_is_found_out(graceful: Graceful, waits: list[float]) -> None:
    graceful.seconds = float("inf")
    world = scenario(graceful)
    refresh(world, "Ann")
    present_captured(world)
    with pytest.raises(Unmet, match="a used refresh token yields nothing; it yielded a new access token"):
        must_have_yielded_nothing(world)


def test_a_sibling_that_outlives_the_family_is_found_out(graceful: Graceful, waits: list[float]) -> None:
    graceful.ends_siblings = False
    world = scenario(graceful)
    refresh(world, "Ann")
    present_captured(world)
    present_successor(world, "Ann")
    with pytest.raises(Unmet, match="the sibling that a reuse within the interval yielded yields nothing"):
        must_have_yielded_nothing(world)


def test_one_that_is_refused_at_once_is_not_waited_for(graceful: Graceful, waits: list[float]) -> None:
    graceful.seconds = 0.0
    world = scenario(graceful, max_wait=0)
    refresh(world, "Ann")
    present_captured(world)
    present_successor(world, "Ann")
    must_have_yielded_nothing(world)
    assert waits == []


def test_a_family_that_ended_within_the_interval_proves_nothing(graceful: Graceful, waits: list[float]) -> None:
    world = scenario(graceful)
    refresh(world, "Ann")
    graceful.refresh_tokens.clear()
    with pytest.raises(ControlFailed, match="after the reuse interval of 10 s Ann's laptop's live refresh token"):
        present_captured(world)


def test_an_interval_beyond_the_longest_wait_is_out_of_reach(graceful: Graceful, waits: list[float]) -> None:
    world = scenario(graceful, max_wait=5)
    refresh(world, "Ann")
    with pytest.raises(EndOutOfReach, match="later than the 5 s that --max-wait allows") as far:
        present_captured(world)
    assert far.value.remedy == "Run with --max-wait 12."
    assert waits == []


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


# --- an access token in its place ---


def test_an_access_token_yields_nothing(laptop: World, client: FakeClient) -> None:
    live = laptop.device("Ann", "laptop").refresh_token
    present_access_token(laptop, "Ann")
    must_have_yielded_nothing(laptop)
    control, attack = client.sent[-2:]
    assert control.fields["refreshToken"] == live
    assert attack.fields["refreshToken"] == laptop.recall(RefreshedToken).value
    assert attack.cookies == {}


def test_an_access_token_that_refreshes_is_found_out(laptop: World, backend: FakeBackend) -> None:
    def taking_both(sent: Sent) -> Answer:
        if sent.fields["refreshToken"].startswith("eyJ"):
            return Answer(200, {"token": sent.fields["refreshToken"]})
        return FakeBackend.refresh(backend, sent)

    backend.routes[REFRESH] = taking_both
    present_access_token(laptop, "Ann")
    with pytest.raises(Unmet, match="in place of a refresh token yields nothing; it yielded a new access token"):
        must_have_yielded_nothing(laptop)


def test_a_token_that_is_both_is_no_other_one(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = said(Answer(200, {"token": "t" * 20, "refreshToken": "t" * 20}))
    with pytest.raises(NotApplicable, match="refreshes with the access token itself"):
        present_access_token(laptop, "Ann")


def test_without_a_live_refresh_token_its_refusal_proves_nothing(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = said(UNAUTHENTICATED)
    with pytest.raises(NotTested, match="a live refresh token yields a new token first"):
        present_access_token(laptop, "Ann")


@pytest.mark.parametrize("value", ["of a single sign-on", "the refresh token"])
def test_a_cookie_that_refreshes_too_is_not_sent_beside_it(
    client: FakeClient, backend: FakeBackend, value: str
) -> None:
    """Where the CSRF token is fetched, nothing tells which of the cookies it belongs to."""
    backend.routes["GET /form"] = lambda _: Answer(200, {"csrf": "token"}, [("Set-Cookie", "csrf=token; Path=/")])

    def by_cookie_too(sent: Sent) -> Answer:
        assert sent.cookies.get("csrf") == sent.header("x-csrf") == "token"
        if "renewal" in sent.cookies:
            return Answer(200, {"token": signed(account), "refreshToken": "x" * 20})
        return FakeBackend.refresh(backend, sent)

    fetched = '[csrf]\nkind = "fetched"\nfetch = "/form"\npointer = "/csrf"\nheader = "X-CSRF"\n'
    world = with_people(world_of(client, fetched), "Ann")
    sign_in(world, "Ann", "laptop")
    account = backend.accounts[world.person("Ann").email]
    laptop = world.device("Ann", "laptop")
    kept = laptop.refresh_token if value == "the refresh token" else "1"
    laptop.jar.store([f"renewal={kept}; Path=/"], f"{WEB}/")
    backend.routes[REFRESH] = by_cookie_too
    present_access_token(world, "Ann")
    must_have_yielded_nothing(world)
    if value == "the refresh token":
        assert present(world, laptop, "a dead one").access is None
