"""A finding stands only where the deployment still answers, and answers so again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from harness.core.blocker import Blocker
from harness.core.errors import Absent, Unavailable
from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.credential import ANONYMOUS
from harness.pytest_plugin import plugin
from harness.pytest_plugin.belief import believable
from harness.scenario.world import World
from harness.wire.heartbeat import Outage
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import WEB, Answer, FakeClient
from tests.support.scenario import BROKEN, LIST, SESSION, SIGN_IN, world_of

TASKS = f"{WEB}{LIST.partition(' ')[2]}"


@pytest.fixture
def world(client: FakeClient) -> World:
    world = world_of(client)
    world.deployment.identity.who_is(ANONYMOUS, "the doctor")
    return world


def ended(world: World, found: Exception) -> BaseException:
    """What a scenario ends in that found this."""
    with (
        pytest.raises(type(found) if isinstance(found, Absent) else Exception) as raised,
        believable(lambda: world),
    ):
        raise found
    return raised.value


@pytest.mark.parametrize(
    "found",
    [
        Unmet("that it is refused", "it was answered 200"),
        NotTested("the control failed"),
        Unavailable("no session"),
        NoAnswer("GET", "/", "reset", timed_out=False),
        HarnessError("no control"),
    ],
    ids=lambda found: type(found).__name__,
)
def test_what_is_found_stands_while_the_deployment_is_there(
    world: World, backend: FakeBackend, found: Exception
) -> None:
    assert ended(world, found) is found
    backend.routes[SESSION] = lambda _: BROKEN
    assert isinstance(ended(world, found), Outage)


def test_a_finding_has_no_traceback_whose_arguments_are_written_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(of_world: World) -> None:
        raise Unmet("that it is refused", f"it was answered 200 in {of_world.target.web}")

    call = plugin.pytest_runtest_call(cast("pytest.Item", SimpleNamespace(stash={})))
    with monkeypatch.context() as patched:
        patched.setattr(plugin, "scenario_of", lambda _: "a scenario")
        next(call)
    with pytest.raises(Unmet) as caught:
        step(world)
    with pytest.raises(Unmet) as raised:
        call.throw(caught.value)
    assert "step" not in [entry.name for entry in raised.traceback]
    assert len(repr(world.deployment.client)) < 1000


@pytest.mark.parametrize("found", [Absent("no such thing"), NotTested("no browser", blocker=Blocker.MISSING)])
def test_what_says_nothing_of_a_deployment_asks_it_nothing(
    world: World, client: FakeClient, found: Exception
) -> None:
    before = len(client.sent)
    assert ended(world, found) is found
    assert len(client.sent) == before


def test_a_pass_that_ends_with_a_crash_is_looked_at(
    world: World, client: FakeClient, backend: FakeBackend
) -> None:
    with believable(lambda: world):
        pass
    backend.routes[SESSION] = backend.routes[LIST] = lambda _: BROKEN
    with pytest.raises(Outage), believable(lambda: world):
        client.send("Ann", "GET", TASKS)


def test_a_crash_that_does_not_come_again_is_no_finding(
    world: World, client: FakeClient, backend: FakeBackend
) -> None:
    answers = iter([BROKEN])
    backend.routes[LIST] = lambda _: next(answers, Answer(401))
    crash = client.send("an attacker", "GET", TASKS)
    found = ended(world, Unmet("that it is refused", "500 came", [crash]))
    assert isinstance(found, Unavailable)
    assert "asked again" in found.reason
    assert "breaks now and then" in found.reason


def test_a_crash_that_comes_again_is_one(world: World, client: FakeClient, backend: FakeBackend) -> None:
    backend.routes[LIST] = lambda _: BROKEN
    found = Unmet("that it is refused", "500 came", [client.send("an attacker", "GET", TASKS)])
    assert ended(world, found) is found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda exchange: replace(exchange, resent=True), "may have been done twice"),
        (lambda exchange: replace(exchange, status=504), "what stands in front of the deployment"),
    ],
    ids=["sent twice", "a gateway"],
)
def test_what_may_have_been_done_twice_or_not_at_all_is_no_finding(
    world: World, client: FakeClient, change: Callable[[Exchange], Exchange], says: str
) -> None:
    method, _, path = SIGN_IN.partition(" ")
    exchange = change(replace(client.send("Ann", "GET", TASKS), method=method, url=WEB + path))
    client.record(exchange)
    found = ended(world, Unmet("that Ann signs in", "it was not", [exchange]))
    assert isinstance(found, Unavailable)
    assert says in found.reason
