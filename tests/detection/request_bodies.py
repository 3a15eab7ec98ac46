"""What faults do to a request before the backend sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.detection.seams import middleware


def read_first(method: str, path: str, read: Callable[[bytes], object]) -> None:
    """Have ``read`` look at the bodies of that method below that path first; what it raises is not caught."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["method"] != method or not scope["path"].startswith(path):
            await inner(scope, receive, send)
            return
        body = await whole(receive)
        read(body)
        await inner(scope, again(body), send)

    middleware(handle)


def take_for_json(method: str, path: str, use: Callable[[Any], object], kind: type = object) -> None:
    """Have ``use`` look at the JSON of those bodies, where it is of that kind; what is no JSON is left alone."""

    def read(body: bytes) -> None:
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            return
        if isinstance(content, kind):
            use(content)

    read_first(method, path, read)


async def whole(receive: Receive) -> bytes:
    """The body of a request."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def again(body: bytes) -> Receive:
    """What hands the backend a body that was read."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
