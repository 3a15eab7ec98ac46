"""What an answer of the task API lacks is named, and where the profile looks wrongly that is no defect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness.core.errors import Unavailable
from harness.core.findings import Unmet
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Missing
from harness.deployment.people import Person, PersonFactory, Task
from harness.deployment.tasks.checks import TaskApi
from harness.deployment.tasks.client import Verb
from harness.profile.loader import parse_profile
from harness.profile.target import Target
from tests.support.fake_backend import SECRET, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

pytestmark = pytest.mark.usefixtures("nothing_known")

Change = Callable[[Any], Any]


def answering(answer: Answer, _: Sent) -> Answer:
    """A route that always gives that answer."""
    return answer


class Ann:
    """A deployment, and somebody who keeps tasks there."""

    def __init__(self, profile: str = "") -> None:
        self.backend = FakeBackend()
        self.client = FakeClient(self.backend)
        read = parse_profile(f'extends = "reference"\n{profile}', "mine.toml", Path())
        self.api = TaskApi(Deployment(Target(read, WEB, API, SECRET), self.client), "tasks")
        self.person: Person = PersonFactory(read.people, 1).person("Ann")
        self.api.deployment.sessions.open_account(self.person)

    def changed(self, route: str, change: Change) -> None:
        """From now on the route's JSON is another."""
        original = self.backend.routes[route]

        def answer(sent: Sent) -> Answer:
            came = original(sent)
            return Answer(came.status, change(came.body), came.headers)

        self.backend.routes[route] = answer

    def came(self, verb: Verb, task: Task | None = None) -> str:
        """Why the control of that call fails."""
        with pytest.raises(Unmet) as failed:
            self.api.control(verb, self.person, task)()
        return failed.value.came


def test_a_new_task_without_an_id_is_told_with_the_answer() -> None:
    ann = Ann()
    ann.changed("POST /api/tasks", lambda body: {"task": {"title": body["title"]}})
    with pytest.raises(Unmet) as failed:
        ann.api.make(ann.person)
    assert failed.value.expected == "that Ann creates a task (POST /api/tasks, tasks.create)"
    assert failed.value.came.startswith(
        'it was answered 201 with no id at tasks.item + tasks.id ("/id"): {"task": {"title": "water the plants'
    )


@pytest.mark.parametrize(
    ("envelope", "place", "line"),
    [
        (lambda task: {"task": task}, "/task/id", 'Write `item = "/task"` in [tasks].'),
        (
            lambda task: {"data": [{"taskId": 7, "title": task["title"]}]},
            "/data/0/taskId",
            'A guess, by its name: write `item = "/data/0"` and `id = "/taskId"` in [tasks].',
        ),
        (
            lambda task: {"item": {"uuid": "x7", "name": task["title"]}},
            "/item/uuid",
            'A guess, by its name: write `item = "/item"` and `id = "/uuid"` in [tasks].',
        ),
    ],
)
def test_an_id_elsewhere_is_the_profile_s_matter(envelope: Change, place: str, line: str) -> None:
    ann = Ann()
    ann.changed("POST /api/tasks", envelope)
    with pytest.raises(Missing) as missing:
        ann.api.make(ann.person)
    assert f'with no id at tasks.item + tasks.id ("/id"), and it is at {place}.' in missing.value.reason
    assert missing.value.remedy == line


def test_a_list_elsewhere_is_the_profile_s_matter_and_none_at_all_is_told() -> None:
    ann = Ann()
    task = ann.api.make(ann.person)
    ann.changed("GET /api/tasks", lambda items: {"data": {"tasks": items}})
    with pytest.raises(Missing, match=r'no list at tasks.items \(""\), and it is at /data/tasks'):
        ann.api.listed(ann.person)
    ann.backend.routes["GET /api/tasks"] = lambda _: Answer(200, {"tasks": 0})
    assert ann.came("list", task) == 'it was answered 200 with no list at tasks.items (""): {"tasks": 0}'


def test_a_list_at_the_top_is_found_there_too() -> None:
    ann = Ann('[tasks]\nitems = "/results"\n')
    ann.api.make(ann.person)
    with pytest.raises(Missing, match=r'no list at tasks.items \("/results"\), and it is at the top'):
        ann.api.listed(ann.person)


def test_a_title_elsewhere_is_the_profile_s_matter_and_none_at_all_is_told() -> None:
    ann = Ann()
    task = ann.api.make(ann.person)
    ann.changed("GET /api/tasks/1", lambda item: {"id": "1", "text": item["title"]})
    with pytest.raises(Missing, match=r'no title at tasks.item \+ tasks.title \("/title"\), and it is at /text'):
        ann.api.title_of(ann.person, task)
    ann.backend.routes["GET /api/tasks/1"] = lambda _: Answer(200, {"id": "1"})
    with pytest.raises(Unmet, match=r'with no title at tasks.item \+ tasks.title \("/title"\): \{"id": "1"\}'):
        ann.api.title_of(ann.person, task)


def test_what_a_success_did_not_do_is_told() -> None:
    ann = Ann()
    task = ann.api.make(ann.person)
    ann.backend.routes["PATCH /api/tasks/1"] = lambda _: Answer(200, {"id": "1", "title": "x"})
    assert ann.came("update", task) == "it was answered 200 and the task, read again, is as before"
    ann.backend.routes["DELETE /api/tasks/1"] = lambda _: Answer(204)
    assert ann.came("delete") == "it was answered 204 and the task is still there"
    ann.backend.routes["GET /api/tasks/1"] = lambda _: Answer(200, {"id": "1", "title": "another one"})
    assert ann.came("read", task) == (
        'it was answered 200 without the task\'s title: {"id": "1", "title": "another one"}'
    )
    ann.backend.routes["GET /api/tasks"] = lambda _: Answer(200, [{"id": "1", "title": "another one"}])
    assert ann.came("list", task) == "it was answered 200 with 1 item, and without the task"


def test_what_can_not_be_read_is_no_place() -> None:
    ann = Ann()
    for body in (b"[" * 100_000, b"<p>", b"7"):
        ann.backend.routes["POST /api/tasks"] = partial(answering, Answer(201, body))
        with pytest.raises((Unmet, Unavailable), match="with no id at tasks"):
            ann.api.make(ann.person)
