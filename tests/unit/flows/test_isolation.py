"""Nobody sees, changes or makes another's task, whatever the request says of who asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.isolation import (
    LISTS,
    NAMING,
    act_naming,
    attempt_as_other,
    create_for,
    list_as,
    must_have_stayed,
    must_hold_nothing_of,
    must_not_have_reached,
)
from harness.scenario.world import World
from tests.support.fake_backend import Account, FakeBackend, shown
from tests.support.fake_client import API, Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, CREATE, LIST, READ, UPDATE, said, with_people, world_of

PER_USER = "".join(
    f'{verb} = {{ method = "{method}", path = "/api/users/{{user_id}}/tasks{rest}" }}\n'
    for verb, method, rest in (("list", "GET", ""), ("read", "GET", "/{task_id}"))
)


@pytest.fixture
def seen(world: World) -> World:
    """Ann and Bob each see their own task."""
    for alias in ("Ann", "Bob"):
        control_task_call(world, alias, "list")
    return world


def account(world: World, backend: FakeBackend, alias: str) -> Account:
    return backend.accounts[world.person(alias).email]


# --- lists ---


@pytest.mark.parametrize("how", LISTS)
def test_a_list_of_ones_own_is_fine_however_it_is_asked_for(seen: World, how: str) -> None:
    list_as(seen, "Bob", "Ann", how)
    must_hold_nothing_of(seen, "Ann")


@pytest.mark.parametrize(
    ("how", "query"),
    [
        ("plainly", {}),
        ("with a high limit", {"limit": "100000", "page_size": "100000"}),
        ("from the second page", {"page": "2", "offset": "1"}),
        ("sorted by title", {"sort": "title", "order": "title"}),
    ],
)
def test_what_is_asked_for_is_what_the_word_says(
    seen: World, client: FakeClient, how: str, query: dict[str, str]
) -> None:
    list_as(seen, "Bob", "Ann", how)
    assert client.sent[-1].query == query


def test_a_search_has_only_the_beginning_of_her_title(seen: World, client: FakeClient) -> None:
    list_as(seen, "Bob", "Ann", "searching for her task")
    assert set(client.sent[-1].query.values()) == {seen.task_of("Ann").canary[:10]}


def test_every_task_of_everybody_is_a_leak(seen: World, backend: FakeBackend) -> None:
    everything = [shown(*task) for one in backend.accounts.values() for task in one.tasks.items()]
    backend.routes[LIST] = said(Answer(200, everything))
    list_as(seen, "Bob", "Ann", "plainly")
    with pytest.raises(Unmet, match="nothing of Ann's in another user's list; it holds cnry"):
        must_hold_nothing_of(seen, "Ann")


@pytest.mark.parametrize("leak", ["name", "id"])
def test_a_name_or_an_id_alone_is_a_leak_too(seen: World, backend: FakeBackend, leak: str) -> None:
    seen.task_of("Ann").id = "task-4711-of-ann"
    text = seen.person("Ann").name if leak == "name" else "task-4711-of-ann"
    backend.routes[LIST] = said(Answer(403, {"message": f"not yours but {text}"}))
    list_as(seen, "Bob", "Ann", "plainly")
    with pytest.raises(Unmet, match="nothing of Ann's"):
        must_hold_nothing_of(seen, "Ann")


def test_an_id_that_stands_anywhere_by_chance_is_none(seen: World, backend: FakeBackend) -> None:
    assert len(seen.task_of("Ann").id) < 3
    backend.routes[LIST] = said(Answer(200, [shown(seen.task_of("Ann").id, "Bob's own")]))
    list_as(seen, "Bob", "Ann", "plainly")
    must_hold_nothing_of(seen, "Ann")


def test_a_list_of_whoever_is_not_seen_to_have_one_is_not_judged(world: World) -> None:
    list_as(world, "Bob", "Ann", "plainly")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_hold_nothing_of(world, "Ann")


# --- single tasks ---


@pytest.mark.parametrize("verb", ["read", "replace", "update", "delete"])
def test_another_persons_task_is_not_there(seen: World, verb: str) -> None:
    control_task_call(seen, "Ann", verb)  # type: ignore[arg-type]
    attempt_as_other(seen, "Bob", "Ann", verb)  # type: ignore[arg-type]
    seen.judge.all_refused()


def careless(world: World, backend: FakeBackend) -> None:
    """Whoever signed in may do anything with Ann's tasks."""
    backend.caller = lambda _: account(world, backend, "Ann")  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize(
    ("verb", "came"),
    [
        ("read", "private text"),
        ("replace", "Ann's task was changed"),
        ("update", "Ann's task was changed"),
        ("delete", "Ann's task is gone"),
    ],
)
def test_one_that_can_be_reached_is_found_out(seen: World, backend: FakeBackend, verb: str, came: str) -> None:
    control_task_call(seen, "Ann", verb)  # type: ignore[arg-type]
    careless(seen, backend)
    attempt_as_other(seen, "Bob", "Ann", verb)  # type: ignore[arg-type]
    with pytest.raises(Unmet, match=rf"Bob trying to {verb} Ann's task is refused; .*{came}"):
        seen.judge.all_refused()


