"""Requests that flows build themselves carry a credential whole, wherever a profile says that it travels."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.deployment.deployment import Deployment
from harness.deployment.expiry import Expiry
from harness.deployment.people import PersonFactory, Task
from harness.flows.cors import ask_across_origins
from harness.flows.isolation import act_naming
from harness.profile.loader import parse_profile
from harness.profile.target import Target
from harness.scenario.cast import Cast
from harness.scenario.world import World
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = """
name = "shop"
title = "A shop"
[operations.sign_up]
method = "POST"
path = "/signup"
[operations.sign_in]
method = "POST"
path = "/login"
json = { email = "{email}", password = "{password}" }
[operations.session]
method = "METHOD"
path = "/me"
identity = { id = "/id", email = "/email" }
[credentials.session]
kind = "token"
[credentials.token]
kind = "opaque"
issued_by = "sign_in"
pointer = "/token"
PRESENTED
[tasks]
base = "api"
credential = "token"
list = { method = "METHOD", path = "/api/tasks" }
create = { method = "POST", path = "/api/tasks", json = { title = "{title}" } }
"""
TICKET = "ticket of "


def told(sent: Sent) -> list[str]:
    """Whatever a request has that may be a credential."""
    texts = [sent.header("authorization"), *sent.cookies.values(), *sent.query.values(), *sent.fields.values()]
    return [text for text in texts if text and TICKET in text]


def shop(sent: Sent) -> Answer:
    """Signs everybody in, by a ticket that tells who it is."""
    if sent.path == "/login":
        return Answer(200, {"token": TICKET + sent.fields["email"]})
    return Answer(200, {"id": "7", "email": told(sent)[0].rpartition(" ")[2]}) if told(sent) else Answer(401)


@pytest.fixture(
    params=[
        ("", "GET"),
        ('in_cookie = "ticket"', "GET"),
        ('in_query = "access_token"', "GET"),
        ('in_body = "access_token"', "POST"),
    ],
    ids=["header", "cookie", "query", "body"],
)
def presented(request: pytest.FixtureRequest) -> tuple[str, str]:
    """How the access token travels, and the method of requests that carry it so."""
    words: tuple[str, str] = request.param
    return words


@pytest.fixture
def client() -> FakeClient:
    return FakeClient(shop)


@pytest.fixture
def world(client: FakeClient, presented: tuple[str, str]) -> World:
    """Ann and Bob are signed in, and Ann has a task."""
    how, method = presented
    profile = parse_profile(PROFILE.replace("PRESENTED", how).replace("METHOD", method), "shop.toml", Path())
    target = Target(profile, WEB, API)
    deployment = Deployment(target, client)
    cast = Cast(PersonFactory(profile.people, 1), deployment)
    made = World(cast, deployment, Expiry(target, 0.0))
    for alias in ("Ann", "Bob"):
        person = made.introduce(cast.new_person(alias))
        deployment.sessions.sign_in_verified(person.device("first device"))
        person.tasks.append(Task("1", "a title", "canary"))
    return made


def test_under_another_persons_path(world: World, client: FakeClient) -> None:
    act_naming(world, "Bob", "Ann", "the path")
    asked = [sent for sent in client.sent if "/7/" in sent.path]
    assert [sent.path for sent in asked] == ["/api/users/7/tasks", "/api/7/tasks"]
    for sent in asked:
        assert told(sent), f"{sent.method} {sent.url} carries no credential"


@pytest.mark.parametrize("presented", [('in_query = "access_token"', "GET")], indirect=True, ids=["query"])
def test_from_a_page_of_another_site(world: World, client: FakeClient) -> None:
    ask_across_origins(world, "Ann", "tasks at the API")
    simple, preflight = client.sent[-2:]
    assert (simple.method, preflight.method) == ("GET", "OPTIONS")
    assert told(simple)
    # A browser has nothing but the address for its question whether it may ask.
    assert preflight.url == simple.url
    assert preflight.header("cookie") is preflight.header("authorization") is None
