"""Answers to markup, odd addresses and requests at once that are right and unusual."""

from __future__ import annotations

from html import escape
from urllib.parse import unquote

from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.faults.availability import ADDRESS, PARALLEL, SIGN_INS, answer_lists_beyond
from tests.detection.faults.exposure import FILES, MARKUP
from tests.detection.seams import edit_template, middleware
from tests.detection.variant_registry import variant

_HEAD = "<h1>Welcome back</h1>"


@variant(
    stays_green=(MARKUP, FILES),
    never_fail_on={
        "eh-reflected-markup": "Escaped text",
        "hc-sensitive-files-exposed": "SPA fallback 200 HTML",
    },
)
def every_unknown_address_is_the_application_s_page() -> None:
    """Unknown addresses are answered 200 with a page that repeats them, escaped, and in a script as JSON."""
    shown = "{{ request.query_params.error }}<script>const said = {{ request.query_params.error|tojson }}</script>"
    edit_template("signin.html", _HEAD, f"{_HEAD}{shown}")

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        known = ("/api/", "/static/", "/signin", "/signup", "/signout", "/tasks")
        if scope["path"] == "/" or scope["path"].startswith(known):
            await inner(scope, receive, send)
            return
        said = escape(unquote(scope["path"]))
        page = f'<!doctype html><title>{said}</title><div id=root title="{said}">SECRET_KEY=\n{said}</div>'
        await HTMLResponse(page)(scope, receive, send)

    middleware(handle)


@variant(stays_green=MARKUP, never_fail_on={"eh-reflected-markup": "JSON with application/json."})
def an_error_of_the_api_repeats_the_path() -> None:
    """An unknown path of the API is repeated in JSON, as it is."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if "<" in scope["path"]:
            await JSONResponse({"error": f"there is no {scope['path']}"}, 404)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@variant(
    stays_green=(PARALLEL, SIGN_INS, ADDRESS),
    never_fail_on={
        "av-parallel-requests-fail": "429 is fine: lower the number.",
        "av-regex-dos": "413/400/422 quickly.",
    },
)
def requests_at_once_are_limited_to_twelve() -> None:
    """Of the lists that are asked for at the same moment some are answered 429, and long bodies 413."""
    answer_lists_beyond(12, JSONResponse({"message": "Later"}, 429))

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        length = next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
        if length > 10_000:
            await JSONResponse({"message": "Too large"}, 413)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)
