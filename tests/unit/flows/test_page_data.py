"""No header and no other address of a page shows an anonymous client anything of its owner's."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, Unmet
from harness.flows.common import control_place
from harness.flows.page_data import request_at, request_data
from harness.scenario.world import World
from tests.support.fake_backend import HTML, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent

PREFETCH = "Sec-Purpose: prefetch;prerender"
BUILD = '<script>{"buildId":"b-7f3a"}</script>'


@pytest.fixture
def opened(world: World) -> World:
    """Ann's session was seen to open her page."""
    control_place(world, "Ann", "protected page")
    return world


def answering(backend: FakeBackend, answer: Answer) -> None:
    """Answer a prefetch of the page so."""
    proper = backend.tasks_page
    backend.routes["GET /tasks"] = lambda sent: answer if "Sec-Purpose" in dict(sent.headers) else proper(sent)


def test_a_guard_that_ignores_the_header_is_fine(opened: World) -> None:
    request_data(opened, "Ann", PREFETCH)
    opened.judge.all_refused()


@pytest.mark.parametrize(
    "answer", [Answer(200, {}), Answer(200, "<h1>Your tasks</h1>", HTML), Answer(204, ""), Answer(500, "")]
)
def test_an_answer_without_private_text_is_fine(opened: World, backend: FakeBackend, answer: Answer) -> None:
    answering(backend, answer)
    request_data(opened, "Ann", PREFETCH)
    opened.judge.all_refused()


def test_private_text_is_found_out(opened: World, backend: FakeBackend) -> None:
    answering(backend, Answer(200, opened.task_of("Ann").canary))
    request_data(opened, "Ann", PREFETCH)
    with pytest.raises(
        Unmet, match=r"with Sec-Purpose: prefetch;prerender is refused; .*the owner's private text"
    ):
        opened.judge.all_refused()


def test_a_redirect_to_the_same_page_is_followed(opened: World, backend: FakeBackend) -> None:
    hers, proper = opened.task_of("Ann").canary, backend.tasks_page

    def page(sent: Sent) -> Answer:
        if "RSC" not in dict(sent.headers):
            return proper(sent)
        return Answer(200, hers) if sent.query else Answer(307, "", [("Location", "/tasks?_rsc=3f9c")])

    backend.routes["GET /tasks"] = page
    request_data(opened, "Ann", "RSC: 1")
    with pytest.raises(Unmet, match="the owner's private text"):
        opened.judge.all_refused()


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("{page}.rsc", "/tasks.rsc"),
        ("{PAGE}", "/TASKS"),
        ("/{page}", "//tasks"),
        ("{encoded page}", "/%74asks"),
        ("/x/..{page}", "/x/../tasks"),
        ("/_next/data/{build}{page}.json", "/_next/data/b-7f3a/tasks.json"),
    ],
)
def test_an_address_is_sent_as_it_is_spelled(
    opened: World, backend: FakeBackend, client: FakeClient, address: str, path: str
) -> None:
    backend.routes["GET /signin"] = lambda _: Answer(200, BUILD, HTML)
    hers = opened.task_of("Ann").canary
    backend.routes[f"GET {path}"] = lambda _: Answer(200, hers)
    request_at(opened, "Ann", address)
    assert any(sent.url.endswith(path) for sent in client.sent)
    with pytest.raises(Unmet, match="the owner's private text"):
        opened.judge.all_refused()


def test_an_address_at_which_there_is_nothing_is_fine(opened: World) -> None:
    request_at(opened, "Ann", "{page}.rsc")
    opened.judge.all_refused()


def test_without_a_build_there_is_no_data_route(opened: World) -> None:
    with pytest.raises(Absent, match="No page names the id of a build"):
        request_at(opened, "Ann", "/_next/data/{build}{page}.json")


def test_nothing_is_judged_without_the_control(world: World) -> None:
    request_data(world, "Ann", PREFETCH)
    with pytest.raises(HarnessError, match="judged without a control"):
        world.judge.all_refused()
