"""Nobody becomes another by naming them in a part of a cookie."""

from __future__ import annotations

import base64
import json
from urllib.parse import unquote

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, Unmet
from harness.flows.cookie_parts import Impersonations, must_not_be_other, name_other
from harness.flows.session import control_own_session
from harness.scenario.world import World
from tests.support.fake_backend import Account, FakeBackend
from tests.support.fake_client import WEB, Answer, FakeClient, Sent
from tests.support.scenario import SESSION, world_of

PAGE, LIST = "GET /tasks", "GET /api/tasks"


@pytest.fixture
def own(world: World) -> World:
    """Bob's session was seen to be his."""
    control_own_session(world, "Bob")
    return world


def encoded(world: World, alias: str) -> str:
    told = {"id": world.person(alias).id, "email": world.person(alias).email, "n": "x"}
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def holding(world: World, *cookies: str) -> None:
    """Have Bob's browser hold these cookies besides."""
    world.device("Bob", "first device").jar.store([f"{one}; Path=/" for one in cookies], f"{WEB}/")


def named(backend: FakeBackend, value: str) -> Account | None:
    """Whom a value in base64 names by the id."""
    text = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
    return next((one for one in backend.accounts.values() if f'"{one.id}"' in text), None)


def believing(world: World, backend: FakeBackend, route: str, cookie: str = "user") -> None:
    """Have a route go by the cookie for whoever has a session."""
    proper, signed_in = backend.routes[route], backend.signed_in

    def believe(sent: Sent) -> Answer:
        account = named(backend, sent.cookies[cookie]) if sent.cookies.get(cookie) and signed_in(sent) else None
        if account is None:
            return proper(sent)
        if route == SESSION:
            return Answer(200, {"user": account.user})
        return Answer(200, [{"id": "1", "title": title} for title in account.tasks.values()])

    backend.routes[route] = believe
    holding(world, f"{cookie}={encoded(world, 'Bob')}")


def test_a_part_that_is_ignored_is_fine(own: World, client: FakeClient) -> None:
    holding(own, f"user={encoded(own, 'Bob')}")
    name_other(own, "Bob", "Ann")
    must_not_be_other(own, "Bob", "Ann")
    places = [one.place for one in own.recall(Impersonations).answers]
    assert set(places) == {"session endpoint", "protected page", "task list"}
    changed = next(one for one in client.sent if one.who == "Bob as Ann").cookies["user"]
    told = json.loads(base64.urlsafe_b64decode(changed + "=" * (-len(changed) % 4)))
    assert told == {"id": own.person("Ann").id, "email": own.person("Ann").email, "n": "x"}


def test_one_that_is_refused_is_fine(own: World, backend: FakeBackend) -> None:
    value = encoded(own, "Bob")
    holding(own, f"user={value}")
    proper = backend.routes[SESSION]
    backend.routes[SESSION] = lambda sent: proper(sent) if sent.cookies.get("user") == value else Answer(401)
    name_other(own, "Bob", "Ann")
    must_not_be_other(own, "Bob", "Ann")


def test_a_session_that_goes_by_it_is_found_out(own: World, backend: FakeBackend) -> None:
    believing(own, backend, SESSION)
    name_other(own, "Bob", "Ann")
    came = 'Bob stays Bob with Ann\'s id or address in the cookie "user"; the session endpoint says that it is Ann'
    with pytest.raises(Unmet, match=came):
        must_not_be_other(own, "Bob", "Ann")


def test_an_id_alone_that_is_anothers_is_found_out(own: World, backend: FakeBackend) -> None:
    proper = backend.routes[SESSION]
    holding(own, f"id={own.person('Bob').id}")

    def session(sent: Sent) -> Answer:
        answer = proper(sent)
        if answer.body is not None and "id" in sent.cookies:
            answer.body["user"]["id"] = sent.cookies["id"]
        return answer

    backend.routes[SESSION] = session
    name_other(own, "Bob", "Ann")
    with pytest.raises(Unmet, match="the session endpoint says that it is Ann"):
        must_not_be_other(own, "Bob", "Ann")


@pytest.mark.parametrize(("route", "place"), [(PAGE, "protected page"), (LIST, "task list")])
def test_what_shows_the_others_tasks_is_found_out(
    own: World, backend: FakeBackend, route: str, place: str
) -> None:
    believing(own, backend, route)
    name_other(own, "Bob", "Ann")
    with pytest.raises(Unmet, match=f"the {place} shows Ann's private text"):
        must_not_be_other(own, "Bob", "Ann")


def test_a_name_that_it_shows_is_no_other_user(own: World, backend: FakeBackend) -> None:
    holding(own, f"user={encoded(own, 'Bob')}")
    proper = backend.routes[SESSION]

    def session(sent: Sent) -> Answer:
        answer = proper(sent)
        if answer.body is not None and "user" in sent.cookies:
            answer.body["user"]["name"] = f"by the cookie {unquote(sent.cookies['user'])[:4]}"
        return answer

    backend.routes[SESSION] = session
    name_other(own, "Bob", "Ann")
    must_not_be_other(own, "Bob", "Ann")


def test_a_value_in_two_cookies_is_put_together(own: World, backend: FakeBackend) -> None:
    value = encoded(own, "Bob")
    holding(own, f"user.0={value[:20]}", f"user.1={value[20:]}")
    proper, signed_in = backend.routes[SESSION], backend.signed_in

    def session(sent: Sent) -> Answer:
        account = named(backend, sent.cookies.get("user.0", "") + sent.cookies.get("user.1", ""))
        return Answer(200, {"user": account.user}) if account and signed_in(sent) else proper(sent)

    backend.routes[SESSION] = session
    name_other(own, "Bob", "Ann")
    with pytest.raises(Unmet, match="the session endpoint says that it is Ann"):
        must_not_be_other(own, "Bob", "Ann")


def test_where_no_part_names_anybody_it_does_not_apply(own: World) -> None:
    with pytest.raises(Absent, match="No part of Bob's cookies decodes to an id or address"):
        name_other(own, "Bob", "Ann")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    with pytest.raises(HarnessError, match="judged without a control"):
        name_other(world, "Bob", "Ann")


def test_a_session_in_no_cookie_has_no_parts(client: FakeClient) -> None:
    world = world_of(client, '[credentials.session]\nkind = "token"\n')
    with pytest.raises(Absent):
        name_other(world, "Bob", "Ann")
