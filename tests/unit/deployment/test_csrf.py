"""Whoever asks, a request that changes something carries the CSRF token of the browser that it comes from."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from harness.deployment.credential import ANONYMOUS
from harness.deployment.deployment import Deployment
from harness.deployment.people import Person, PersonFactory
from harness.deployment.tasks.checks import TaskApi
from harness.profile.loader import parse_profile
from harness.profile.target import Target
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget
from tests.support.local_server import Asked, Handler, Server, serving

PROFILE = """
name = "shop"
title = "A shop"
[operations.sign_up]
method = "POST"
path = "/signup"
[operations.sign_in]
method = "POST"
path = "/login"
[operations.session]
method = "GET"
path = "/me"
identity = { email = "/email" }
[credentials.session]
kind = "cookie"
cookie = "sid"
[credentials.token]
kind = "opaque"
issued_by = "sign_in"
pointer = "/token"
[tasks]
base = "api"
credential = "token"
list = { method = "GET", path = "/tasks" }
create = { method = "POST", path = "/tasks", json = { title = "{title}" } }
"""
DOUBLE_SUBMIT = 'kind = "cookie to header"\ncookie = "form"\nheader = "X-Form"\nfetch = "/login"'
FETCHED = 'kind = "fetched"\nfetch = "/login"\npointer = "/form"\nheader = "X-Form"'
FROM_SIGN_IN = 'kind = "from sign-in"\npointer = "/form"\nheader = "X-Form"'
EVERYWHERE = 'bases = ["web", "api"]'


def _shop(handler: Handler) -> None:
    """Each browser gets a CSRF token of its own, in a cookie and in the body, and with it an unrelated cookie."""
    handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    number = len(handler.server.noted.asked)
    signed_in = [("Set-Cookie", "sid=ann")] if handler.command == "POST" else []
    form = [("Set-Cookie", f"form=f{number}; Path=/")] if handler.path == "/login" else []
    body = {"form": f"f{number}", "token": "ticket", "email": "ann@example.com"}
    if handler.command == "POST" or "sid=ann" in handler.headers.get("Cookie", ""):
        body["secret"] = "for ann"
    handler.say(200, json.dumps(body).encode(), *signed_in, *form)


@contextmanager
def deployed(csrf: str, opened_by: str = "token") -> Iterator[tuple[TaskApi, Person, Server]]:
    """The tasks of a shop with that CSRF defence, a person who signed in, and what the shop was asked."""
    with serving(_shop) as server:
        profile = PROFILE.replace('credential = "token"', f'credential = "{opened_by}"')
        target = Target(parse_profile(f"{profile}[csrf]\n{csrf}", "shop.toml", Path()), server.url, server.url)
        client = Client(target.origins, ThrottleBudget(0.0))
        deployment = Deployment(target, client)
        person = PersonFactory(target.profile.people, 1).person("Ann")
        deployment.sessions.sign_in(person.device("first device"))
        yield TaskApi(deployment, "tasks"), person, server
        client.close()


def sent(asked: Asked) -> tuple[Mapping[str, Any], str | None, str | None]:
    """The cookies of a request, its CSRF header and its Authorization."""
    cookies = SimpleCookie("".join(asked.headers.get("cookie", [])))
    header, bearer = (asked.headers.get(name, [None])[0] for name in ("x-form", "authorization"))
    return {name: morsel.value for name, morsel in cookies.items()}, header, bearer


@pytest.mark.parametrize("csrf", [DOUBLE_SUBMIT, FETCHED])
def test_a_token_goes_with_its_own_browsers_value_and_without_the_session(csrf: str) -> None:
    with deployed(f"{csrf}\n{EVERYWHERE}") as (tasks, ann, server):
        tasks.call("create", "Ann", tasks.credential(ann), ann)
        cookies, header, bearer = sent(server.asked[-1])
        held = ann.device("first device").jar.find("form", f"{server.url}/tasks")
    assert bearer == "Bearer ticket"
    assert held is not None
    assert cookies == {"form": held.value}
    assert header == held.value


@pytest.mark.parametrize("csrf", [DOUBLE_SUBMIT, FETCHED])
def test_nobody_has_the_value_of_a_browser_without_a_session(csrf: str) -> None:
    with deployed(f"{csrf}\n{EVERYWHERE}") as (tasks, ann, server):
        tasks.call("create", "somebody", ANONYMOUS, ann)
        cookies, header, bearer = sent(server.asked[-1])
        held = ann.device("first device").jar.find("form", f"{server.url}/tasks")
    assert bearer is None
    assert held is not None
    assert cookies == {"form": header}
    assert header not in (None, held.value)


def test_a_value_from_sign_in_goes_with_the_token_and_nobody_has_one() -> None:
    with deployed(f"{FROM_SIGN_IN}\n{EVERYWHERE}") as (tasks, ann, server):
        tasks.call("create", "Ann", tasks.credential(ann), ann)
        tasks.call("create", "somebody", ANONYMOUS, ann)
        own, nobodys = (sent(asked) for asked in server.asked[-2:])
    assert own == ({}, ann.device("first device").csrf_token, "Bearer ticket")
    assert nobodys == ({}, None, None)


def test_where_the_profile_asks_for_none_there_is_none() -> None:
    with deployed(DOUBLE_SUBMIT) as (tasks, ann, server):
        tasks.call("create", "Ann", tasks.credential(ann), ann)
        assert sent(server.asked[-1]) == ({}, None, "Bearer ticket")


def test_tasks_that_the_session_opens_at_the_pages_own_address_need_no_bases() -> None:
    with deployed(DOUBLE_SUBMIT, opened_by="session") as (tasks, ann, server):
        tasks.call("create", "Ann", tasks.credential(ann), ann)
        tasks.call("create", "somebody", ANONYMOUS, ann)
        own, nobodys = (sent(asked) for asked in server.asked if asked.path == "/tasks")
    assert own == ({"sid": "ann", "form": own[1]}, own[1], None)
    assert own[1] is not None
    assert nobodys == ({"form": nobodys[1]}, nobodys[1], None)
    assert nobodys[1] not in (None, own[1])


def test_an_api_at_another_address_carries_no_value_unasked() -> None:
    profile = PROFILE.replace('credential = "token"', 'credential = "session"')
    target = Target(
        parse_profile(f"{profile}[csrf]\n{DOUBLE_SUBMIT}", "shop.toml", Path()), "http://a.test", "http://b.test"
    )
    assert target.wants_csrf_token("web")
    assert not target.wants_csrf_token("api")


def test_a_value_that_only_the_signed_in_can_have_is_not_a_strangers() -> None:
    secret = FETCHED.replace("/form", "/secret")
    with deployed(f'{secret}\nbases = ["api"]') as (tasks, ann, server):
        tasks.call("create", "Ann", tasks.credential(ann), ann)
        tasks.call("create", "somebody", ANONYMOUS, ann)
        own, nobodys = (sent(asked) for asked in server.asked if asked.path == "/tasks")
    assert own[1] == "for ann"
    assert nobodys == ({}, None, None)


def test_reading_asks_for_no_value_of_a_stranger() -> None:
    with deployed(f"{DOUBLE_SUBMIT}\n{EVERYWHERE}") as (tasks, ann, server):
        tasks.call("list", "somebody", ANONYMOUS, ann)
        assert sent(server.asked[-1]) == ({}, None, None)


def test_a_value_in_json_is_asked_for_as_json() -> None:
    with deployed(f"{FETCHED}\n{EVERYWHERE}") as (tasks, ann, server):
        tasks.call("create", "Ann", tasks.credential(ann), ann)
        fetched = next(asked for asked in server.asked if asked.method == "GET" and asked.path == "/login")
    assert fetched.headers["accept"] == ["application/json"]
