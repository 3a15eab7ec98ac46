"""A deployment that is reached over https and serves plain http as well."""

from __future__ import annotations

import functools

from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.clear_text import profile_at, serve_in_clear
from tests.detection.registry import HTTPS, fault

IN_CLEAR = "exposure-nothing-is-served-in-clear"
_PORT = 27_411

in_clear = functools.partial(
    fault, defect="hc-http-served-in-clear", caught_by=IN_CLEAR, level="should", settings=HTTPS
)


def _only(served: str, port: int) -> None:
    """Serve that path alone; every other one is sent to https."""

    def build(app: ASGIApp) -> ASGIApp:
        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == served:
                await app(scope, receive, send)
            else:
                await RedirectResponse("https://127.0.0.1/", 308)(scope, receive, send)

        return handle

    serve_in_clear(port, build)


@in_clear(says="GET http://[^ ]*/signin was answered 200", profile=profile_at(_PORT))
def the_sign_in_page_is_served_in_clear() -> None:
    """A form that takes the password is served over http, and only what follows is redirected."""
    _only("/signin", _PORT)


@in_clear(says="GET http://[^ ]*/ was answered 200", profile=profile_at(_PORT + 1))
def the_start_page_is_served_in_clear() -> None:
    """The start page is served over http, with links that can be changed on the way."""
    _only("/", _PORT + 1)


@in_clear(says="GET http://[^ ]*/get-session was answered 200", profile=profile_at(_PORT + 2))
def the_session_is_served_in_clear() -> None:
    """The application's own port is open beside that of the proxy, and answers who is signed in."""
    _only("/api/auth/get-session", _PORT + 2)


@in_clear(says="GET http://[^ ]*/api/tasks was answered 200", profile=profile_at(_PORT + 3))
def the_tasks_are_served_in_clear() -> None:
    """A gateway of the http port passes any caller on with a credential of its own."""

    def build(app: ASGIApp) -> ASGIApp:
        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            answer = JSONResponse([]) if scope["path"] == "/api/tasks" else RedirectResponse("https://127.0.0.1/")
            await answer(scope, receive, send)

        return handle

    serve_in_clear(_PORT + 3, build)
