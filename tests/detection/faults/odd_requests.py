"""Ids and methods that crash the backend, TRACE, and validation that comes before authentication."""

from __future__ import annotations

import functools
import json
import math
import struct
import tempfile
from collections.abc import Callable
from http import HTTPMethod
from pathlib import Path
from urllib.parse import unquote_to_bytes

from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import tasks
from tests.detection.registry import fault
from tests.detection.request_bodies import again, whole
from tests.detection.seams import middleware, replace, request_header

ID = "error-odd-id-breaks-nothing"
METHOD = "error-unknown-method-breaks-nothing"
FIRST = "error-authentication-comes-before-validation"
BROKE = "is answered by a decision; but the server broke: it was answered 500"
TASKS = "/api/tasks"
ONE = f"{TASKS}/"

crashes = functools.partial(fault, defect="eh-bad-id-5xx", caught_by=ID, level="should")
crashes_on_method = functools.partial(
    fault, defect="eh-405-or-unknown-method-5xx", caught_by=METHOD, level="should"
)
validates_first = functools.partial(fault, defect="eh-validation-before-auth", caught_by=FIRST, level="should")


def _look_at_id(method: str, look: Callable[[str], object]) -> None:
    """Have ``look`` see the id of a task first; what it raises is not caught."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["method"] == method and scope["path"].startswith(ONE):
            look(scope["path"].removeprefix(ONE))
        await inner(scope, receive, send)

    middleware(handle)


def _number(found: str) -> int | None:
    return int(found) if found.removeprefix("-").isdigit() and len(found) < 100 else None


@crashes(says=rf"with zero for the id, {BROKE}")
def an_id_is_never_zero() -> None:
    """The shard of a task is found by dividing by its id."""
    _look_at_id("GET", lambda found: 100 // number if (number := _number(found)) is not None else None)


@crashes(says=rf"with a negative number for the id, {BROKE}")
def an_id_is_never_negative() -> None:
    """The place of a task in its file is a root of its id."""
    _look_at_id("GET", lambda found: math.sqrt(number) if (number := _number(found)) is not None else None)


@crashes(says=rf"with a number of 23 digits for the id, {BROKE}")
def an_id_is_never_larger_than_its_column() -> None:
    """A number goes to the database that its column can't hold."""
    _look_at_id("DELETE", lambda found: struct.pack(">q", number) if (number := _number(found)) else None)


@crashes(says=rf"with a fraction for the id, {BROKE}")
def an_id_is_never_a_fraction() -> None:
    """What begins with a digit is taken for a whole number."""
    _look_at_id("GET", lambda found: int(found) if found[:1].isdigit() and "." in found else None)


@crashes(says=rf"with a word for the id, {BROKE}")
def an_id_is_never_a_word() -> None:
    """`int(task_id)`, with nothing around it."""
    _look_at_id("PATCH", lambda found: int(found) if found.isalpha() else None)


@crashes(says=rf"with a NUL byte for the id, {BROKE}")
def an_id_goes_to_the_database_as_it_is() -> None:
    """The database takes no NUL in a text, and its error is not caught."""
    replace(tasks, "is_id", lambda _: True)


@crashes(says=rf"with a percent sign for the id, {BROKE}")
def an_id_is_decoded_twice() -> None:
    """A percent sign is followed by two digits, the second time as well."""
    _look_at_id("GET", lambda found: [int(part[:2], 16) for part in found.split("%")[1:]])


@crashes(says=rf"with a byte that is no UTF-8 for the id, {BROKE}")
def an_id_is_always_utf_8() -> None:
    """The path's bytes are decoded strictly, for a log line."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        unquote_to_bytes(scope["raw_path"]).decode()
        await inner(scope, receive, send)

    middleware(handle)


@crashes(says=rf"with two kilobytes for the id, {BROKE}")
def an_id_names_a_file() -> None:
    """A lock file has the task's id for its name, which may be too long."""

    def look(found: str) -> None:
        if "\0" not in found and not found.startswith("\ufffd"):
            Path(tempfile.gettempdir(), f"lock-{found}").open("a").close() if len(found) > 255 else None

    _look_at_id("PUT", look)


