"""Bodies that crash an operation, or harm the requests after them."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.detection.registry import fault
from tests.detection.request_bodies import again, read_first, take_for_json, whole
from tests.detection.seams import middleware, request_header, wrap

BODY = "error-malformed-body-breaks-nothing"
PASSWORD = "error-malformed-password-body-breaks-nothing"
TEXT = "error-odd-text-breaks-nothing"
BROKE = "is answered by a decision; but the server broke: it was answered 500"
TASKS, NAME, AUTH = "/api/tasks", "/api/auth/update-user", "/api/auth/"

crashes = functools.partial(fault, defect="eh-malformed-body-5xx", caught_by=BODY)
crashes_with_password = functools.partial(fault, defect="eh-malformed-body-5xx", caught_by=PASSWORD)
crashes_on_text = functools.partial(fault, defect="eh-unicode-edge-5xx", caught_by=TEXT, level="should")


def _parsed(body: bytes) -> None:
    if body:
        json.loads(body)


@crashes(says=rf"POST /api/tasks \(tasks.create\), sent malformed JSON, {BROKE}")
def malformed_json_is_not_expected() -> None:
    """`json.loads(body)` for a new task, with nothing around it."""
    read_first("POST", TASKS, _parsed)


@crashes(says=rf"\(tasks.update\), sent empty, {BROKE}")
def a_body_is_never_empty() -> None:
    """`body[0]` tells an object from a list."""
    read_first("PATCH", TASKS, lambda body: body[0])


@crashes(says=rf"\(tasks.create\), sent a list, {BROKE}")
def a_list_is_taken_for_a_task() -> None:
    """`content["title"]` of a list."""
    take_for_json("POST", TASKS, lambda content: content["title"], list)


@crashes(says=rf"\(operations.update_user\), sent null, {BROKE}")
def null_is_taken_for_a_profile() -> None:
    """`content["name"]` of null."""
    take_for_json("POST", NAME, lambda content: content["name"], type(None))


@crashes(says=rf"\(tasks.replace\), sent a number, {BROKE}")
def a_number_is_taken_for_a_task() -> None:
    """`"title" in content` of a number."""
    take_for_json("PUT", TASKS, lambda content: "title" in content, int)


@crashes(says=rf"\(tasks.create\), sent a text, {BROKE}")
def a_text_is_taken_for_a_task() -> None:
    """`Task(**dict(content))` of a text."""
    take_for_json("POST", TASKS, dict, str)


@crashes(says=rf"\(tasks.create\), sent an object of no fields, {BROKE}")
def a_title_is_taken_for_granted() -> None:
    """`content["title"]` of an object without one."""
    take_for_json("POST", TASKS, lambda content: content["title"], dict)


def _on_title(method: str, use: Callable[[Any], object], kind: type = object) -> None:
    def look(content: dict[str, Any]) -> None:
        if isinstance(title := content.get("title", "x"), kind):
            use(title)

    take_for_json(method, TASKS, look, dict)


@crashes(says=rf"\(tasks.create\), sent numbers for texts, {BROKE}")
def a_title_is_taken_for_text() -> None:
    """`title.strip()` of a number."""
    _on_title("POST", lambda title: title.strip(), int)


@crashes(says=rf"\(tasks.update\), sent lists for texts, {BROKE}")
def a_title_is_looked_up_in_a_table() -> None:
    """`KNOWN.get(title)`, which a list can't be a key of."""
    _on_title("PATCH", {}.get, list)


@crashes(says=rf"\(tasks.create\), sent objects for texts, {BROKE}")
def a_title_is_put_into_a_log_line() -> None:
    """`"new task: " + title` of an object."""
    _on_title("POST", lambda title: "new task: " + title, dict)


@crashes(says=rf"\(tasks.update\), sent null for texts, {BROKE}")
def the_length_of_a_title_is_taken_for_granted() -> None:
    """`len(title)` of null."""
    _on_title("PATCH", len, type(None))


@crashes(says=rf"\(tasks.create\), sent bytes that are no UTF-8, {BROKE}")
def a_body_is_taken_for_utf_8() -> None:
    """`body.decode()` for a log line."""
    read_first("POST", TASKS, bytes.decode)


@crashes(says=rf"\(tasks.replace\), sent 100,000 brackets, {BROKE}")
def a_body_is_never_nested_deep() -> None:
    """The parser runs out of stack, and only bad syntax is caught."""

    def read(body: bytes) -> None:
        try:
            json.loads(body)
        except ValueError:
            return

    read_first("PUT", TASKS, read)


@crashes(says=rf"\(tasks.create\), sent a number of 5000 digits, {BROKE}")
def a_number_never_has_many_digits() -> None:
    """The number is too long to convert, and only bad syntax is caught."""

    def read(body: bytes) -> None:
        try:
            json.loads(body)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            return

    read_first("POST", TASKS, read)


