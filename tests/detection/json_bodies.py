"""A backend whose JSON answers are others, made from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.detection.seams import middleware


def change_bodies(change: Callable[[Scope, int, Any], tuple[int, Any]]) -> None:
    """Let ``change(scope, status, content)`` say what a JSON answer of the API is instead."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        started: Message = {}
        whole = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
                return
            whole.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = [pair for pair in started["headers"] if pair[0] != b"content-length"]
            is_json = any(name == b"content-type" and b"json" in value for name, value in headers)
            status, body = started["status"], bytes(whole)
            if scope["path"].startswith("/api/") and is_json:
                status, content = change(scope, status, json.loads(body))
                body = json.dumps(content).encode()
            headers.append((b"content-length", str(len(body)).encode()))
            await send({**started, "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        await inner(scope, receive, collect)

    middleware(handle)