# --- methods ---


def _on_method(look: Callable[[str], object], path: str = "/api/") -> None:
    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"].startswith(path):
            look(scope["method"])
        await inner(scope, receive, send)

    middleware(handle)


@crashes_on_method(says=rf"FOO /api/auth/sign-in/email .*{BROKE}")
def a_method_is_always_a_known_one() -> None:
    """`HTTPMethod(request.method)`, with nothing around it."""
    _on_method(HTTPMethod)


@crashes_on_method(says=rf"PROPFIND /api/tasks .*{BROKE}")
def a_method_of_another_protocol_is_not_expected() -> None:
    """`METHODS.index(request.method)` for a counter of the task API."""
    _on_method(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO"].index, TASKS)


@crashes_on_method(says=rf"PUT /api/tasks .*{BROKE}")
def a_list_is_never_replaced() -> None:
    """The last segment of the path of a PUT is taken for an id."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["method"] == "PUT" and scope["path"].startswith(TASKS):
            scope["path"].split("/")[3]
        await inner(scope, receive, send)

    middleware(handle)


@crashes_on_method(says=rf"PATCH /api/auth/get-session .*{BROKE}")
def a_session_is_never_patched() -> None:
    """`HANDLERS[request.method]` at the session endpoint."""
    _on_method(lambda method: {"GET": 1, "POST": 1, "PUT": 1, "FOO": 1, "PROPFIND": 1}[method], "/api/auth/get-s")


@fault(
    defect="eh-trace-enabled",
    caught_by="error-trace-is-disabled",
    says="TRACE repeats nothing of a request, .*answered 200 with the header",
    level="should",
)
def trace_is_answered_as_the_standard_has_it() -> None:
    """TRACE returns the request, its headers included."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["method"] != "TRACE":
            await inner(scope, receive, send)
            return
        lines = [name + b": " + value for name, value in scope["headers"]]
        await PlainTextResponse(b"\r\n".join(lines), media_type="message/http")(scope, receive, send)

    middleware(handle)


# --- validation first ---


def _validate(scope: Scope, body: bytes) -> str | None:
    """What is wrong with a new task, or None."""
    if scope["path"] != TASKS or scope["method"] != "POST":
        return None
    try:
        return None if "title" in json.loads(body) else "title: Field required"
    except ValueError:
        return "JSON decode error"


def _answer_first(status: int, wrong: Callable[[Scope, bytes], str | None]) -> None:
    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        body = await whole(receive)
        message = None if request_header(scope, "authorization") else wrong(scope, body)
        if message is None:
            await inner(scope, again(body), send)
        else:
            await JSONResponse({"message": message}, status)(scope, receive, send)

    middleware(handle)


@validates_first(says="calls create with malformed JSON is asked to sign in first; but it was answered 422")
def syntax_is_checked_before_the_caller() -> None:
    """A body that is no JSON is refused for that, whoever sends it."""
    _answer_first(422, lambda scope, body: _validate(scope, body) if not body.endswith(b"}") else None)


@validates_first(says="create with an object of no fields is asked to sign in first; but it was answered 422")
def fields_are_checked_before_the_caller() -> None:
    """A missing field is shown to whoever leaves it out."""
    _answer_first(422, lambda scope, body: _validate(scope, body) if body.endswith(b"}") else None)


@validates_first(says="calls read with an unknown id is asked to sign in first; but it was answered 404")
def a_task_is_looked_up_before_the_caller() -> None:
    """Whoever asks for a task that is not there is answered 404."""
    known: set[str] = set()

    async def learn(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        path, is_read = scope["path"], scope["method"] == "GET" and scope["path"].startswith(ONE)
        if is_read and not request_header(scope, "authorization") and path in known:
            await JSONResponse({"message": "Not Found"}, 404)(scope, receive, send)
            return
        if is_read and not request_header(scope, "authorization"):
            known.add(ONE + path.removeprefix(ONE).translate(_ANOTHER))
        await inner(scope, receive, send)

    middleware(learn)


_ANOTHER = str.maketrans("0123456789abcdef", "1032547698badcfe")
