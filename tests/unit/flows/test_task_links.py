"""No link makes a task, or takes one away."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.task_links import LINKS, fields_of_new, follow_links, must_have_changed_nothing
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import READ, said, world_of

TO_TASK = [word for word in LINKS if LINKS[word].to_task]
TO_LIST = [word for word in LINKS if not LINKS[word].to_task]


@pytest.fixture
def listed(world: World) -> World:
    """Ann was seen to list her tasks."""
    control_task_call(world, "Ann", "list")
    return world


def is_link(sent: Sent) -> bool:
    return sent.method == "GET" and (
        "title=" in sent.url or "_method" in sent.url or sent.path.endswith("/delete")
    )


def test_links_that_are_nowhere_or_show_something_are_fine(listed: World, client: FakeClient) -> None:
    before = len(client.sent)
    follow_links(listed, "Ann", [*LINKS])
    links = [sent for sent in client.sent[before:] if is_link(sent)]
    task = listed.task_of("Ann").id
    assert [sent.path for sent in links] == [
        f"/api/tasks/{task}/delete",
        f"/api/tasks/{task}",
        "/api/tasks",
        "/api/tasks/create",
    ]
    assert all(sent.header("authorization") for sent in links)
    must_have_changed_nothing(listed, "Ann")


@pytest.mark.parametrize("word", TO_TASK)
def test_a_link_that_deletes_is_named(listed: World, backend: FakeBackend, client: FakeClient, word: str) -> None:
    proper, tasks = client.server, backend.accounts[listed.person("Ann").email].tasks

    def deleting(sent: Sent) -> Answer:
        if is_link(sent) and (sent.path.endswith("/delete") == ("/delete" in word)):
            tasks.pop(listed.task_of("Ann").id, None)
            return Answer(204)
        return proper(sent)

    client.server = deleting
    follow_links(listed, "Ann", [*LINKS])
    with pytest.raises(
        Unmet, match=r"GET request to her task, with .* changes nothing of Ann's; .*task is gone"
    ) as met:
        must_have_changed_nothing(listed, "Ann")
    assert word in str(met.value)


@pytest.mark.parametrize("word", TO_LIST)
def test_a_link_that_creates_is_named(listed: World, backend: FakeBackend, client: FakeClient, word: str) -> None:
    proper, tasks = client.server, backend.accounts[listed.person("Ann").email].tasks

    def creating(sent: Sent) -> Answer:
        if is_link(sent) and "title=" in sent.url and (sent.path.endswith("/create") == ("/create" in word)):
            tasks["99"] = parse_qs(urlsplit(sent.url).query)["title"][0]
            return Answer(201, {})
        return proper(sent)

    client.server = creating
    follow_links(listed, "Ann", [*LINKS])
    with pytest.raises(Unmet, match="changes nothing of Ann's; it was answered 201, and the list has") as met:
        must_have_changed_nothing(listed, "Ann")
    assert word in str(met.value)


def test_a_task_that_can_t_be_read_shows_nothing(listed: World, backend: FakeBackend) -> None:
    backend.routes[READ] = said(Answer(500))
    with pytest.raises(NotTested, match=r"expected that|control failed"):
        follow_links(listed, "Ann", [*LINKS])


def test_without_a_control_they_show_nothing(world: World) -> None:
    follow_links(world, "Ann", [*LINKS])
    with pytest.raises(HarnessError, match="judged without a control"):
        must_have_changed_nothing(world, "Ann")


@pytest.mark.parametrize(
    ("declared", "fields"),
    [
        ('json = { title = "{title}", done = false }', {"title": "a title"}),
        ('json = { item = { title = "{title}" } }', {}),
        ('form = { name = "{title}", list = "1" }', {"name": "a title", "list": "1"}),
    ],
)
def test_the_query_has_the_fields_of_a_new_task(client: FakeClient, declared: str, fields: dict[str, str]) -> None:
    world = world_of(client, f"[tasks.create]\n{declared}\n")
    assert fields_of_new(world, world.cast.new_person("Ann"), "a title") == fields
