"""Other spellings of the tasks' addresses lead to nothing, and HEAD tells nothing."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.errors import NotThere
from harness.flows.access_token import control_task_call
from harness.flows.task_addresses import (
    SPELLINGS,
    ask_at,
    ask_for_size,
    must_not_tell_size,
    must_show_nothing,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import API, Answer, FakeClient, Sent
from tests.support.scenario import LIST, READ, said

SPELLED = {
    "with a double slash": "//api/tasks",
    "with a slash at its end": "/api/tasks/",
    "in upper case": "/API/tasks",
    "with a dot in it": "/./api/tasks",
    "by way of another folder": "/elsewhere/../api/tasks",
    "with an encoded letter": "/%61pi/tasks",
    "with a parameter": "/api/tasks;v=1",
}


@pytest.fixture
def listed(world: World) -> World:
    """Ann was seen to list her tasks."""
    control_task_call(world, "Ann", "list")
    return world


def test_each_spelling_is_of_the_same_address() -> None:
    assert {spelling: SPELLINGS[spelling]("/api/tasks") for spelling in SPELLINGS} == SPELLED


@pytest.mark.parametrize("spelling", [*SPELLINGS])
def test_where_nothing_is_there_all_is_well(listed: World, client: FakeClient, spelling: str) -> None:
    before = len(client.sent)
    ask_at(listed, "Ann", spelling)
    asked = client.sent[before:]
    assert [sent.method for sent in asked] == ["GET", "GET", "GET", "DELETE"]
    assert asked[1].url == API + SPELLED[spelling]
    assert not any(sent.header("authorization") or sent.header("cookie") for sent in asked[1:])
    must_show_nothing(listed, "Ann")


@pytest.mark.parametrize("verb", ["GET", "DELETE"])
def test_what_a_spelling_opens_is_found_out(
    listed: World, backend: FakeBackend, client: FakeClient, verb: str
) -> None:
    proper, canary, ann = client.server, listed.person("Ann").canaries[0], listed.person("Ann")

    def server(sent: Sent) -> Answer:
        if "//api/" not in sent.url.replace("://", ":"):
            return proper(sent)
        if verb == "DELETE" and sent.method == "DELETE":
            backend.accounts[ann.email].tasks.clear()
            return Answer(204)
        return Answer(200, [{"title": canary}]) if verb == "GET" else Answer(404)

    client.server = server
    ask_at(listed, "Ann", "with a double slash")
    came = "answered 200 with it" if verb == "GET" else "Ann's task is gone"
    with pytest.raises(Unmet, match=f"nothing of Ann's at the tasks' address with a double slash.*{came}"):
        must_show_nothing(listed, "Ann")


@pytest.mark.parametrize(("location", "asked"), [("/api/tasks", 1), ("https://elsewhere.example/", 0)])
def test_a_redirect_is_followed_inside_the_deployment(
    listed: World, client: FakeClient, location: str, asked: int
) -> None:
    proper, canary = client.server, listed.person("Ann").canaries[0]
    led: list[Sent] = []

    def server(sent: Sent) -> Answer:
        if sent.url.endswith("/tasks/"):
            return Answer(308, "", [("Location", location)])
        if sent.header("authorization") is None and sent.method == "GET" and "tasks" in sent.url:
            led.append(sent)
            return Answer(200, canary)
        return proper(sent)

    client.server = server
    ask_at(listed, "Ann", "with a slash at its end")
    assert len([sent for sent in led if sent.url == f"{API}/api/tasks"]) == asked


def test_where_the_task_can_not_be_read_again_nothing_shows_that_it_is_gone(
    listed: World, backend: FakeBackend
) -> None:
    backend.routes[READ] = said(Answer(404, {"message": "No such page"}))
    with pytest.raises((NotTested, NotThere)):
        ask_at(listed, "Ann", "in upper case")


def test_without_its_control_nothing_is_judged(world: World) -> None:
    ask_at(world, "Ann", "in upper case")
    with pytest.raises(HarnessError, match="without a control"):
        must_show_nothing(world, "Ann")


# --- HEAD ---


def head(listed: World, backend: FakeBackend, answer: Answer) -> None:
    backend.routes["HEAD /api/tasks"] = said(answer)
    ask_for_size(listed, "Ann")
    must_not_tell_size(listed, "Ann")


@pytest.mark.parametrize("answer", [Answer(405), Answer(401), Answer(200, "", [("Content-Length", "0")])])
def test_a_refusal_or_another_size_tells_nothing(listed: World, backend: FakeBackend, answer: Answer) -> None:
    head(listed, backend, answer)


def test_the_size_of_the_owner_s_list_is_found_out(listed: World, backend: FakeBackend) -> None:
    person = listed.person("Ann")
    own = len(listed.tasks.call("list", "Ann", listed.tasks.credential(person), person).exchange.body)
    with pytest.raises(Unmet, match=f"it was answered 200 with the {own} bytes that Ann's own list has"):
        head(listed, backend, Answer(200, "", [("Content-Length", str(own))]))


def test_an_empty_list_has_the_size_of_any(listed: World, backend: FakeBackend) -> None:
    backend.routes[LIST] = said(Answer(200, []))
    head(listed, backend, Answer(200, "", [("Content-Length", "2")]))


def test_a_success_without_a_size_says_neither(listed: World, backend: FakeBackend) -> None:
    with pytest.raises(NotTested, match="no Content-Length"):
        head(listed, backend, Answer(200))
