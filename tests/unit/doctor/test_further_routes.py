"""The doctor tries further routes, and names those that an OpenAPI document has besides."""

from __future__ import annotations

import pytest

from harness.profile.resources import Resource
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import Answer
from tests.unit.doctor.test_examination import doubts, sentences

DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {
        "/api/tasks": {"get": {}, "post": {}},
        "/api/tasks/{id}": {"get": {}, "delete": {}, "summary": "one task"},
        "/api/tasks/{id}/complete": {"post": {}},
        "/api/chat": {"get": {}, "post": {}},
    },
}


def sessions_at(path: str) -> list[Resource]:
    return [
        Resource.model_validate(
            {
                "name": "sessions",
                "base": "web",
                "credential": "session",
                "routes": [{"method": "GET", "path": path}],
            }
        )
    ]


def test_a_further_route_is_tried() -> None:
    told = sentences(FakeBackend(), resources=sessions_at(f"{AUTH}/list-sessions"))
    assert f"GET {AUTH}/list-sessions (sessions) answers its owner" in told


def test_one_that_is_not_there_is_a_doubt() -> None:
    (doubt,) = doubts(FakeBackend(), resources=sessions_at("/api/nowhere"))
    assert "GET /api/nowhere was answered 404: it is not where resources[0].routes[0] says" in doubt
    assert doubt.endswith("If there is no such route, remove the entry.")


def test_what_a_document_has_besides_is_named() -> None:
    backend = FakeBackend()
    backend.routes["GET /openapi.json"] = lambda _: Answer(200, DOCUMENT)
    (doubt,) = doubts(backend)
    assert "so that none is tried: POST /api/tasks/{id}/complete, GET /api/chat" in doubt
    assert "GET /api/chat, POST /api/chat. Name those that need a credential in [[tasks.more]] or" in doubt


@pytest.mark.parametrize(
    "said", [Answer(200, "<html>"), Answer(200, {"paths": {"/x": {"get": {}}}}), Answer(500, DOCUMENT)]
)
def test_what_is_no_document_names_nothing(said: Answer) -> None:
    backend = FakeBackend()
    backend.routes["GET /openapi.json"] = lambda _: said
    assert doubts(backend) == []


def test_a_document_that_the_profile_names_wholly_is_no_doubt() -> None:
    backend = FakeBackend()
    named = {"openapi": "3.1.0", "paths": {"/api/tasks/{x}/": {"get": {}}}}
    backend.routes["GET /openapi.json"] = lambda _: Answer(200, named)
    assert doubts(backend) == []