def test_a_success_that_did_nothing_is_fine_for_what_changes_and_not_for_reading(
    seen: World, backend: FakeBackend
) -> None:
    for verb, route in (("update", UPDATE), ("read", READ)):
        control_task_call(seen, "Ann", verb)  # type: ignore[arg-type]
        proper = backend.routes[route]

        def only_hers(sent: Sent, proper: object = proper) -> Answer:
            is_hers = backend.caller(sent) is account(seen, backend, "Ann")
            return proper(sent) if is_hers else Answer(200, {})  # type: ignore[operator]

        backend.routes[route] = only_hers
        attempt_as_other(seen, "Bob", "Ann", verb)  # type: ignore[arg-type]
        if verb == "update":
            seen.judge.all_refused()
    with pytest.raises(Unmet, match="read Ann's task is refused; it was answered 200"):
        seen.judge.all_refused()


def test_a_crash_is_no_refusal(seen: World, backend: FakeBackend) -> None:
    control_task_call(seen, "Ann", "read")
    proper = backend.routes[READ]
    backend.routes[READ] = lambda sent: (
        proper(sent) if backend.caller(sent) is account(seen, backend, "Ann") else BROKEN
    )
    attempt_as_other(seen, "Bob", "Ann", "read")
    with pytest.raises(Unmet, match="500 came"):
        seen.judge.all_refused()


def test_whoever_sees_no_tasks_at_all_proves_nothing(world: World) -> None:
    with pytest.raises(HarnessError, match="judged without a control"):
        attempt_as_other(world, "Bob", "Ann", "read")


@pytest.fixture
def per_user(client: FakeClient, backend: FakeBackend) -> World:
    """The paths of tasks name a person; Ann and Bob each see their own task."""

    def by_user(sent: Sent) -> Answer:
        _, found, rest = sent.url.partition("/tasks")
        return backend(replace(sent, url=f"{API}/api/tasks{rest}") if found and "/users/" in sent.url else sent)

    client.server = by_user
    world = with_people(world_of(client, f"[tasks]\n{PER_USER}"), "Ann", "Bob")
    for alias, verb in (("Ann", "list"), ("Bob", "list"), ("Ann", "read")):
        control_task_call(world, alias, verb)  # type: ignore[arg-type]
    return world


def test_where_the_path_names_a_person_both_are_tried(per_user: World, client: FakeClient) -> None:
    before = len(client.sent)
    attempt_as_other(per_user, "Bob", "Ann", "read")
    per_user.judge.all_refused()
    tried = [sent.path.split("/")[3] for sent in client.sent[before:] if sent.who == "Bob"]
    assert tried == [per_user.person("Ann").id, per_user.person("Bob").id]


def test_what_the_first_of_them_does_is_not_laid_to_the_second(per_user: World, backend: FakeBackend) -> None:
    careless(per_user, backend)
    with pytest.raises(Unmet, match="Bob trying to read Ann's task under Ann's path is refused"):
        attempt_as_other(per_user, "Bob", "Ann", "read")


# --- who the request says ---


def test_a_task_stays_with_whoever_made_it(seen: World) -> None:
    create_for(seen, "Bob", "Ann")
    must_not_have_reached(seen, "Ann")
    must_have_stayed(seen, "Bob")


