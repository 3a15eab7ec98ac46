"""Markup that pages repeat, and files that anybody can fetch."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.registry import fault
from tests.detection.request_bodies import again, whole
from tests.detection.seams import edit_template, middleware

MARKUP = "xss-reflected-markup-is-inert"
FILES = "exposure-sensitive-files-are-not-served"
RUNS = "repeated by a page as text, or not at all; but the page .* has the element that was sent"
_HEAD = "<h1>Welcome back</h1>"

reflects = functools.partial(fault, defect="eh-reflected-markup", caught_by=MARKUP, says=RUNS)


def _on_page(name: str) -> None:
    edit_template("signin.html", _HEAD, f"{_HEAD}{{{{ request.query_params.{name}|safe }}}}")


@reflects()
def the_sign_in_page_shows_an_error_from_its_address() -> None:
    """`{{ error|safe }}`, so that an error may have a link in it."""
    _on_page("error")


@reflects()
def the_sign_in_page_shows_a_message_from_its_address() -> None:
    """`{{ message|safe }}`."""
    _on_page("message")


@reflects()
def the_sign_in_page_fills_in_an_address_from_its_address() -> None:
    """`value="{{ email|safe }}"`, whose quotes are not escaped."""
    edit_template("signin.html", 'value="{{ fields.email }}"', 'value="{{ request.query_params.email|safe }}"')


@reflects()
def the_sign_in_page_passes_its_destination_on_unescaped() -> None:
    """`<a href="/signup?callbackURL={{ callbackURL|safe }}">`."""
    edit_template("signin.html", 'href="/signup"', 'href="/signup?to={{ request.query_params.callbackURL|safe }}"')


@reflects()
def the_sign_in_page_writes_its_destination_into_a_script() -> None:
    """`<script>const next = "{{ next|safe }}"</script>`, which the text can end."""
    script = 'const next = "{{ request.query_params.next|safe }}"'
    edit_template("signin.html", _HEAD, f"{_HEAD}<script>{script}</script>")


def _not_found_page(path: str) -> None:
    """Answer unknown addresses below that path with a page that names them."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"].startswith(path) and "<i" in scope["path"]:
            page = f"<!doctype html><p>There is no {unquote(scope['path'])}.</p>"
            await HTMLResponse(page, 404)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@reflects()
def the_page_for_unknown_addresses_names_them() -> None:
    """`f"There is no {path}"`."""
    _not_found_page("/'")


@reflects()
def the_api_s_page_for_unknown_addresses_names_them() -> None:
    """The API answers a browser with a page that has the task's id in it."""
    _not_found_page("/api/tasks")


@reflects()
def the_auth_error_page_names_the_address() -> None:
    """The authentication API has an error page of its own, which repeats the path."""
    _not_found_page("/api/auth")


@reflects()
def json_is_served_as_a_page() -> None:
    """A refused sign-in repeats the address in JSON that is served as text/html."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if not scope["path"].startswith("/api/auth/sign-in") or scope["method"] != "POST":
            await inner(scope, receive, send)
            return
        body = await whole(receive)
        email = _email(body)
        if "<" in email:
            await HTMLResponse(json.dumps({"error": f"no user {email}"}), 401)(scope, receive, send)
        else:
            await inner(scope, again(body), send)

    middleware(handle)


def _email(body: bytes) -> str:
    try:
        content: Any = json.loads(body)
    except ValueError:
        return ""
    return str(content.get("email")) if isinstance(content, dict) else ""


# --- files ---


def _served(word: str, content: str, media_type: str = "text/plain") -> None:
    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] == f"/{word}":
            await PlainTextResponse(content, media_type=media_type)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


def _file(word: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    says = f"that the file {word} is served to nobody; but GET .* with what such a file has"
    return fault(defect="hc-sensitive-files-exposed", caught_by=FILES, says=says)


@_file(".env")
def the_settings_are_served() -> None:
    """The static files are served from the folder of the project."""
    _served(".env", "PORT=3000\nBETTER_AUTH_SECRET=not-so-secret-any-more\n", "application/octet-stream")


@_file(".env.local")
def the_settings_of_a_machine_are_served() -> None:
    """A rule against dot files knows one name alone."""
    _served(".env.local", "DATABASE_URL=postgres://app:a-password@db/app\n")


@_file(".env.production")
def the_settings_of_production_are_served() -> None:
    """They lie in the public folder, for the build."""
    _served(".env.production", 'export JWT_SECRET_KEY="not-so-secret-any-more"\n')


@_file(".env.bak")
def a_copy_of_the_settings_is_served() -> None:
    """An editor left its copy there, and it is served as a page."""
    _served(".env.bak", "DB_PASSWORD=not-so-secret-any-more\n", "text/html")


@_file(".git/HEAD")
def the_repository_is_served() -> None:
    """The checkout itself is what is deployed."""
    _served(".git/HEAD", "ref: refs/heads/main\n")


@_file(".git/config")
def the_repository_s_settings_are_served() -> None:
    """The checkout itself is what is deployed, with the token in its remote's address."""
    _served(".git/config", '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://x@example.com\n')


@_file("docker-compose.yml")
def the_composition_is_served() -> None:
    """It lies beside the application, with the database's password."""
    _served("docker-compose.yml", "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: a-password\n")


@_file("backup.sql")
def a_backup_is_served() -> None:
    """Somebody saved the database into the public folder."""
    _served("backup.sql", "--\n-- PostgreSQL database dump\n--\nCREATE TABLE users (id text);\n")
