"""Documentation that may be served, and pages that look a little like it."""

from __future__ import annotations

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.faults.documentation import (
    DESCRIPTION,
    DOCUMENTATION,
    EXPLORER,
    IN_PRODUCTION,
    JSON,
    serve_page,
)
from tests.detection.seams import middleware
from tests.detection.variant_registry import variant


@variant(
    not_applicable={DOCUMENTATION: r"declares no deployment in production \(production = true\)"},
    never_fail_on={"hc-api-docs-exposed": "serves them by default; useful to the suite itself."},
)
def a_stage_serves_its_documentation() -> None:
    """The documentation of the API is served, and no profile says that this is production."""
    serve_page("/docs", EXPLORER)
    serve_page("/openapi.json", DESCRIPTION, JSON)


@variant(stays_green=DOCUMENTATION, profile=IN_PRODUCTION)
def an_application_of_one_page_answers_every_address() -> None:
    """Unknown addresses are answered 200 with the application's page, which speaks of APIs and profiles."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        known = ("/api/", "/static/", "/signin", "/signup", "/signout", "/tasks")
        if scope["path"] == "/" or scope["path"].startswith(known):
            await inner(scope, receive, send)
            return
        page = "<!doctype html><title>Tasks</title><div id=root data-for=swagger-ui.css>Our API, console</div>"
        await HTMLResponse(page)(scope, receive, send)

    middleware(handle)


@variant(stays_green=DOCUMENTATION, profile=IN_PRODUCTION)
def guides_for_users_are_served() -> None:
    """/docs has guides for users, /console asks for a sign-in and /graphql answers an error."""
    serve_page("/docs", "<title>Guides</title><h1>How to use the API</h1><a href=/docs/openapi>OpenAPI</a>")
    serve_page("/console", "<title>Sign in to the console</title>", status=401)
    serve_page("/graphql", '{"errors": [{"message": "Must provide query string."}]}', JSON, 400)
    serve_page("/actuator", '{"status": "UP"}', JSON)
