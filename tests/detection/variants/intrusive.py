"""Refusals of large bodies and costly tokens that are right and unusual."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.faults.intrusive import ALLOWED, COSTLY, LARGE
from tests.detection.seams import middleware
from tests.detection.variant_registry import variant


@variant(
    stays_green=(LARGE, COSTLY),
    never_fail_on={
        "av-large-body-accepted": "413/400/422/401.",
        "av-pbes2-iterations": "verifiers that accept only JWS answer at once.",
    },
    profile=ALLOWED,
)
def a_large_body_is_refused_unread() -> None:
    """A body that says it is large is answered 413 at once, and the rest of it is not read."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        length = next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
        if length > 1_000_000:
            await JSONResponse({"message": "Too large"}, 413)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@variant(
    not_applicable=dict.fromkeys((LARGE, COSTLY), "no leave for requests that can keep it busy"),
    never_fail_on={"av-pbes2-iterations": "Only with profile.intrusive"},
)
def nothing_intrusive_is_allowed() -> None:
    """The profile does not allow such requests, as by itself."""
