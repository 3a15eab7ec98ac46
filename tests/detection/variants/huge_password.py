"""Passwords of a megabyte that are rightly refused, each in its way."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.faults.huge_password import COST, HUGE
from tests.detection.seams import middleware, request_header
from tests.detection.variant_registry import variant

MOST = 65_536


@variant(stays_green=HUGE, never_fail_on={COST: "400/401/413/422 quickly."})
def a_gateway_takes_no_large_body() -> None:
    """A body of more than 64 kB is answered 413 before it is read."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if int(request_header(scope, "content-length") or 0) > MOST:
            await JSONResponse({"message": "Payload Too Large"}, 413)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)
