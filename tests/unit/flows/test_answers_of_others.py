"""No client is given another's list, by a cache, by a shared credential or by what resembles an id."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.answers_of_others import (
    ask_for_both,
    create_through_front_end,
    list_after,
    must_be_alike,
    must_be_their_creators,
    must_refuse_anonymous,
)
from harness.flows.isolation import must_hold_nothing_of
from harness.flows.loose_subjects import SUBJECTS, list_with_subject
from harness.flows.sql_injection import PLACES, must_break_nothing, try_sql
from harness.flows.tasks import control_clone
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import WEB, Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, CREATE, LIST, READ


@pytest.fixture
def seen(world: World) -> World:
    """Ann and Bob were seen to see their own task."""
    for alias in ("Ann", "Bob"):
        control_task_call(world, alias, "list")
    control_clone(world, "Ann")
    return world


def leaks_where(backend: FakeBackend, world: World, word: str) -> None:
    """Give Ann's list to requests with that text in their query or path."""
    hers = Answer(200, [{"id": "1", "title": world.task_of("Ann").title}])
    for route in (LIST, READ):
        proper = backend.routes[route]
        backend.routes[route] = lambda sent, proper=proper: hers if word in sent.url else proper(sent)  # type: ignore[misc]


# --- SQL ---


@pytest.mark.parametrize("word", [*PLACES])
def test_sql_may_change_nothing(seen: World, word: str) -> None:
    try_sql(seen, "Bob", word)
    must_hold_nothing_of(seen, "Ann")
    must_break_nothing(seen)


@pytest.mark.parametrize("word", [*PLACES])
def test_sql_that_opens_others_tasks_is_found_out(seen: World, backend: FakeBackend, word: str) -> None:
    leaks_where(backend, seen, "1%3D1" if word == "an order" else "OR")
    try_sql(seen, "Bob", word)
    with pytest.raises(Unmet, match="nothing of Ann's"):
        must_hold_nothing_of(seen, "Ann")


@pytest.mark.parametrize(("word", "name"), [("a search", 'parameter "q"'), ("an order", 'parameter "sort"')])
def test_a_lone_quote_that_breaks_is_found_out(seen: World, backend: FakeBackend, word: str, name: str) -> None:
    proper = backend.list_tasks
    backend.routes[LIST] = lambda sent: BROKEN if "'" in sent.query.values() else proper(sent)
    try_sql(seen, "Bob", word)
    with pytest.raises(Unmet, match=f"a lone quote in the {name} is no more than a letter"):
        must_break_nothing(seen)


def test_what_a_letter_breaks_as_well_is_another_matter(seen: World, backend: FakeBackend) -> None:
    backend.routes[READ] = lambda _: BROKEN
    try_sql(seen, "Bob", "the id of a task")
    must_break_nothing(seen)


# --- subjects ---


@pytest.mark.parametrize("word", [*SUBJECTS])
def test_an_empty_list_or_a_refusal_is_right(seen: World, word: str) -> None:
    list_with_subject(seen, "Ann", "Bob", word)
    must_hold_nothing_of(seen, "Ann")


def test_a_subject_that_opens_hers_is_found_out(seen: World, backend: FakeBackend) -> None:
    hers = backend.accounts[seen.person("Ann").email]
    backend.caller = lambda _: hers  # type: ignore[method-assign, assignment]
    list_with_subject(seen, "Ann", "Bob", "with another letter after it")
    with pytest.raises(Unmet, match="nothing of Ann's"):
        must_hold_nothing_of(seen, "Ann")


def test_a_uuid_has_no_case() -> None:
    with pytest.raises(Absent, match="RFC 9562"):
        SUBJECTS["in other case"]("0b0fbd1c-9f6f-4a3e-8f3e-2f1f1f1f1f1f")


def test_a_number_has_no_space() -> None:
    with pytest.raises(Absent, match="numbers"):
        SUBJECTS["with a space after it"]("12")


# --- caches ---


@pytest.mark.parametrize("where", ["at the API", "through the front end"])
def test_each_gets_their_own(seen: World, where: str) -> None:
    list_after(seen, "Ann", "Bob", where)
    must_hold_nothing_of(seen, "Ann")


@pytest.mark.parametrize("to", ["Bob", "an anonymous client"])
def test_a_list_from_a_cache_is_found_out(seen: World, backend: FakeBackend, to: str) -> None:
    proper, hers = backend.list_tasks, seen.task_of("Ann").title
    backend.routes[LIST] = lambda sent: Answer(200, [{"title": hers}]) if sent.who == to else proper(sent)
    list_after(seen, "Ann", "Bob", "at the API")
    with pytest.raises(Unmet, match="nothing of Ann's"):
        must_hold_nothing_of(seen, "Ann")


def test_a_first_list_without_her_task_shows_nothing(seen: World, backend: FakeBackend) -> None:
    backend.routes[LIST] = lambda _: Answer(200, [])
    with pytest.raises(NotTested, match="lacks her task"):
        list_after(seen, "Ann", "Bob", "at the API")


# --- front ends ---


def test_a_front_end_acts_for_its_caller(seen: World) -> None:
    create_through_front_end(seen, "Ann", "Bob")
    must_be_their_creators(seen)
    must_refuse_anonymous(seen)


def test_a_front_end_that_acts_for_one_is_found_out(seen: World, backend: FakeBackend) -> None:
    hers, proper = backend.accounts[seen.person("Ann").email], backend.signed_in
    backend.signed_in = lambda sent: hers if sent.method == "POST" else proper(sent)  # type: ignore[method-assign]
    create_through_front_end(seen, "Ann", "Bob")
    with pytest.raises(Unmet, match="which Bob creates through the front end is Bob's; it is in Ann's list"):
        must_be_their_creators(seen)


@pytest.mark.parametrize("route", [CREATE, LIST])
def test_a_front_end_that_serves_anybody_is_found_out(seen: World, backend: FakeBackend, route: str) -> None:
    proper = backend.routes[route]

    def served(sent: Sent) -> Answer:
        bare = sent.url.startswith(WEB) and not sent.cookies
        return Answer(200, []) if bare else proper(sent)

    backend.routes[route] = served
    create_through_front_end(seen, "Ann", "Bob")
    must_be_their_creators(seen)
    with pytest.raises(Unmet, match="an anonymous client is not served by the front end"):
        must_refuse_anonymous(seen)


def test_a_front_end_that_creates_nothing_is_not_judged(seen: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = lambda _: Answer(403)
    with pytest.raises(NotTested, match="can't create a task through the front end"):
        create_through_front_end(seen, "Ann", "Bob")


# --- whether there is such a task ---


def test_404_for_both_is_alike(seen: World) -> None:
    ask_for_both(seen, "Bob", "Ann")
    must_be_alike(seen)


def test_403_for_one_is_not(seen: World, backend: FakeBackend, client: FakeClient) -> None:
    hers = seen.task_of("Ann").id
    proper = client.server
    client.server = lambda sent: Answer(403) if sent.path.endswith(f"/{hers}") else proper(sent)
    ask_for_both(seen, "Bob", "Ann")
    with pytest.raises(Unmet, match="answered 403, and 404"):
        must_be_alike(seen)
