"""Routes that look up users tell a caller nothing of another one, and of themselves what they like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.lookups import lookup_routes
from harness.flows.user_lookups import CALLERS, look_up, must_tell_nothing
from harness.scenario.world import World
from tests.support.fake_backend import NOT_FOUND, UNAUTHENTICATED, FakeBackend
from tests.support.fake_client import API, Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, with_people, world_of

SIGNED_IN, ANONYMOUS = CALLERS
LIST, BY_ADDRESS, BY_ID = "/users", "/users?email={email}", "/users/{user_id}"


def looking_up(client: FakeClient, *paths: str) -> World:
    """Ann and Bob at a deployment whose profile names these routes."""
    return with_people(world_of(client, f"user_lookups = {list(paths)}"), "Ann", "Bob")


def judge(world: World, how: str = SIGNED_IN) -> None:
    look_up(world, "Bob", "Ann", how)
    must_tell_nothing(world)


@pytest.mark.parametrize("how", [*CALLERS])
@pytest.mark.parametrize("answer", [UNAUTHENTICATED, Answer(403, {}), Answer(200, []), Answer(200, {"users": 7})])
def test_what_tells_nothing_is_right(client: FakeClient, backend: FakeBackend, answer: Answer, how: str) -> None:
    backend.routes["GET /users"] = lambda _: answer
    judge(looking_up(client, LIST, BY_ADDRESS), how)


def test_an_address_in_a_list_is_found_out(client: FakeClient, backend: FakeBackend) -> None:
    backend.routes["GET /users"] = lambda _: Answer(200, [one.email.upper() for one in backend.accounts.values()])
    with pytest.raises(Unmet, match=r"tells an anonymous client Ann's .*; GET /users \(user_lookups\[0\]\)"):
        judge(looking_up(client, LIST), ANONYMOUS)


def test_a_short_id_is_hers_beside_her_name_alone(client: FakeClient, backend: FakeBackend) -> None:
    world = looking_up(client, LIST)
    backend.routes["GET /users"] = lambda _: Answer(200, {"rank": world.person("Ann").id, "of": "something"})
    judge(world)
    backend.routes["GET /users"] = lambda _: Answer(200, {"all": [one.user for one in backend.accounts.values()]})
    world.person("Ann").email = "another@example.com"
    with pytest.raises(Unmet, match="with Ann's id"):
        judge(world)


def test_a_long_id_is_found_anywhere(client: FakeClient, backend: FakeBackend) -> None:
    world = looking_up(client, LIST)
    world.person("Ann").id = "0a1b2c3d-0000-4000-8000-0123456789ab"
    backend.routes["GET /users"] = lambda _: Answer(200, f"<a href=/of/{world.person('Ann').id.upper()}>")
    with pytest.raises(Unmet, match="with Ann's id"):
        judge(world)
    backend.routes["GET /users"] = lambda _: Answer(200, f"x{world.person('Ann').id}")
    judge(world)


def test_a_list_is_asked_for_more_than_its_first_page(client: FakeClient, backend: FakeBackend) -> None:
    def page(sent: Sent) -> Answer:
        return Answer(200, [one.email for one in backend.accounts.values()] if "limit" in sent.query else [])

    backend.routes["GET /users"] = page
    with pytest.raises(Unmet, match="with Ann's address"):
        judge(looking_up(client, LIST))


def test_what_the_request_said_is_no_disclosure(client: FakeClient, backend: FakeBackend) -> None:
    backend.routes["GET /users"] = lambda sent: Answer(404, f"no user {sent.query.get('email')}")
    judge(looking_up(client, BY_ADDRESS))


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (Answer(200, {"taken": True}), Answer(200, {"taken": False})),
        (Answer(200, {}), NOT_FOUND),
        (Answer(302, "", [("Location", "/signin")]), Answer(302, "", [("Location", "/signup")])),
    ],
)
def test_what_distinguishes_addresses_is_found_out(
    client: FakeClient, backend: FakeBackend, known: Answer, unknown: Answer
) -> None:
    backend.routes["GET /users"] = lambda sent: known if sent.query["email"] in backend.accounts else unknown
    with pytest.raises(Unmet, match=r"answers otherwise for Ann's address than for an unknown one: "):
        judge(looking_up(client, BY_ADDRESS), ANONYMOUS)


def test_what_differs_each_time_distinguishes_nothing(client: FakeClient, backend: FakeBackend) -> None:
    backend.routes["GET /users"] = lambda sent: Answer(200, {"n": backend.number()}, [("X", sent.query["email"])])
    judge(looking_up(client, BY_ADDRESS))


def test_bob_is_signed_in_with_all_that_he_has(client: FakeClient, backend: FakeBackend) -> None:
    backend.routes["GET /users"] = lambda _: UNAUTHENTICATED
    judge(looking_up(client, LIST))
    asked = [sent for sent in client.sent if sent.path == "/users"]
    assert {sent.url.startswith(API) for sent in asked} == {True, False}
    assert all(sent.cookies and sent.header("authorization") for sent in asked)


def test_a_route_that_is_not_there_is_not_judged(client: FakeClient) -> None:
    with pytest.raises(NotTested, match=r"GET /nowhere was answered 404: it is not where user_lookups\[0\] says"):
        judge(looking_up(client, "/nowhere"))


def test_routes_that_fail_are_not_judged(client: FakeClient, backend: FakeBackend) -> None:
    backend.routes["GET /users"] = lambda _: BROKEN
    client.server = lambda sent: BROKEN if sent.path == "/users" else backend(sent)
    with pytest.raises(NotTested, match="every route that looks up users failed"):
        judge(looking_up(client, LIST))


def test_without_routes_it_does_not_apply(world: World) -> None:
    with pytest.raises(NotApplicable, match=r'\(write `user_lookups = \["/users"'):
        judge(world)


def test_each_address_is_asked(world: World, client: FakeClient) -> None:
    auth = "http://auth.tasks.example"
    client.origins = frozenset({*client.origins, auth})
    profile = world.target.profile.model_copy(update={"user_lookups": [LIST]})
    world.deployment.target = replace(world.target, profile=profile, auth_url=auth)
    named = [(one.place, one.base) for one in lookup_routes(world.deployment)]
    assert named == [("user_lookups[0]", base) for base in ("web", "api", "auth")]


def documented(world: World, backend: FakeBackend, paths: dict[str, Any], **root: Any) -> list[str]:
    """The routes that are taken from a document with these paths."""
    backend.routes["GET /openapi.json"] = lambda _: Answer(200, {"openapi": "3.1.0", "paths": paths, **root})
    return [route.path for route in lookup_routes(world.deployment)]


def query(name: str, *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required}


def test_documented_routes_that_may_tell_of_users_are_taken(world: World, backend: FakeBackend) -> None:
    email = {"parameters": [query("email", required=True)]}
    paths: dict[str, Any] = {
        "/count": {"get": {}},
        "/users": {"get": {"parameters": [query("email", required=False), query("limit", required=False)]}},
        "/users/{id}": {"get": {}, "delete": {}},
        "/by-mail/{email}": {"get": {}},
        "/check-email": {"get": email},
        "/shared": {"get": {"parameters": [{"$ref": "#/components/parameters/mail"}]}},
    }
    found = documented(world, backend, paths, components={"parameters": {"mail": query("email", required=True)}})
    assert found == [
        "/users",
        "/users?email={email}",
        "/users/{user_id}",
        "/count",
        "/by-mail/{email}",
        "/check-email?email={email}",
        "/shared?email={email}",
    ]


def test_documented_routes_of_anything_else_are_left_alone(world: World, backend: FakeBackend) -> None:
    header = {"name": "X-Tenant", "in": "header", "required": True}
    paths: dict[str, Any] = {
        "/api/tasks": {"get": {}},
        "/notes/{id}": {"get": {}},
        "/search": {"get": {"parameters": [query("q", required=True)]}},
        "/users/sign-out": {"get": {}},
        "/users/log_out": {"get": {}},
        "/tenants": {"parameters": [header], "get": {}},
        "/strange": {"get": {"parameters": [{"$ref": "elsewhere.json#/x"}, "nothing"]}},
        "/with space": {"get": {}},
        "/users/new": {"post": {}},
    }
    assert documented(world, backend, paths) == []


def test_a_server_s_path_stands_before_each(world: World, backend: FakeBackend) -> None:
    assert documented(world, backend, {"/users": {"get": {}}}, servers=[{"url": "/v1/"}]) == ["/v1/users"]


def test_no_more_than_twenty_are_asked(world: World, backend: FakeBackend) -> None:
    found = documented(
        world, backend, {f"/list-{number}": {"get": {}} for number in range(30)} | {"/users": {"get": {}}}
    )
    assert len(found) == 20
    assert found[0] == "/users"
