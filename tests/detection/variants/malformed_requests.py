"""Answers to odd requests that are right and unusual."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session as Database
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import bodies, tasks
from reference_backend.errors import ApiError
from reference_backend.models import Task, is_id
from tests.detection.faults.malformed_requests import BODY, PASSWORD, TEXT
from tests.detection.faults.odd_requests import ID, METHOD
from tests.detection.request_bodies import again, whole
from tests.detection.seams import middleware, replace, wrap
from tests.detection.variant_registry import variant


@variant(
    stays_green=(BODY, PASSWORD, TEXT),
    never_fail_on={"eh-malformed-body-5xx": "400, 413, 415, 422", "eh-unicode-edge-5xx": "400/422"},
)
def an_odd_body_is_unprocessable_or_too_large() -> None:
    """A body that does not fit is answered 422, and one of many bytes 413."""
    replace(bodies, "invalid", lambda *_: ApiError(422, "VALIDATION_ERROR", "Unprocessable"))
    replace(bodies, "MAX_BYTES", 4_000)  # type: ignore[arg-type]


def _as_text(value: object) -> str:
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else ascii(value)


@variant(
    stays_green=(BODY, TEXT, "tasks-work-at-the-api"),
    never_fail_on={
        "eh-unicode-edge-5xx": "stored verbatim",
        "av-invalid-requests-poison-state": "429: wait and retry",
    },
)
def every_title_is_stored_as_its_text() -> None:
    """A title that is a number, a list or half a character is stored, written as text."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"].startswith("/api/tasks"):
            body = await whole(receive)
            receive = again(_stored(body))
        await inner(scope, receive, send)

    middleware(handle)


def _stored(body: bytes) -> bytes:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if isinstance(content, dict) and "title" in content:
        content["title"] = _as_text(content["title"])[:500]
    return json.dumps(content).encode()


@variant(stays_green=ID, never_fail_on={"eh-bad-id-5xx": "404/400/422/414."})
def an_id_of_another_form_is_a_bad_request() -> None:
    """An id that no task can have is answered 400, and a long one 414."""

    def find(original: Any, db: Database, user_id: str, task_id: str, **named: Any) -> Task:
        if not is_id(task_id):
            raise ApiError(414 if len(task_id) > 200 else 400, "BAD_REQUEST", "Bad id")
        return original(db, user_id, task_id, **named)  # type: ignore[no-any-return]

    wrap(tasks, "find", find)


@variant(
    stays_green=(METHOD, "error-trace-is-disabled"),
    never_fail_on={
        "eh-405-or-unknown-method-5xx": "501",
        "eh-trace-enabled": "405/501/404/400/500.",
    },
)
def unknown_methods_are_not_implemented() -> None:
    """A method that no route has is answered 501, TRACE 500, and a known one on the wrong route 404."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        status = {"FOO": 501, "PROPFIND": 501, "TRACE": 500}.get(scope["method"])
        if scope["method"] in ("PUT", "PATCH") and not scope["path"].startswith("/api/tasks/"):
            status = 404
        if status is None:
            await inner(scope, receive, send)
        else:
            await JSONResponse({"message": "No"}, status)(scope, receive, send)

    middleware(handle)
