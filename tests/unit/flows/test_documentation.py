"""Documentation is known by what it has; the page of an application is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.core.findings import Unmet
from harness.flows.documentation import PAGES, ask_for_page, must_be_none
from harness.scenario.world import World
from tests.support.fake_backend import HTML, FakeBackend
from tests.support.fake_client import API, Answer, FakeClient, Sent

DESCRIPTION = {"openapi": "3.0.3", "paths": {"/x": {}}}
SERVED: dict[str, object] = {
    "/docs": '<script src="https://cdn.example/swagger-ui-bundle.js"></script>',
    "/redoc": "<redoc spec-url=x>",
    "/openapi.json": DESCRIPTION,
    "/api/openapi.json": DESCRIPTION,
    "/swagger.json": {"swagger": "2.0", "paths": {}},
    "/v3/api-docs": DESCRIPTION,
    "/swagger-ui/": "<div id=swagger-ui>",
    "/graphql": "<title>GraphQL Playground</title>",
    "/console": "<title>H2 Console</title>",
    "/actuator": {"_links": {"self": {}}},
    "/debug/pprof/": "<title>/debug/pprof/</title>",
    "/_profiler": "<title>Web Profiler</title>",
    "/__debug__/": "<div id='djDebug'>",
}


def judge(world: World, path: str) -> None:
    ask_for_page(world, path)
    must_be_none(world)


@pytest.mark.parametrize("path", [*PAGES])
def test_a_path_without_anything_is_right(world: World, path: str) -> None:
    judge(world, path)


@pytest.mark.parametrize("path", [*PAGES])
@pytest.mark.parametrize("status", [200, 404, 500])
def test_each_page_is_found_out(world: World, backend: FakeBackend, path: str, status: int) -> None:
    backend.routes[f"GET {path}"] = lambda _: Answer(status, SERVED[path], HTML)
    with pytest.raises(
        Unmet, match=rf"served at {path} in production; GET http://[^ ]*{path} was answered {status}"
    ):
        judge(world, path)


def test_each_address_is_looked_at(world: World, client: FakeClient, backend: FakeBackend) -> None:
    page = Answer(200, SERVED["/docs"], HTML)
    client.server = lambda sent: page if sent.url == f"{API}/docs" else backend(sent)
    with pytest.raises(Unmet, match=f"GET {API}/docs"):
        judge(world, "/docs")


def test_an_auth_server_of_its_own_is_looked_at(world: World, client: FakeClient, backend: FakeBackend) -> None:
    auth = "http://auth.tasks.example"
    world.deployment.target = replace(world.target, auth_url=auth)
    client.origins = frozenset({*client.origins, auth})
    page = Answer(200, SERVED["/docs"], HTML)
    client.server = lambda sent: page if sent.url == f"{auth}/docs" else backend(sent)
    with pytest.raises(Unmet, match=f"GET {auth}/docs"):
        judge(world, "/docs")


@pytest.mark.parametrize("path", [*PAGES])
def test_a_page_that_stands_for_every_address_is_none(world: World, client: FakeClient, path: str) -> None:
    def shell(_: Sent) -> Answer:
        return Answer(200, SERVED[path], HTML)

    client.server = shell
    judge(world, path)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/docs", "<h1>How to use the API</h1><a href=/docs/swagger-ui>Swagger UI</a>"),
        ("/openapi.json", {"paths": []}),
        ("/openapi.json", {"openapi": {}, "paths": {}}),
        ("/actuator", {"status": "UP"}),
        ("/graphql", {"errors": []}),
        ("/console", "<title>Sign in to your console</title>"),
        ("/_profiler", "<h1>Profiles</h1>"),
    ],
)
def test_what_looks_a_little_like_it_is_right(world: World, backend: FakeBackend, path: str, body: object) -> None:
    backend.routes[f"GET {path}"] = lambda _: Answer(200, body, HTML)
    judge(world, path)
