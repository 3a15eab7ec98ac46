"""One refresh token at the same moment: once, or within one family in a declared interval."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from harness.core.exchange import NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import EndOutOfReach, NotThere
from harness.deployment.expiry import Expiry
from harness.deployment.refusal import ControlFailed
from harness.flows.common import sign_in
from harness.flows.refresh_race import Race, must_have_yielded_once, present_in_rounds
from harness.scenario.world import World
from harness.wire.together import Outgoing
from tests.support.fake_backend import UNAUTHENTICATED, FakeBackend, signed
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import REFRESH, SIGN_IN, said, with_people, world_of

INTERVAL = "[credentials.refresh]\nreuse_interval = 10\n"


@pytest.fixture
def laptop(world: World) -> World:
    sign_in(world, "Ann", "laptop")
    return world


def raced(world: World, times: int = 5, rounds: int = 3) -> World:
    present_in_rounds(world, "Ann", times, rounds)
    must_have_yielded_once(world)
    return world


def asked(client: FakeClient) -> list[str]:
    """The refresh tokens that were presented, by their number of appearance."""
    sent = [one.fields["refreshToken"] for one in client.sent if one.path.endswith("/refresh")]
    names = {token: str(number) for number, token in enumerate(dict.fromkeys(sent))}
    return [names[token] for token in sent]


def test_one_that_yields_once_passes_in_each_round(laptop: World, client: FakeClient) -> None:
    raced(laptop)
    assert "".join(asked(client)) == "000000111111222222"
    assert laptop.notes == ["in 3 of 3 rounds a live refresh token was presented 5 times at the same moment"]
    assert sum(exchange.together for exchange in client.history) == 15


def reusing(backend: FakeBackend, uses: int) -> Callable[[Sent], Answer]:
    """A refresh token works so many times."""
    used: dict[str, int] = {}

    def refresh(sent: Sent) -> Answer:
        token = sent.fields["refreshToken"]
        account = backend.refresh_tokens.get(token)
        used[token] = used.get(token, 0) + 1
        if account is None or used[token] > uses:
            return UNAUTHENTICATED
        following = f"refresh-number-{backend.number()}"
        backend.refresh_tokens[following] = account
        return Answer(200, {"token": signed(account), "refreshToken": following})

    return refresh


@pytest.mark.parametrize(
    ("uses", "often"), [(2, "2 times"), (5, "5 times"), (6, "5 times, and once more afterwards")]
)
def test_one_that_yields_more_than_once_is_found_out(
    laptop: World, backend: FakeBackend, client: FakeClient, uses: int, often: str
) -> None:
    backend.routes[REFRESH] = reusing(backend, uses)
    with pytest.raises(Unmet) as failed:
        raced(laptop)
    assert failed.value.expected == (
        "that a refresh token, presented 5 times at the same moment, yields a token once"
    )
    assert failed.value.came == f"it yielded one {often} (round 1 of 3)"
    assert len(failed.value.exchanges) == uses
    assert len(asked(client)) == 6


def test_luck_is_tried_again(laptop: World, backend: FakeBackend) -> None:
    """The second round is the one in which two of them meet."""
    once, twice = reusing(backend, 1), reusing(backend, 2)
    first = laptop.device("Ann", "laptop").refresh_token
    backend.routes[REFRESH] = lambda sent: (once if sent.fields["refreshToken"] == first else twice)(sent)
    with pytest.raises(Unmet, match=r"it yielded one 2 times \(round 2 of 3\)"):
        raced(laptop)


def test_one_more_afterwards_is_found_out(laptop: World, backend: FakeBackend) -> None:
    calls = iter(range(100))

    def refresh(sent: Sent) -> Answer:
        account = backend.accounts[laptop.person("Ann").email]
        is_let_in = next(calls) in (0, 5)
        return Answer(200, {"token": signed(account), "refreshToken": "x" * 20}) if is_let_in else UNAUTHENTICATED

    backend.routes[REFRESH] = refresh
    with pytest.raises(Unmet, match="it yielded one once, and once more afterwards"):
        raced(laptop)


def test_all_refused_and_then_one_that_yields_is_once(laptop: World, backend: FakeBackend) -> None:
    """Each of them gave way to the others, and the token is as live as before."""
    calls = iter(range(100))

    def refresh(sent: Sent) -> Answer:
        return Answer(409) if next(calls) % 6 < 5 else FakeBackend.refresh(backend, sent)

    backend.routes[REFRESH] = refresh
    raced(laptop)


def test_a_new_refresh_token_that_is_dead_is_no_yield(laptop: World, backend: FakeBackend) -> None:
    def refresh(sent: Sent) -> Answer:
        if sent.fields["refreshToken"] in backend.refresh_tokens:
            return FakeBackend.refresh(backend, sent)
        return Answer(401, {"refreshToken": "dead" * 5})

    backend.routes[REFRESH] = refresh
    raced(laptop)


# --- what can't be known ---


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_was_turned_away_shows_nothing(laptop: World, backend: FakeBackend, status: int) -> None:
    def refresh(sent: Sent) -> Answer:
        return (
            FakeBackend.refresh(backend, sent)
            if sent.fields["refreshToken"] in backend.refresh_tokens
            else (Answer(status))
        )

    laptop.deployment.client.throttle.limit = 1e6
    backend.routes[REFRESH] = refresh
    laptop.deployment.client.throttle.wait = lambda *_: None  # type: ignore[method-assign]
    afterwards = laptop.deployment.client.send

    def send(*arguments: object, **named: object) -> object:
        backend.routes[REFRESH] = said(UNAUTHENTICATED)
        try:
            return afterwards(*arguments, **named)  # type: ignore[arg-type]
        finally:
            backend.routes[REFRESH] = refresh

    laptop.deployment.client.send = send  # type: ignore[method-assign, assignment]
    with pytest.raises(NotTested, match=r"of 5 presentations .* no two were decided") as failed:
        raced(laptop)
    assert "Raise the deployment's limits" in failed.value.remedy


def test_a_crash_of_those_that_lose_is_seen_to_yield_nothing(laptop: World, backend: FakeBackend) -> None:
    def refresh(sent: Sent) -> Answer:
        answer = FakeBackend.refresh(backend, sent)
        return answer if answer.status == 200 else Answer(500)

    backend.routes[REFRESH] = refresh
    raced(laptop)


def test_lost_connections_are_no_failure(
    laptop: World, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lose(client, monkeypatch, range(2))
    raced(laptop)


def test_where_all_connections_are_lost_nothing_is_known(
    laptop: World, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lose(client, monkeypatch, range(5))
    with pytest.raises(NotTested, match=r"none of 5 presentations .* was answered"):
        raced(laptop)


def _lose(client: FakeClient, monkeypatch: pytest.MonkeyPatch, lost: range) -> None:
    whole = client._exchange_together

    def partly(requests: list[Outgoing]) -> list[object]:
        kept = iter(whole(requests[len(lost) :]))
        return [
            NoAnswer(one.method, one.url, "connection closed", timed_out=False) if number in lost else next(kept)
            for number, one in enumerate(requests)
        ]

    monkeypatch.setattr(client, "_exchange_together", partly)


def test_a_refresh_that_is_not_there_is_reported_with_what_to_write(laptop: World, backend: FakeBackend) -> None:
    del backend.routes[REFRESH]
    with pytest.raises(NotThere, match=r"^refresh: POST "):
        raced(laptop)


def test_a_live_token_that_never_yields_proves_nothing(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = said(UNAUTHENTICATED)
    with pytest.raises(NotTested, match="the control failed: of 5 presentations of a live refresh token"):
        raced(laptop)


def test_where_no_further_sign_in_is_allowed_the_rounds_so_far_are_judged(
    laptop: World, backend: FakeBackend
) -> None:
    backend.routes[SIGN_IN] = said(UNAUTHENTICATED)
    raced(laptop)
    assert laptop.notes[-1].startswith("in 1 of 3 rounds ")


# --- within a declared interval ---


class Interval(FakeBackend):
    """A used refresh token gives siblings for a while; after that its use ends what belongs to it."""

    outliving = False
    """Whether all but one successor are of no family."""
    ends = True
    seconds = 10.0
    same = False

    def __init__(self) -> None:
        super().__init__()
        self.used: dict[str, float] = {}
        self.family: set[str] = set()

    def refresh(self, sent: Sent) -> Answer:
        token = sent.fields["refreshToken"]
        account = self.refresh_tokens.get(token)
        if account is None:
            return UNAUTHENTICATED
        if time.time() > self.used.setdefault(token, time.time()) + self.seconds:
            if self.ends:
                for one in self.family:
                    self.refresh_tokens.pop(one, None)
            self.refresh_tokens.pop(token, None)
            return UNAUTHENTICATED
        following = f"successor-of-{token}" if self.same else f"refresh-number-{self.number()}"
        self.refresh_tokens[following] = account
        if not self.outliving or not self.family or token in self.family:
            self.family.add(following)
        return Answer(200, {"token": signed(account), "refreshToken": following})


def declared(backend: FakeBackend, max_wait: float = 15) -> World:
    made = world_of(FakeClient(backend), INTERVAL)
    world = World(made.cast, made.deployment, Expiry(made.target, max_wait))
    with_people(world, "Ann")
    sign_in(world, "Ann", "laptop")
    return world


@pytest.mark.parametrize("same", [False, True])
def test_siblings_within_the_declared_interval_are_right(waits: list[float], same: bool) -> None:
    backend = Interval()
    backend.same = same
    world = raced(declared(backend))
    assert [round(wait) for wait in waits] == [12]
    assert len(world.recall(Race).rounds) == 1


def test_an_interval_that_is_not_made_use_of_costs_no_wait(waits: list[float]) -> None:
    raced(declared(FakeBackend()))
    assert waits == []


def test_a_sibling_of_no_family_is_found_out(waits: list[float]) -> None:
    backend = Interval()
    backend.outliving = True
    with pytest.raises(Unmet, match="of one family; one of its successors yielded a new access token"):
        raced(declared(backend))


def test_a_token_that_works_after_its_interval_is_found_out(waits: list[float]) -> None:
    backend = Interval()
    backend.seconds = float("inf")

    def refresh(sent: Sent) -> Answer:
        # Its successors end with its use all the same, so that the families can be told apart.
        answer = Interval.refresh(backend, sent)
        if waits and sent.fields["refreshToken"] == first:
            for one in backend.family:
                backend.refresh_tokens.pop(one, None)
        return answer

    world = declared(backend)
    first = world.device("Ann", "laptop").refresh_token
    backend.routes[REFRESH] = refresh
    with pytest.raises(Unmet, match="of one family; the token itself yielded a new access token after"):
        raced(world)


def test_where_a_reuse_ends_nothing_families_are_not_known(waits: list[float]) -> None:
    backend = Interval()
    backend.ends = False
    with pytest.raises(NotTested, match=r"ended nothing, .* see refresh-reuse-ends-the-family"):
        raced(declared(backend))


def test_a_family_that_ended_within_the_interval_proves_nothing(waits: list[float]) -> None:
    backend = Interval()
    world = declared(backend)

    def refresh(sent: Sent) -> Answer:
        return UNAUTHENTICATED if waits else Interval.refresh(backend, sent)

    backend.routes[REFRESH] = refresh
    with pytest.raises(ControlFailed, match="after the reuse interval of 10 s"):
        raced(world)


def test_an_interval_beyond_the_longest_wait_is_out_of_reach(waits: list[float]) -> None:
    with pytest.raises(EndOutOfReach, match="--max-wait"):
        raced(declared(Interval(), max_wait=5))