def test_one_that_was_refused_need_not_stay(seen: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = said(Answer(422))
    create_for(seen, "Bob", "Ann")
    must_not_have_reached(seen, "Ann")
    must_have_stayed(seen, "Bob")


def test_one_that_reaches_the_person_who_was_named_is_found_out(seen: World, backend: FakeBackend) -> None:
    ann = account(seen, backend, "Ann")

    def by_body(sent: Sent) -> Answer:
        ann.tasks["99"] = sent.fields["title"]
        return Answer(201, shown("99", sent.fields["title"]))

    backend.routes[CREATE] = by_body
    create_for(seen, "Bob", "Ann")
    with pytest.raises(Unmet, match="no other user can put a task into Ann's list"):
        must_not_have_reached(seen, "Ann")
    with pytest.raises(Unmet, match="Bob's new task is Bob's; it is not in the list"):
        must_have_stayed(seen, "Bob")


@pytest.mark.parametrize("hint", NAMING)
def test_whoever_is_named_makes_no_difference(seen: World, hint: str) -> None:
    act_naming(seen, "Bob", "Ann", hint)
    must_hold_nothing_of(seen, "Ann")
    must_not_have_reached(seen, "Ann")


def test_the_request_names_her_where_the_word_says(seen: World, client: FakeClient) -> None:
    ann = seen.person("Ann")
    wanted = {
        "the header X-User-Id": ("x-user-id", "user-1"),
        "the header X-User-Email": ("x-user-email", ann.email),
        "the header X-Forwarded-User": ("x-forwarded-user", ann.email),
        "the header Remote-User": ("remote-user", ann.email),
        "the header X-Auth-User-Id": ("x-auth-user-id", "user-1"),
    }
    for hint, (name, value) in wanted.items():
        act_naming(seen, "Bob", "Ann", hint)
        assert client.sent[-1].header(name) == value
    act_naming(seen, "Bob", "Ann", "the query")
    query = client.sent[-1].query
    assert query.pop("email") == ann.email
    assert {"user_id", "userId", "owner", "ownerId"} < set(query)
    assert set(query.values()) == {"user-1"}
    act_naming(seen, "Bob", "Ann", "a cookie")
    assert client.sent[-1].cookies == dict.fromkeys(("user_id", "userId", "uid"), "user-1")
    act_naming(seen, "Bob", "Ann", "the path")
    assert [sent.path for sent in client.sent[-2:]] == ["/api/users/user-1/tasks", "/api/user-1/tasks"]


@pytest.mark.parametrize("hint", [hint for hint in NAMING if hint != "the path"])
def test_whoever_believes_the_name_is_found_out(seen: World, backend: FakeBackend, hint: str) -> None:
    ann, proper = seen.person("Ann"), FakeBackend.caller

    def believing(sent: Sent) -> Account | None:
        said = [*sent.query.values(), *sent.cookies.values(), *(value for _, value in sent.headers)]
        named = any(text in ("user-1", ann.email) for text in said)
        return account(seen, backend, "Ann") if named else proper(backend, sent)

    backend.caller = believing  # type: ignore[method-assign]
    act_naming(seen, "Bob", "Ann", hint)
    with pytest.raises(Unmet, match="nothing of Ann's"):
        must_hold_nothing_of(seen, "Ann")
    with pytest.raises(Unmet, match="put a task into Ann's list"):
        must_not_have_reached(seen, "Ann")


def test_her_tasks_under_a_path_of_hers_are_a_leak(seen: World, client: FakeClient, backend: FakeBackend) -> None:
    hers = Answer(200, [shown("1", seen.task_of("Ann").title)])
    client.server = lambda sent: hers if sent.path == "/api/users/user-1/tasks" else backend(sent)
    act_naming(seen, "Bob", "Ann", "the path")
    with pytest.raises(Unmet, match="nothing of Ann's"):
        must_hold_nothing_of(seen, "Ann")


# --- a control that shows somebody else's ---


def test_a_person_who_is_served_anothers_list_shows_the_defect(world: World, backend: FakeBackend) -> None:
    careless(world, backend)
    with pytest.raises(Unmet, match="nothing of Ann's in what Bob gets; Bob was given Ann's"):
        control_task_call(world, "Bob", "list")


def test_one_who_is_served_nothing_proves_nothing(world: World, backend: FakeBackend) -> None:
    backend.routes[LIST] = said(Answer(200, []))
    with pytest.raises(NotTested, match="the control failed"):
        control_task_call(world, "Bob", "list")
