"""Origins that are trusted, or told apart, in ways that are right."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.faults.cross_site import skip_origin_check
from tests.detection.faults.lookalike_origins import LOOKALIKE, NULL, READS_NOTHING, REFERER, TYPES, WHOLE
from tests.detection.seams import middleware, request_header
from tests.detection.variant_registry import variant

CSRF = (LOOKALIKE, NULL, WHOLE, TYPES)


@variant(
    stays_green=(*CSRF, REFERER, READS_NOTHING),
    never_fail_on={"cs-null-origin-accepted": "403"},
)
def every_foreign_origin_is_refused_at_the_door() -> None:
    """A gate answers 403 to whatever names another origin, in any method, and gives no reason."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        origin = request_header(scope, "origin")
        host = request_header(scope, "host")
        is_own = origin is None or (origin.partition("://")[2] == host and origin.startswith("http:"))
        await (inner if is_own else JSONResponse({}, 403))(scope, receive, send)

    middleware(handle)


@variant(
    stays_green=CSRF,
    warns={REFERER: "she was signed out"},
    never_fail_on={"cs-referer-not-checked": "Token-based CSRF defences may ignore Referer"},
)
def a_request_without_an_origin_comes_from_no_page() -> None:
    """Only an Origin that is sent is compared: every browser of today sends one."""

    skip_origin_check(lambda request: "origin" not in request.headers)


@variant(
    stays_green=(TYPES, LOOKALIKE, NULL),
    never_fail_on={"cs-content-type-spelling": "Types that no browser sends without a preflight (SHOULD)"},
)
def types_of_scripts_stand_in_for_the_origin() -> None:
    """JSON is read whoever sends it, for a browser asks first; any other type needs the own origin."""

    skip_origin_check(lambda request: request.headers.get("content-type") == "application/json")


@variant(
    stays_green=CSRF,
    never_fail_on={"cs-origin-match-flaw": "Wildcard trustedOrigins"},
)
def subdomains_are_trusted() -> None:
    """Every subdomain of the application's own domain may act, and no other host."""

    skip_origin_check(lambda request: request.headers.get("origin", "").endswith(".app.example.com"))


@variant(
    stays_green=READS_NOTHING,
    never_fail_on={"cs-cors-null-or-lookalike": "Declared wildcard subdomains"},
)
def subdomains_may_read() -> None:
    """Every subdomain of the own host may read with credentials, and no other host."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        origin = request_header(scope, "origin") or ""

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start" and origin.endswith(".app.example.com"):
                message["headers"] += [
                    (b"access-control-allow-origin", origin.encode()),
                    (b"access-control-allow-credentials", b"true"),
                ]
            await send(message)

        await inner(scope, receive, sending)

    middleware(handle)
