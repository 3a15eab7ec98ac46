"""A refresh token of two or three generations ago is as dead as the last one."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from harness.core.findings import Unmet
from harness.deployment.errors import NotThere
from harness.deployment.expiry import Expiry
from harness.flows.common import sign_in
from harness.flows.refresh import must_have_yielded_nothing
from harness.flows.refresh_generations import Generations, present_earlier, refresh_several_times
from harness.scenario.world import World
from tests.support.fake_backend import UNAUTHENTICATED, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import REFRESH, said, with_people, world_of


@pytest.fixture
def laptop(world: World) -> World:
    sign_in(world, "Ann", "laptop")
    return world


def judged(world: World) -> None:
    refresh_several_times(world, "Ann")
    present_earlier(world)
    must_have_yielded_nothing(world)


def test_the_first_and_the_second_are_presented(laptop: World, client: FakeClient) -> None:
    judged(laptop)
    first, second, third, again, another = [
        sent.fields["refreshToken"] for sent in client.sent if sent.path.endswith("/refresh")
    ]
    assert (again, another) == (first, second)
    assert len({first, second, third}) == 3


def remembering(backend: FakeBackend, is_dead: Callable[[int], bool]) -> Callable[[Sent], Answer]:
    """Takes a used token again unless ``is_dead`` of how many uses ago it was used."""
    used: list[str] = []

    def refresh(sent: Sent) -> Answer:
        token = sent.fields["refreshToken"]
        if token in used:
            if is_dead(len(used) - used.index(token)):
                return UNAUTHENTICATED
            backend.refresh_tokens[token] = next(iter(backend.refresh_tokens.values()))
        else:
            used.append(token)
        return FakeBackend.refresh(backend, sent)

    return refresh


@pytest.mark.parametrize(
    ("dead", "what"), [((1, 2), "three generations ago"), ((1, 3), "two generations ago"), ((1,), "three")]
)
def test_one_that_is_taken_again_is_found_out(
    laptop: World, backend: FakeBackend, dead: tuple[int, ...], what: str
) -> None:
    backend.routes[REFRESH] = remembering(backend, lambda ago: ago in dead)
    with pytest.raises(Unmet, match=f"a refresh token of {what}.* yields nothing; it yielded a new access token"):
        judged(laptop)


def test_the_one_just_before_the_live_one_is_no_matter_of_this(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = remembering(backend, lambda ago: ago > 1)
    judged(laptop)


def test_a_live_one_that_yields_nothing_is_found_out(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = said(UNAUTHENTICATED)
    with pytest.raises(Unmet, match="a live refresh token yields a new token"):
        judged(laptop)


def test_a_refresh_that_is_not_there_is_reported(laptop: World, backend: FakeBackend) -> None:
    del backend.routes[REFRESH]
    with pytest.raises(NotThere):
        judged(laptop)


def test_a_declared_interval_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + sum(waits))
    monkeypatch.setattr(time, "sleep", waits.append)
    made = world_of(FakeClient(FakeBackend()), "[credentials.refresh]\nreuse_interval = 10\n")
    world = World(made.cast, made.deployment, Expiry(made.target, 15.0))
    with_people(world, "Ann")
    sign_in(world, "Ann", "laptop")
    judged(world)
    assert [round(wait) for wait in waits] == [12]
    assert len(world.recall(Generations).used) == 3
    assert world.notes == ["presented after the declared reuse interval of 10 s"]
