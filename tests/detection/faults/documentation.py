"""Documentation of the API, explorers and consoles that are left on in production."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.registry import fault
from tests.detection.seams import middleware

DOCUMENTATION = "exposure-documentation-is-not-served"
IN_PRODUCTION = "production = true\n"
DESCRIPTION = '{"openapi": "3.1.0", "info": {"title": "Tasks"}, "paths": {"/api/tasks": {"get": {}}}}'
JSON = "application/json"
EXPLORER = '<!doctype html><link rel=stylesheet href=/swagger-ui.css><div id="swagger-ui"></div>'


def serve_page(path: str, content: str, media_type: str = "text/html", status: int = 200) -> None:
    """Serve a text at a path."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] == path:
            await PlainTextResponse(content, status, media_type=media_type)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


def _left_on(path: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    says = f"nothing for developers is served at {path} in production; but GET .* with documentation"
    return fault(
        defect="hc-api-docs-exposed", caught_by=DOCUMENTATION, says=says, level="may", profile=IN_PRODUCTION
    )


@_left_on("/docs")
def the_explorer_is_left_on() -> None:
    """The framework's page for trying the API out is on by default."""
    serve_page("/docs", EXPLORER)


@_left_on("/redoc")
def the_reference_is_left_on() -> None:
    """The framework's second page of documentation is on by default."""
    serve_page("/redoc", '<redoc spec-url="/openapi.json"></redoc><script src=redoc.standalone.js></script>')


@_left_on("/openapi.json")
def the_description_is_left_on() -> None:
    """The page is off, and the description that it shows is not."""
    serve_page("/openapi.json", DESCRIPTION, JSON)


@_left_on("/api/openapi.json")
def the_description_below_the_api_is_left_on() -> None:
    """The description of the API is served below its prefix."""
    serve_page("/api/openapi.json", DESCRIPTION, JSON)


@_left_on("/swagger.json")
def an_old_description_is_left_on() -> None:
    """The description in the old format is served as text."""
    serve_page("/swagger.json", '{"swagger": "2.0", "paths": {}}', "text/plain")


@_left_on("/v3/api-docs")
def a_generated_description_is_left_on() -> None:
    """The description that a library makes is served with a status that means nothing."""
    serve_page("/v3/api-docs", DESCRIPTION, JSON, 404)


@_left_on("/swagger-ui/")
def the_explorer_s_folder_is_left_on() -> None:
    """The explorer's files are served from a folder."""
    serve_page("/swagger-ui/", EXPLORER)


@_left_on("/graphql")
def the_query_explorer_is_left_on() -> None:
    """The page for trying queries out is served to browsers."""
    serve_page("/graphql", '<div id="graphiql">Loading...</div><script src="/static/graphiql.min.js"></script>')


@_left_on("/console")
def the_debugger_s_console_is_left_on() -> None:
    """The debugger's console is served, where code can be run."""
    serve_page("/console", "<title>Console // Debugger</title><script>var EVALEX = true;</script>")


@_left_on("/actuator")
def the_management_endpoints_are_left_on() -> None:
    """The list of management endpoints is served."""
    serve_page("/actuator", '{"_links": {"self": {"href": "/actuator"}, "env": {"href": "/actuator/env"}}}', JSON)


@_left_on("/debug/pprof/")
def the_profiles_are_left_on() -> None:
    """Profiles of the running server are served."""
    serve_page("/debug/pprof/", "<title>/debug/pprof/</title><a href='goroutine?debug=1'>goroutine</a>")


@_left_on("/_profiler")
def the_profiler_is_left_on() -> None:
    """The profiler shows the requests of every user."""
    serve_page("/_profiler", "<title>Web Profiler</title><div id=profiler>Latest requests</div>")


@_left_on("/__debug__/")
def the_debug_toolbar_is_left_on() -> None:
    """The debug toolbar is served, with settings and queries."""
    serve_page("/__debug__/", '<div id="djDebug" data-url="/__debug__/">SQL</div>')
