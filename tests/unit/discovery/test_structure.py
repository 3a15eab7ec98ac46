"""Recognition goes by structure: item paths, fields for passwords, and what documentation pages name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.discovery.asker import Addresses
from harness.discovery.openapi import read
from harness.discovery.resource import find_resource
from tests.support.discovered_sites import (
    discovered,
    document,
    goes_to,
    operation,
    page,
    says,
    schema,
    site,
    task_paths,
)
from tests.support.local_server import serving

HERE = Addresses("http://127.0.0.1", "http://127.0.0.1")
FIELD = "<input name=mail type=email><input name=secret type=password>"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "found.toml"


def found_in(paths: dict[str, Any]) -> str | None:
    resource = find_resource(read(document(paths), HERE, "web", "http://127.0.0.1/openapi.json"), two_hosts=False)
    return resource.table["list"]["path"] if resource is not None else None


def a_form(*fields: str) -> dict[str, Any]:
    body = schema(" ".join(fields), **dict.fromkeys(fields, "string"))
    return {"get": operation(), "post": operation(body, media="application/x-www-form-urlencoded")}


def test_a_collection_with_item_paths_is_chosen_over_pages_that_take_a_form() -> None:
    paths = {"/in": a_form("mail"), "/join": a_form("mail", "secret"), **task_paths("/shelf/pieces", "text")}
    assert found_in(paths) == "/shelf/pieces"


def test_a_collection_with_item_paths_is_chosen_over_a_better_name_without() -> None:
    assert found_in({"/tasks": a_form("title"), **task_paths("/shelf/pieces", "text")}) == "/shelf/pieces"


def test_of_two_collections_with_item_paths_the_name_decides() -> None:
    assert found_in({**task_paths("/pieces"), **task_paths("/shelf/of/notes")}) == "/shelf/of/notes"


def test_what_takes_a_password_is_no_collection() -> None:
    assert found_in({"/join": a_form("title", "secret")}) is None


NAMING = {
    "Swagger UI": """<script>SwaggerUIBundle({ url: '/api/v7/described', dom_id: '#ui' })</script>""",
    "ReDoc": """<redoc spec-url="/api/v7/described"></redoc>""",
    "a link": """<link rel="service-desc" href="/api/v7/described">""",
    "a relative address": """<script>const ui = { "url": "../api/v7/described" }</script>""",
}


@pytest.mark.parametrize("html", NAMING.values(), ids=NAMING)
@pytest.mark.parametrize("where", ["/docs", "/handbook/"])
def test_a_document_is_found_where_a_page_names_it(file: Path, html: str, where: str) -> None:
    if html.startswith("<script>const") and where == "/docs":
        html = html.replace("../", "/")
    routes = {
        "GET /": page("<a href=/handbook/>Handbook</a>"),
        f"GET {where}": page(html),
        "GET /api/v7/described": says(200, document(task_paths("/pieces"))),
    }
    with serving(site(routes)) as web:
        profile, _ = discovered(file, web.url)
    assert profile.tasks is not None
    assert profile.tasks.list.path == "/pieces"


def test_a_document_is_found_where_the_script_of_a_page_names_it(file: Path) -> None:
    routes = {
        "GET /": page(""),
        "GET /docs": page("""<script src="./swagger-initializer.js"></script>"""),
        "GET /swagger-initializer.js": page("""window.ui = SwaggerUIBundle({ url: "/v9/described" })"""),
        "GET /v9/described": says(200, document(task_paths("/pieces"))),
    }
    with serving(site(routes)) as web:
        profile, _ = discovered(file, web.url)
    assert profile.tasks is not None


def test_no_document_of_another_host_is_asked_for(file: Path) -> None:
    elsewhere = "<redoc spec-url=http://other.invalid/openapi.json></redoc>"
    with serving(site({"GET /": page(""), "GET /docs": page(elsewhere)})) as web:
        profile, _ = discovered(file, web.url)
    assert profile.tasks is None


def test_pages_are_found_by_their_field_for_a_password(file: Path) -> None:
    routes = {
        "GET /": page("<a href=/about>About</a> <a href=/enter>Come in</a> <a href=/join>Join</a>"),
        "GET /about": page("<form><input name=q></form>"),
        "GET /enter": page(f"<form method=post>{FIELD}<button>Enter</button></form>"),
        "GET /join": page(f"<form method=post>{FIELD}<button>Become one</button></form>"),
    }
    with serving(site(routes)) as web:
        profile, _ = discovered(file, web.url)
    operations = profile.operations
    assert (operations.sign_in.path, operations.sign_up.path) == ("/enter", "/join")
    assert operations.sign_in.form == {"mail": "{email}", "secret": "{password}"}


SIGN_IN = f"<form method=post action=/in>{FIELD}<button>Enter</button></form>"


def guarded(path: str, document_of: dict[str, Any] | None = None, front: str = "") -> dict[str, Any]:
    """A sign-in page, and a page that sends an anonymous client there."""
    routes = {"GET /": page(f"<a href=/in>in</a>{front}"), "GET /in": page(SIGN_IN), f"GET {path}": goes_to("/in")}
    return routes | ({"GET /openapi.json": says(200, document(document_of))} if document_of else {})


def opened(media: str) -> dict[str, Any]:
    return {"get": {"responses": {"200": {"description": "", "content": {media: {}}}}}}


PROTECTED = {
    "a page that a document describes": guarded("/desk", {"/desk": opened("text/html")}),
    "a page that the front page links": guarded("/desk", front="<a href=/desk>desk</a>"),
}
NOT_PROTECTED = {
    "JSON": guarded("/desk", {"/desk": opened("application/json")}),
    "a page of one thing": guarded("/desk/1", {"/desk/{number}": opened("text/html")}),
    "the way out": guarded("/log-out", front="<a href=/log-out>out</a>"),
}


@pytest.mark.parametrize("routes", PROTECTED.values(), ids=PROTECTED)
def test_a_page_that_sends_strangers_to_sign_in_is_protected(file: Path, routes: dict[str, Any]) -> None:
    with serving(site(routes)) as web:
        profile, text = discovered(file, web.url)
    assert profile.pages is not None
    assert (profile.pages.sign_in, profile.pages.protected) == ("/in", ["/desk"])
    assert "A guess: that sign-in leads to /desk (after_sign_in)." in text


@pytest.mark.parametrize("routes", NOT_PROTECTED.values(), ids=NOT_PROTECTED)
def test_what_is_no_page_of_a_signed_in_person_protects_nothing(file: Path, routes: dict[str, Any]) -> None:
    with serving(site(routes)) as web:
        profile, text = discovered(file, web.url)
    assert profile.pages is None
    assert "name one." in text


def test_a_field_and_a_button_that_no_form_has_are_called_guesses(file: Path) -> None:
    bare = "<form method=post><input name=x type=number><input name=secret type=password></form>"
    routes = {"GET /": page("<a href=/in>in</a>"), "GET /signup": page(bare), "GET /in": page(bare)}
    with serving(site(routes | {"GET /tasks": goes_to("/in")})) as web:
        _, text = discovered(file, web.url)
    assert "FILL IN: email, sign_in_button, sign_up_button: no such thing was seen" in text
