"""A task stays its owner's, whomever a change of it names."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.owner_in_update import must_be_kept, write_naming
from harness.scenario.world import World
from tests.support.fake_backend import Account, FakeBackend, shown
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, UPDATE, said


@pytest.fixture
def seen(world: World) -> World:
    """Ann can update her task, and each sees their own."""
    for alias in ("Ann", "Bob"):
        control_task_call(world, alias, "list")
    control_task_call(world, "Ann", "update")
    return world


def both_try(world: World) -> None:
    write_naming(world, "Ann", "Ann", "update", "Bob")
    write_naming(world, "Bob", "Ann", "update", "Bob")


def named(backend: FakeBackend, sent: Sent) -> Account:
    """Whom the body names as the owner."""
    return next(one for one in backend.accounts.values() if one.id == sent.fields["user_id"])


def test_an_owner_that_is_ignored_is_fine(seen: World, backend: FakeBackend) -> None:
    both_try(seen)
    must_be_kept(seen, "Ann", "Bob")
    assert seen.task_of("Ann").canary in next(iter(backend.accounts.values())).tasks[seen.task_of("Ann").id]


@pytest.mark.parametrize("answer", [Answer(422), BROKEN], ids=["refused", "broken"])
def test_one_that_is_not_taken_is_fine(seen: World, backend: FakeBackend, answer: Answer) -> None:
    backend.routes[UPDATE] = said(answer)
    both_try(seen)
    must_be_kept(seen, "Ann", "Bob")


def test_every_spelling_is_sent(seen: World, client: FakeClient) -> None:
    write_naming(seen, "Ann", "Ann", "update", "Bob")
    sent = next(one for one in reversed(client.sent) if one.method == "PATCH").fields
    bob = seen.person("Bob").id
    assert {name for name, value in sent.items() if value == bob} >= {"user_id", "userId", "owner", "ownerId"}


def test_a_task_that_is_given_away_is_found_out(seen: World, backend: FakeBackend) -> None:
    def update(sent: Sent) -> Answer:
        caller, number = backend.caller(sent), sent.path.rpartition("/")[2]
        assert caller is not None
        title = caller.tasks.pop(number, None)
        if title is None:
            return Answer(404)
        named(backend, sent).tasks[number] = title
        return Answer(200, shown(number, title))

    backend.routes[UPDATE] = update
    both_try(seen)
    with pytest.raises(
        Unmet, match="Ann's when Ann tries to update it and names Bob as its owner; Ann's task is gone"
    ):
        must_be_kept(seen, "Ann", "Bob")


def test_a_task_that_is_taken_over_is_found_out(seen: World, backend: FakeBackend) -> None:
    proper = backend.routes[UPDATE]

    def update(sent: Sent) -> Answer:
        caller, number = backend.caller(sent), sent.path.rpartition("/")[2]
        if caller is not named(backend, sent):
            return proper(sent)
        for one in backend.accounts.values():
            one.tasks.pop(number, None)
        caller.tasks[number] = sent.fields["title"]
        return Answer(200, shown(number, sent.fields["title"]))

    backend.routes[UPDATE] = update
    both_try(seen)
    with pytest.raises(Unmet, match="when Bob tries to update it and names Bob as its owner; Ann's task is gone"):
        must_be_kept(seen, "Ann", "Bob")


@pytest.mark.parametrize("copied", ["title", "old"])
def test_a_task_that_both_have_is_found_out(seen: World, backend: FakeBackend, copied: str) -> None:
    proper, old = backend.routes[UPDATE], seen.task_of("Ann").title

    def update(sent: Sent) -> Answer:
        named(backend, sent).tasks["copy"] = sent.fields["title"] if copied == "title" else old
        return proper(sent) if copied == "title" else Answer(422)

    backend.routes[UPDATE] = update
    old = next(iter(backend.accounts.values())).tasks[seen.task_of("Ann").id]
    both_try(seen)
    with pytest.raises(Unmet, match="stands in Bob's list"):
        must_be_kept(seen, "Ann", "Bob")


def test_without_a_control_nothing_is_judged(world: World) -> None:
    with pytest.raises(HarnessError, match="judged without a control"):
        write_naming(world, "Ann", "Ann", "update", "Bob")
