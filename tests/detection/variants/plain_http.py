"""Deployments reached over https whose http port serves nothing."""

from __future__ import annotations

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.clear_text import profile_at, serve_in_clear
from tests.detection.faults.plain_http import IN_CLEAR
from tests.detection.registry import HTTPS
from tests.detection.variant_registry import variant

_PORT = 27_421
_CLOSED = 27_423


@variant(
    stays_green=IN_CLEAR,
    never_fail_on={"hc-http-served-in-clear": "30x to https for pages; refuse for APIs (ASVS 4.1.2)."},
    settings=HTTPS,
    profile=profile_at(_PORT),
)
def http_redirects_pages_and_refuses_calls() -> None:
    """The http port redirects pages to https, and answers 403 to every call of the API."""

    def build(_app: ASGIApp) -> ASGIApp:
        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            is_call = scope["path"].startswith("/api/")
            answer = (
                JSONResponse({"message": "Use https"}, 403) if is_call else RedirectResponse("https://127.0.0.1")
            )
            await answer(scope, receive, send)

        return handle

    serve_in_clear(_PORT, build)


@variant(stays_green=IN_CLEAR, settings=HTTPS, profile=profile_at(_PORT + 1))
def http_says_where_to_go_on_a_page() -> None:
    """The http port answers 200 with a page that leads on to https, whatever is asked for."""

    def build(_app: ASGIApp) -> ASGIApp:
        page = "<!doctype html><meta http-equiv=refresh content='0; url=https://127.0.0.1/'>This way, please."
        return HTMLResponse(page)

    serve_in_clear(_PORT + 1, build)


@variant(stays_green=IN_CLEAR, settings=HTTPS, profile=profile_at(_CLOSED))
def nothing_listens_on_the_http_port() -> None:
    """The http address of the profile has no server."""
