"""The task API: what its owner's call must show, and what somebody else's must not do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, Unmet
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.deployment import Deployment
from harness.deployment.people import Person, PersonFactory, Task
from harness.deployment.tasks.checks import TaskApi
from harness.deployment.tasks.client import MOST_PAGES, Verb
from harness.profile.loader import load_profile, parse_profile
from harness.profile.target import Target
from tests.support.fake_backend import SECRET, FakeBackend, Route, shown
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

VERBS: list[Verb] = ["list", "create", "read", "replace", "update", "delete"]
PAGED = """[tasks]
items = "/results"
next = "/next"
"""


def api_of(client: FakeClient, text: str = "") -> TaskApi:
    profile = parse_profile(f'extends = "reference"\n{text}', "mine.toml", Path())
    return TaskApi(Deployment(Target(profile, WEB, API, SECRET), client), "tasks")


@pytest.fixture
def api(client: FakeClient) -> TaskApi:
    return api_of(client)


@pytest.fixture
def people(api: TaskApi) -> tuple[Person, Person]:
    """Ann and Bob, signed in."""
    factory = PersonFactory(api.deployment.target.profile.people, 1)
    ann, bob = factory.person("Ann"), factory.person("Bob")
    for person in (ann, bob):
        api.deployment.sessions.open_account(person)
    return ann, bob


@pytest.fixture
def ann(people: tuple[Person, Person]) -> Person:
    return people[0]


@pytest.fixture
def bob(people: tuple[Person, Person]) -> Person:
    return people[1]


@pytest.fixture
def task(api: TaskApi, ann: Person) -> Task:
    return api.make(ann)


# --- what its owner does ---


@pytest.mark.parametrize("verb", VERBS)
def test_a_control_passes_where_its_owner_may(api: TaskApi, ann: Person, task: Task, verb: Verb) -> None:
    assert api.control(verb, ann, task)().status in (200, 201, 204)
    assert task in ann.tasks


def test_a_written_task_is_known_by_its_new_text(api: TaskApi, ann: Person, task: Task) -> None:
    before = task.canary
    api.control("update", ann, task)()
    assert task.canary != before
    assert task.canary in (api.title_of(ann, task) or "")


def without_effect(backend: FakeBackend) -> dict[str, Route]:
    """For each verb that writes, an answer of success for nothing."""
    return {
        "create": lambda _: Answer(201, shown("9", "a title")),
        "replace": lambda _: Answer(200, shown("1", "a title")),
        "update": lambda _: Answer(200, shown("1", "a title")),
        "delete": lambda _: Answer(204),
    }


METHODS = {"list": "GET", "create": "POST", "read": "GET", "replace": "PUT", "update": "PATCH", "delete": "DELETE"}


def route_of(verb: str) -> str:
    return f"{METHODS[verb]} /api/tasks" + ("" if verb in ("list", "create") else "/1")


@pytest.mark.parametrize("verb", ["create", "replace", "update", "delete"])
def test_a_success_without_effect_fails_the_control(
    api: TaskApi, backend: FakeBackend, ann: Person, task: Task, verb: Verb
) -> None:
    backend.routes[route_of(verb)] = without_effect(backend)[verb]
    with pytest.raises(Unmet):
        api.control(verb, ann, task)()


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("list", Answer(200, [])),
        ("list", Answer(200, {"tasks": []})),
        ("list", Answer(500)),
        ("read", Answer(404)),
        ("read", Answer(200, shown("1", "another"))),
    ],
)
def test_a_look_that_shows_no_task_fails_the_control(
    api: TaskApi, backend: FakeBackend, ann: Person, task: Task, verb: Verb, answer: Answer
) -> None:
    backend.routes[route_of(verb)] = lambda _: answer
    with pytest.raises(Unmet, match="that Ann sees the task"):
        api.control(verb, ann, task)()


def test_an_owner_s_own_delete_of_what_can_not_be_read_proves_nothing(
    api: TaskApi, backend: FakeBackend, ann: Person
) -> None:
    backend.routes["GET /api/tasks/1"] = lambda _: Answer(404)
    with pytest.raises(Unmet, match="reads a task before deleting it"):
        api.control("delete", ann, None)()


def test_a_control_that_needs_a_task_and_has_none_is_an_error_of_the_suite(api: TaskApi, ann: Person) -> None:
    with pytest.raises(HarnessError, match="a control of read needs a task"):
        api.control("read", ann, None)


@pytest.mark.parametrize(
    ("answer", "came"),
    [(Answer(201, {"title": "x"}), "201"), (Answer(403), "403"), (Answer(200, "made"), "200")],
    ids=["without an id", "refused", "no JSON"],
)
def test_a_task_that_can_not_be_made_is_told(
    api: TaskApi, backend: FakeBackend, ann: Person, answer: Answer, came: str
) -> None:
    backend.routes["POST /api/tasks"] = lambda _: answer
    with pytest.raises(Unmet, match=f"that Ann creates a task .*; it was answered {came}"):
        api.make(ann)
    assert ann.tasks == []


def test_what_a_scenario_made_is_taken_away_again(api: TaskApi, backend: FakeBackend, ann: Person) -> None:
    for _ in range(3):
        api.make(ann)
    api.discard(ann)
    assert backend.accounts[ann.email.lower()].tasks == {}
    assert (ann.tasks, ann.tasks_left) == ([], 0)


def test_what_can_not_be_taken_away_is_counted(api: TaskApi, backend: FakeBackend, ann: Person) -> None:
    for _ in range(3):
        api.make(ann)
    backend.routes["DELETE /api/tasks/1"] = lambda _: Answer(404)
    api.discard(ann)
    assert (ann.tasks, ann.tasks_left) == ([], 3)


# --- lists over several pages ---


def paged(backend: FakeBackend, pages: int) -> Callable[[Sent], Answer]:
    """A list of a title on each of so many pages."""

    def answer(sent: Sent) -> Answer:
        account = backend.caller(sent)
        assert account is not None, "each page is asked for with the credential"
        number = int(sent.query.get("page", "1"))
        titles = dict(enumerate(account.tasks.values(), 1))
        following = f"/api/tasks?page={number + 1}" if number < pages else None
        return Answer(
            200,
            {
                "results": [
                    shown("1", titles.get(number, "")),
                ],
                "next": following,
            },
        )

    return answer


def test_a_list_is_read_to_its_last_page(client: FakeClient, backend: FakeBackend, ann: Person) -> None:
    api = api_of(client, PAGED)
    first, second = api.make(ann), api.make(ann)
    backend.routes["GET /api/tasks"] = paged(backend, 2)
    listing = api.listed(ann)
    assert len(listing.pages) == 2
    assert first.canary in listing.text
    assert second.canary in listing.text
    assert second.canary in api.opens(api.credential(ann), "Ann", ann, second).text


def test_a_list_without_end_is_not_read_for_ever(client: FakeClient, backend: FakeBackend, ann: Person) -> None:
    api = api_of(client, PAGED)
    backend.routes["GET /api/tasks"] = paged(backend, 10**9)
    assert len(api.listed(ann).pages) == MOST_PAGES


def test_a_list_whose_next_page_has_no_address_ends_there(
    client: FakeClient, backend: FakeBackend, ann: Person
) -> None:
    api = api_of(client, PAGED)
    task = api.make(ann)
    backend.routes["GET /api/tasks"] = lambda _: Answer(
        200, {"results": [shown("1", task.title)], "next": "http://["}
    )
    assert len(api.listed(ann).pages) == 1


def test_without_a_way_to_read_one_its_title_is_looked_for_in_the_list(
    client: FakeClient, backend: FakeBackend, ann: Person
) -> None:
    api = api_of(client, "[tasks]\nread = false\n")
    task = api.make(ann)
    assert task.canary in (api.title_of(ann, task) or "")
    backend.accounts[ann.email.lower()].tasks.clear()
    assert api.title_of(ann, task) is None


# --- what somebody else tries ---


def tried(api: TaskApi, verb: Verb, who: Person | None, ann: Person, task: Task) -> str | None:
    """What an attempt on Ann's task did."""
    credential: Credential = api.credential(who) if who else ANONYMOUS
    attempt = api.attempt(verb, "somebody", credential, ann, task, what="it")
    return attempt.effect()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["Bob", "a stranger"])