@crashes(says=r"\(tasks.create\), sent malformed JSON, is answered by a decision; but no answer came")
def a_malformed_body_cuts_the_connection() -> None:
    """The worker dies of it, so the connection ends without an answer."""

    def data_received(original: Callable[..., None], connection: H11Protocol, data: bytes) -> None:
        if data.endswith(b"{bad"):
            connection.transport.abort()
        else:
            original(connection, data)

    wrap(H11Protocol, "data_received", data_received)


@crashes(says=rf"\(proxy.create\), sent malformed JSON, {BROKE}")
def the_front_end_parses_what_it_forwards() -> None:
    """`await request.json()` before a call is forwarded with the session's token."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] == TASKS and scope["method"] == "POST" and request_header(scope, "cookie"):
            body = await whole(receive)
            json.loads(body)
            receive = again(body)
        await inner(scope, receive, send)

    middleware(handle)


@crashes(says=rf"\(operations.refresh\), sent objects for texts, {BROKE}")
def a_refresh_token_is_taken_for_text() -> None:
    """`token.encode()` of an object."""
    take_for_json("POST", f"{AUTH}refresh", lambda content: content.get("refreshToken", "").encode(), dict)


@crashes(says=rf"\(operations.sign_out\), sent malformed JSON, {BROKE}")
def signing_out_parses_its_body() -> None:
    """`json.loads(body)` at sign-out, with nothing around it."""
    read_first("POST", f"{AUTH}sign-out", _parsed)


@fault(
    defect="av-invalid-requests-poison-state",
    caught_by=BODY,
    says=r"valid requests of Zoe's still work after odd ones \(list Zoe's by tasks\); but",
)
def a_malformed_body_leaves_its_transaction_open() -> None:
    """After a body that is a list, whoever lists tasks gets a session that has to be rolled back."""
    broken: list[bytes] = []
    take_for_json("POST", TASKS, broken.append, list)

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if broken and scope["path"] == TASKS and scope["method"] == "GET":
            raise RuntimeError("Can't reconnect until invalid transaction is rolled back.")
        await inner(scope, receive, send)

    middleware(handle)


# --- where a password is taken ---


@crashes_with_password(says=rf"\(operations.sign_in\), sent malformed JSON, {BROKE}")
def signing_in_takes_any_body_for_json() -> None:
    """`json.loads(body)` at sign-in, with nothing around it."""
    read_first("POST", f"{AUTH}sign-in", _parsed)


@crashes_with_password(says=rf"\(operations.sign_up\), sent null, {BROKE}")
def signing_up_takes_null_for_an_object() -> None:
    """`content["email"]` of null."""
    take_for_json("POST", f"{AUTH}sign-up", lambda content: content["email"], type(None))


@crashes_with_password(says=rf"\(operations.change_password\), sent objects for texts, {BROKE}")
def a_new_password_is_taken_for_text() -> None:
    """`new_password.encode()` of an object."""
    take_for_json("POST", f"{AUTH}change-password", lambda content: content["newPassword"].encode(), dict)


@crashes_with_password(says=rf"\(operations.sign_in\), sent bytes that are no UTF-8, {BROKE}")
def signing_in_takes_any_body_for_utf_8() -> None:
    """`body.decode()` at sign-in, with nothing around it."""
    read_first("POST", f"{AUTH}sign-in", bytes.decode)


@crashes_with_password(says=rf"\(operations.sign_up\), sent 100,000 brackets, {BROKE}")
def signing_up_runs_out_of_stack() -> None:
    """A deeply nested body raises what is no error of syntax."""

    def read(body: bytes) -> None:
        try:
            json.loads(body)
        except ValueError:
            return

    read_first("POST", f"{AUTH}sign-up", read)


# --- text that no page sends ---


@crashes_on_text(says=rf"\(tasks.create\), sent a NUL character, {BROKE}")
def a_title_goes_to_the_database_with_a_nul() -> None:
    """The database takes no NUL in a text, and its error is not caught."""

    def store(title: Any) -> None:
        if "\0" in str(title):
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")

    _on_title("POST", store)


@crashes_on_text(says=rf"\(operations.update_user\), sent a lone surrogate, {BROKE}")
def a_name_can_always_be_encoded() -> None:
    """`name.encode()`, which half a character can't be."""
    take_for_json("POST", NAME, lambda content: str(content.get("name")).encode(), dict)


@crashes_on_text(says=rf"\(tasks.create\), sent NaN, {BROKE}")
def an_error_repeats_what_is_no_number() -> None:
    """The answer to a wrong type repeats the value, and JSON has no NaN."""

    def refuse(title: Any) -> None:
        if isinstance(title, float) and math.isnan(title):
            json.dumps({"input": title}, allow_nan=False)

    _on_title("POST", refuse)


@crashes_on_text(says=rf"\(tasks.update\), sent Infinity, {BROKE}")
def a_number_is_never_infinite() -> None:
    """`int(title)` of what has no end."""
    _on_title("PATCH", lambda title: int(title) if isinstance(title, float) and math.isinf(title) else None)
