"""A credential is on every request that shows it, whole: in cookies, headers, query and body."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.deployment import Deployment
from harness.deployment.people import PersonFactory
from harness.deployment.request import perform
from harness.deployment.tasks.checks import TaskApi
from harness.profile.extraction import at_pointer
from harness.profile.loader import load_profile
from harness.profile.operation import Operation
from harness.profile.target import Target
from harness.wire.request import Request
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

WHOLE = Credential(
    "all of it", {"c": "in a cookie"}, (("H", "in a header"),), {"q": "in the query"}, {"b": "body"}
)


def carried(sent: Sent) -> tuple[str | None, ...]:
    """Cookie, header and query parameter of `WHOLE`, as they came."""
    return sent.cookies.get("c"), sent.header("h"), sent.query.get("q")


EVERYWHERE = ("in a cookie", "in a header", "in the query")


@pytest.fixture
def client() -> FakeClient:
    return FakeClient(lambda _: Answer(200, {"next": "/tasks?page=2"}))


@pytest.fixture
def deployment(client: FakeClient) -> Deployment:
    return Deployment(Target(load_profile("reference"), WEB, API), client)


def by_operation(deployment: Deployment) -> None:
    operation = Operation.model_validate({"method": "POST", "path": "/x", "json": {"a": "1"}})
    perform(deployment.target, deployment.client, "Ann", operation, {}, WHOLE)


def by_page(deployment: Deployment) -> None:
    deployment.page("/tasks", "Ann", WHOLE)


def by_next_page_of_a_list(deployment: Deployment) -> None:
    profile = deployment.target.profile
    assert profile.tasks is not None
    paged = profile.tasks.model_copy(update={"next": at_pointer("/next")})
    target = Target(profile.model_copy(update={"tasks": paged}), WEB, API)
    tasks = TaskApi(Deployment(target, deployment.client), "tasks")
    ann = PersonFactory(profile.people, 1).person("Ann")
    tasks.pages_from(tasks.call("list", "Ann", WHOLE, ann).exchange, "Ann", WHOLE)


@pytest.mark.parametrize("send", [by_operation, by_page, by_next_page_of_a_list])
def test_whatever_sends_it_sends_it_whole(
    send: Callable[[Deployment], None], deployment: Deployment, client: FakeClient
) -> None:
    send(deployment)
    assert [carried(sent) for sent in client.sent] == [EVERYWHERE] * len(client.sent)
    assert client.sent


def test_a_body_has_its_field(deployment: Deployment, client: FakeClient) -> None:
    by_operation(deployment)
    assert client.sent[-1].fields == {"a": "1", "b": "body"}


def test_nothing_is_on_an_anonymous_request() -> None:
    request = Request("POST", WEB)
    assert ANONYMOUS.onto(request) == request


def test_another_value_is_put_in_wherever_the_old_one_stood() -> None:
    old = Credential("old", {"c": "x.1"}, (("H", "Bearer x.1"),), {"q": "x.1"}, {"b": "x.1"})
    assert set(old.with_value("x.1", "y.2", "new").carried.values()) == {"y.2", "Bearer y.2"}
