"""A backend whose JSON answers are others, made from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.answers import collected
from tests.detection.seams import middleware


def change_bodies(change: Callable[[Scope, int, Any], tuple[int, Any]]) -> None:
    """Let ``change(scope, status, content)`` say what a JSON answer of the API is instead."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        started, body = await collected(inner, scope, receive)
        headers = [pair for pair in started["headers"] if pair[0] != b"content-length"]
        is_json = any(name == b"content-type" and b"json" in value for name, value in headers)
        status = started["status"]
        if scope["path"].startswith("/api/") and is_json:
            status, content = change(scope, status, json.loads(body))
            body = json.dumps(content).encode()
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**started, "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    middleware(handle)
