"""The redirect to sign-in leads to the own host, is temporary, and is no answer to a script."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.flows.access_token import control_task_call
from harness.flows.common import control_place
from harness.flows.protected_pages import AnonymousVisit, open_anonymously
from harness.flows.way_to_signin import (
    list_anonymously,
    must_be_an_error,
    must_lead_to_own_host,
    must_not_be_permanent,
    open_forwarded,
)
from harness.scenario.world import World
from tests.support.fake_backend import HTML, FakeBackend
from tests.support.fake_client import Answer, Sent

HEADER = "X-Forwarded-Host: evil.invalid and X-Forwarded-Proto: https"


@pytest.fixture
def opened(world: World) -> World:
    """Ann's session was seen to open her page."""
    control_place(world, "Ann", "protected page")
    return world


def sending(backend: FakeBackend, status: int, location: str, *headers: tuple[str, str]) -> None:
    """Send anonymous clients there."""
    proper = backend.tasks_page

    def page(sent: Sent) -> Answer:
        return proper(sent) if sent.cookies else Answer(status, "", [("Location", location), *headers])

    backend.routes["GET /tasks"] = page


@pytest.mark.parametrize("location", ["/signin", "signin", "https://app.example/signin"])
def test_a_redirect_that_ignores_the_header_is_fine(opened: World, backend: FakeBackend, location: str) -> None:
    sending(backend, 307, location)
    open_forwarded(opened, HEADER)
    must_lead_to_own_host(opened)


def test_a_redirect_to_the_host_of_a_header_is_found_out(opened: World, backend: FakeBackend) -> None:
    sending(backend, 307, "https://evil.invalid/signin")
    open_forwarded(opened, HEADER)
    with pytest.raises(Unmet, match=r'X-Forwarded-Proto: https; it leads to "https://evil.invalid/signin"'):
        must_lead_to_own_host(opened)


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_found_out(opened: World, backend: FakeBackend, status: int) -> None:
    sending(backend, status, "/signin")
    open_anonymously(opened)
    with pytest.raises(Unmet, match=f"it was {status}, which browsers keep"):
        must_not_be_permanent(opened, opened.recall(AnonymousVisit).trail)


@pytest.mark.parametrize("policy", ["no-store", "private, no-cache", "max-age=0"])
def test_one_that_no_browser_keeps_is_fine(opened: World, backend: FakeBackend, policy: str) -> None:
    sending(backend, 308, "/signin", ("Cache-Control", policy))
    open_anonymously(opened)
    must_not_be_permanent(opened, opened.recall(AnonymousVisit).trail)


def test_a_temporary_one_is_fine(opened: World) -> None:
    open_anonymously(opened)
    must_not_be_permanent(opened, opened.recall(AnonymousVisit).trail)


def test_an_error_is_the_answer_to_a_script(world: World) -> None:
    control_task_call(world, "Ann", "list")
    list_anonymously(world, "Ann")
    must_be_an_error(world)


@pytest.mark.parametrize(
    "answer", [Answer(303, "", [("Location", "/signin")]), Answer(200, "<form>", [("Content-Type", "text/html")])]
)
def test_the_way_to_sign_in_is_none(world: World, backend: FakeBackend, answer: Answer) -> None:
    control_task_call(world, "Ann", "list")
    backend.routes["GET /api/tasks"] = lambda _: answer
    list_anonymously(world, "Ann")
    with pytest.raises(Unmet, match="a script without a credential is answered with an error"):
        must_be_an_error(world)


def test_a_list_that_is_a_page_is_no_script_s(world: World, backend: FakeBackend) -> None:
    control_task_call(world, "Ann", "list")
    key = world.tasks.key("list", "Ann")
    list_anonymously(world, "Ann")
    came = world.judge.controlling[key]
    world.judge.controlling[key] = type(came)(**{**vars(came), "body": b"<h1>Tasks</h1>", "headers": HTML})
    with pytest.raises(Absent, match="The tasks are listed on a page"):
        must_be_an_error(world)
