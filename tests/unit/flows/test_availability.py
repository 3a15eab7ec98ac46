"""What is asked for at once is answered for each, and an odd address holds nobody up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.core.exchange import NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.availability import (
    ADDRESSES,
    Timed,
    list_together,
    must_be_own_lists,
    must_be_prompt,
    must_have_own_sessions,
    must_show_session,
    send_address,
    sign_in_together,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, LIST, SESSION, SIGN_IN, SIGN_UP


@pytest.fixture
def seen(world: World) -> World:
    """Ann and Bob were seen to see their own task."""
    for alias in ("Ann", "Bob"):
        control_task_call(world, alias, "list")
    return world


def test_each_is_given_their_own(seen: World, client: FakeClient) -> None:
    client.sent.clear()
    list_together(seen, "Ann", "Bob", 10)
    must_be_own_lists(seen)
    assert [sent.who for sent in client.sent] == ["Ann", "Bob"] * 10


def test_the_others_list_is_found_out(seen: World, backend: FakeBackend) -> None:
    hers = seen.task_of("Ann").title
    backend.routes[LIST] = lambda _: Answer(200, [{"title": hers}])
    list_together(seen, "Ann", "Bob", 2)
    with pytest.raises(Unmet, match=r"Bob is given Bob's own tasks when others ask .* was given Ann's"):
        must_be_own_lists(seen)


@pytest.mark.parametrize(
    ("answer", "came"),
    [(BROKEN, "is served when others ask .*the server broke"), (Answer(401), "own tasks .*401")],
)
def test_one_that_is_not_served_is_found_out(seen: World, backend: FakeBackend, answer: Answer, came: str) -> None:
    proper, number = backend.list_tasks, iter(range(9))
    backend.routes[LIST] = lambda sent: answer if next(number) == 2 else proper(sent)
    list_together(seen, "Ann", "Bob", 2)
    with pytest.raises(Unmet, match=came):
        must_be_own_lists(seen)


def test_a_429_counts_for_nothing(seen: World, backend: FakeBackend) -> None:
    proper, number = backend.list_tasks, iter(range(9))
    backend.routes[LIST] = lambda sent: Answer(429) if next(number) > 2 else proper(sent)
    list_together(seen, "Ann", "Bob", 2)
    must_be_own_lists(seen)


def test_where_all_are_throttled_nothing_is_judged(seen: World, backend: FakeBackend) -> None:
    backend.routes[LIST] = lambda _: Answer(429)
    list_together(seen, "Ann", "Bob", 2)
    with pytest.raises(NotTested, match="too few were answered"):
        must_be_own_lists(seen)


def test_each_is_given_their_own_session(world: World) -> None:
    asked = world.deployment.asked["sign_in"]
    sign_in_together(world, "Ann", "Bob")
    must_have_own_sessions(world)
    assert world.deployment.asked["sign_in"] == asked + 2


def test_the_others_session_is_found_out(world: World, backend: FakeBackend) -> None:
    hers = backend.accounts[world.person("Ann").email]
    backend.routes[SIGN_IN] = lambda _: backend.admitted(hers)
    sign_in_together(world, "Ann", "Bob")
    with pytest.raises(
        Unmet, match="that Bob, who signs in when others do, is given a session of Bob's; it is ann"
    ):
        must_have_own_sessions(world)


# --- addresses ---


@pytest.mark.parametrize("word", [*ADDRESSES])
def test_a_quick_refusal_is_right(world: World, client: FakeClient, backend: FakeBackend, word: str) -> None:
    backend.routes[SIGN_UP] = backend.routes[SIGN_IN] = lambda _: Answer(400)
    client.sent.clear()
    send_address(world, word)
    must_be_prompt(world)
    must_show_session(world, "Ann")
    assert [sent.fields["email"] == ADDRESSES[word] for sent in client.sent[:2]] == [True, True]


def test_an_answer_that_never_comes_is_found_out(world: World, backend: FakeBackend) -> None:
    def silent(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "no whole answer", timed_out=True)

    backend.routes[SIGN_IN] = silent
    backend.routes[SIGN_UP] = lambda _: Answer(400)
    send_address(world, "20,000 @ signs")
    with pytest.raises(Unmet, match=r"sign_in answers an odd address within 5 s; it did not \(no answer"):
        must_be_prompt(world)


def test_one_slow_answer_of_two_is_chance(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_UP] = backend.routes[SIGN_IN] = lambda _: Answer(400)
    send_address(world, "20,000 @ signs")
    timed = world.recall(Timed)
    (quick,) = timed.came["sign_in"]
    assert not isinstance(quick, NoAnswer)
    timed.came["sign_in"] = [replace(quick, elapsed=6.0), quick]
    must_be_prompt(world)
    timed.came["sign_in"] = [replace(quick, elapsed=6.0)] * 2
    with pytest.raises(Unmet, match=r"6\.0 s and 6\.0 s"):
        must_be_prompt(world)


def test_a_session_that_is_not_shown_afterwards_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[SESSION] = lambda _: BROKEN
    with pytest.raises(Unmet, match="Ann's session is shown within 5 s after it; it was answered 500"):
        must_show_session(world, "Ann")