def test_an_attempt_that_is_refused_has_no_effect(
    api: TaskApi, ann: Person, bob: Person, task: Task, verb: Verb, who: str
) -> None:
    assert tried(api, verb, bob if who == "Bob" else None, ann, task) is None
    assert task.canary in (api.title_of(ann, task) or "")


@pytest.mark.parametrize(
    ("verb", "effect"),
    [
        ("create", "a new task stands in Ann's list"),
        ("replace", "Ann's task was changed"),
        ("update", "Ann's task was changed"),
        ("delete", "Ann's task is gone"),
    ],
)
def test_an_attempt_that_works_is_seen_by_its_effect(
    api: TaskApi,
    backend: FakeBackend,
    ann: Person,
    bob: Person,
    task: Task,
    verb: Verb,
    effect: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where the answer says that it was refused."""
    hers, original = backend.accounts[ann.email.lower()], backend.routes[route_of(verb)]

    def secretly(sent: Sent) -> Answer:
        with monkeypatch.context() as patched:
            patched.setattr(backend, "caller", lambda _: hers)
            original(sent)
        return Answer(403)

    backend.routes[route_of(verb)] = secretly
    assert tried(api, verb, bob, ann, task) == effect


def test_an_attempt_hides_all_of_the_owner_s_private_texts(api: TaskApi, ann: Person, task: Task) -> None:
    attempt = api.attempt("read", "somebody", ANONYMOUS, ann, task, what="it")
    assert attempt.hidden == (ann.canary, task.canary)
    assert attempt.key == "read Ann's by tasks"


def test_being_sent_to_sign_in_is_a_refusal(
    client: FakeClient, backend: FakeBackend, ann: Person, task: Task
) -> None:
    api = TaskApi(Deployment(Target(load_profile("reference"), WEB, API, SECRET), client), "proxy")
    backend.routes["GET /api/tasks"] = lambda _: Answer(302, "", [("Location", "/signin")])
    attempt = api.attempt("list", "somebody", ANONYMOUS, ann, task, what="it")
    assert attempt.also_refusal(attempt.exchange)


# --- what the profile leaves out ---


def test_what_is_left_out_is_absent(client: FakeClient) -> None:
    api = api_of(client, "[tasks]\nupdate = false\n")
    with pytest.raises(Absent, match='declares no way to update in "tasks"'):
        api.operation("update")
    without = api_of(client, "proxy = false\n").deployment
    with pytest.raises(Absent, match='declares no section "proxy"'):
        TaskApi(without, "proxy").operation("list")
