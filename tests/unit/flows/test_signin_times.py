"""Times tell which addresses have an account only where they differ twice, by rank and by far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from harness.core.findings import NotTested, Unmet
from harness.flows.signin import FailedSignIns
from harness.flows.signin_times import MORE, ComparedTimes, Pair, compare, difference, must_be_alike, tried
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient
from tests.support.scenario import SIGN_IN, answered, said

QUICK, SLOW = (0.011, 0.010, 0.014), (0.210, 0.205, 0.190)


def pairs(unknown: Sequence[float], known: Sequence[float]) -> list[Pair]:
    """Answers that took so many seconds."""
    return [
        (replace(answered(401), elapsed=one), replace(answered(401), elapsed=other))
        for one, other in zip(unknown, known, strict=True)
    ]


@pytest.mark.parametrize(("unknown", "known", "sign"), [(QUICK, SLOW, -1), (SLOW, QUICK, 1)])
def test_times_that_are_far_apart_differ(unknown: Sequence[float], known: Sequence[float], sign: int) -> None:
    found = difference(pairs(unknown, known))
    assert found is not None
    assert found * sign == pytest.approx(0.194)


@pytest.mark.parametrize(
    ("unknown", "known"),
    [
        ((), ()),
        (QUICK, QUICK),
        (QUICK, (0.045, 0.046, 0.047)),
        (QUICK, (0.2, 0.009, 0.2)),
        ((0.1, 0.01, 0.19), (0.2, 0.3, 0.4)),
    ],
    ids=["none", "alike", "less than a network shows", "not in each comparison", "they scatter"],
)
def test_what_may_be_noise_is_no_difference(unknown: Sequence[float], known: Sequence[float]) -> None:
    assert difference(pairs(unknown, known)) is None


def test_what_differs_twice_is_found(world: World) -> None:
    world.remember(ComparedTimes(pairs(QUICK, SLOW), pairs(QUICK, SLOW)))
    with pytest.raises(Unmet, match=r"took 11 ms for addresses without one and 205 ms for one .* as 3 had before"):
        must_be_alike(world)


@pytest.mark.parametrize(
    "before", [pairs(SLOW, QUICK), pairs(QUICK, QUICK), ()], ids=["reversed", "alike", "none"]
)
def test_what_differs_once_is_chance(world: World, before: Sequence[Pair]) -> None:
    world.remember(ComparedTimes(pairs(QUICK, SLOW), before))
    must_be_alike(world)


def test_the_failed_sign_ins_of_an_earlier_scenario_are_enough(world: World, client: FakeClient) -> None:
    tried(world, "Zoe")
    asked = len(client.sent)
    tried(world, "Zoe")
    compare(world)
    must_be_alike(world)
    assert len(client.sent) == asked


def test_more_are_tried_where_the_first_differ(world: World) -> None:
    tried(world, "Zoe")
    world.remember(replace(world.recall(FailedSignIns), pairs=pairs(QUICK, SLOW)))
    compare(world)
    assert len(world.recall(ComparedTimes).pairs) == MORE
    must_be_alike(world)


def test_a_limit_that_they_reach_is_no_difference(world: World, backend: FakeBackend) -> None:
    tried(world, "Zoe")
    world.remember(replace(world.recall(FailedSignIns), pairs=pairs(QUICK, SLOW)))
    backend.routes[SIGN_IN] = said(Answer(403, {"message": "locked"}))
    with pytest.raises(NotTested, match="what limits them may be what takes the time"):
        compare(world)
