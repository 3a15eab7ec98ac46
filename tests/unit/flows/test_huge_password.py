"""A password of a megabyte breaks nothing and takes no longer than others; a slow machine is no finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import HarnessError, Unmet
from harness.deployment.accounts import SIGN_IN as SIGNS_IN
from harness.flows.huge_password import SIZE, Tried, huge, must_cost_little, try_huge
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer
from tests.support.scenario import BROKEN, SIGN_IN, SIGN_UP, answered

SILENT = NoAnswer("POST", "http://127.0.0.1:3000/x", "nothing came within 15 s", timed_out=True)
HUNG_UP = NoAnswer("POST", "http://127.0.0.1:3000/x", "the connection was closed", timed_out=False)


def took(seconds: float, status: int = 401) -> Exchange:
    return replace(answered(status), elapsed=seconds)


def judge(world: World, ordinary: list[float], *came: Exchange | NoAnswer) -> None:
    world.remember(Tried([took(seconds) for seconds in ordinary], {"sign-in": [*came]}))
    must_cost_little(world)


def play(world: World) -> None:
    world.judge.control(SIGNS_IN, world.accounts.signs_in(world.person("Ann")))
    try_huge(world, "Ann")
    must_cost_little(world)


def test_it_fits_into_a_megabyte() -> None:
    assert len(huge()) == SIZE < 1_000_000


def test_a_quick_refusal_is_fine(world: World, backend: FakeBackend) -> None:
    proper = backend.routes[SIGN_UP]
    backend.routes[SIGN_UP] = lambda sent: Answer(413) if len(sent.fields["password"]) > 1000 else proper(sent)
    play(world)
    tried = world.recall(Tried)
    assert {name: len(came) for name, came in tried.came.items()} == {"sign-in": 2, "sign-up": 1}
    assert len(tried.ordinary) == 2


@pytest.mark.parametrize(("route", "operation"), [(SIGN_IN, "sign-in"), (SIGN_UP, "sign-up")])
def test_a_crash_is_found_out(world: World, backend: FakeBackend, route: str, operation: str) -> None:
    proper = backend.routes[route]
    backend.routes[route] = lambda sent: BROKEN if len(sent.fields["password"]) > 1000 else proper(sent)
    with pytest.raises(Unmet, match=f"{operation} refuses a password of a megabyte .*500 .*the server broke"):
        play(world)


def test_without_its_control_nothing_is_tried(world: World) -> None:
    with pytest.raises(HarnessError, match="without a control"):
        try_huge(world, "Ann")


def test_each_slow_is_found_out(world: World) -> None:
    with pytest.raises(
        Unmet, match=r"of 2 tries each was slow \(3.0 s and 2.5 s\), and an ordinary one takes 0.1 s"
    ):
        judge(world, [0.1, 0.1], took(3.0), took(2.5))
    with pytest.raises(Unmet, match=r"of 2 tries each was slow \(no answer came in time\)"):
        judge(world, [0.1, 0.1], SILENT, SILENT)


@pytest.mark.parametrize(
    ("ordinary", "came"),
    [
        ([0.1, 0.1], [took(1.9), took(1.9)]),  # nothing below two seconds is slow
        ([0.1, 0.1], [took(14.0), took(0.2)]),  # one late answer is chance
        ([0.1, 1.0], [took(4.9), took(4.9)]),  # the machine is slow for both
        ([0.1, 0.1], [HUNG_UP, HUNG_UP]),  # a server may hang up
        ([0.1, 0.1], [SILENT, took(0.1)]),
    ],
)
def test_a_slow_machine_is_no_finding(
    world: World, ordinary: list[float], came: list[Exchange | NoAnswer]
) -> None:
    judge(world, ordinary, *came)


def test_a_hang_up_is_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    proper = world.deployment.client._exchange

    def hang_up(who: str, method: str, url: str, headers: object, body: bytes | None) -> Exchange:
        if len(body or b"") > SIZE:
            raise HUNG_UP
        return proper(who, method, url, headers, body)  # type: ignore[arg-type]

    monkeypatch.setattr(world.deployment.client, "_exchange", hang_up)
    play(world)
