"""Large bodies that are read, and tokens that keep the verifier busy."""

from __future__ import annotations

import functools
import threading

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.faults.errors import header, read_first
from tests.detection.registry import fault
from tests.detection.request_bodies import whole
from tests.detection.seams import middleware

ALLOWED = "intrusive = true\n"
LARGE = "availability-large-body-is-refused"
COSTLY = "availability-costly-token-is-refused"
HELD_UP = 6.0
"""Seconds, more than the five within which it has to be refused."""

large = functools.partial(fault, defect="av-large-body-accepted", caught_by=LARGE, level="should", profile=ALLOWED)


def _on_large(content_type: bytes, status: int, seconds: float = 0.0) -> None:
    """Answer large bodies of that type with that status, after so many seconds."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        headers = dict(scope["headers"])
        is_large = int(headers.get(b"content-length", b"0")) > 1_000_000
        if is_large and headers.get(b"content-type", b"").startswith(content_type):
            await whole(receive)
            threading.Event().wait(seconds)
            await JSONResponse({}, status)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@large(says="refuses a JSON text of 5 MB within 5 s; but it was answered 500")
def a_large_body_fills_the_memory() -> None:
    """Nothing limits a body, and parsing one of 5 MB breaks the server."""
    _on_large(b"application/json", 500)


@large(says="refuses a form field of 5 MB within 5 s; but it took 6")
def a_large_field_is_parsed_for_long() -> None:
    """A field without a file name is put together byte by byte."""
    _on_large(b"multipart/form-data", 400, HELD_UP)


@large(says="refuses a form field of 5 MB within 5 s; but it was answered 200")
def a_large_field_is_accepted() -> None:
    """A form of any size is read, and answered as if it were right."""
    _on_large(b"multipart/form-data", 200)


@fault(
    defect="av-pbes2-iterations",
    caught_by=COSTLY,
    says="a token whose key takes 50,000,000 iterations is refused within 5 s; but it took 6",
    level="should",
    profile=ALLOWED,
)
def a_token_says_how_long_its_verifier_works() -> None:
    """`p2c` of the header is how often the key is hashed, without an upper bound."""

    def derive(token: str) -> None:
        if token.count(".") == 4 and header(token).get("p2c", 0) > 1_000_000:
            threading.Event().wait(HELD_UP)

    read_first(derive, ValueError, IndexError)
