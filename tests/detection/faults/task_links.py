"""Tasks that a link makes or takes away."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.faults.cross_site import skip_origin_check
from tests.detection.registry import fault
from tests.detection.request_bodies import again
from tests.detection.seams import middleware
from tests.detection.session_tasks import BY_SESSION

TASKS = "/api/tasks"
LINKS = "csrf-get-request-changes-nothing"


def _as_method(method: str, fits: Any, path: Any = lambda path: path) -> None:
    """Take a GET for that method where ``fits`` says so of its path and query."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and fits(scope["path"], scope["query_string"]):
            changed = path(scope["path"])
            scope = {**scope, "method": method, "path": changed, "raw_path": changed.encode()}
        await inner(scope, receive, send)

    middleware(handle)


@fault(
    defect="cs-get-mutates",
    caught_by=LINKS,
    says="GET request to her task, with _method=DELETE .* changes nothing of Ann's; but .*the task is gone",
)
def the_method_stands_in_the_query() -> None:
    """`_method` overrides the method of each request, GET included."""
    _as_method("DELETE", lambda _, query: query == b"_method=DELETE")


@fault(
    defect="cs-get-mutates",
    caught_by=LINKS,
    says=r"GET request to her task, with /delete after it \(.*/delete\) changes nothing .*; but .*task is gone",
)
def a_link_deletes_a_task() -> None:
    """GET /tasks/ID/delete deletes, so that a plain link does for a button."""
    _as_method("DELETE", lambda path, _: path.endswith("/delete"), lambda path: path.removesuffix("/delete"))


@fault(
    defect="cs-get-mutates",
    caught_by=LINKS,
    says="GET request to her task, with _method=DELETE .* changes nothing of Ann's; but .*the task is gone",
    profile=BY_SESSION,
)
def a_cookie_deletes_a_task_by_a_link() -> None:
    """The session cookie opens the tasks, and `_method` overrides a method before an origin is asked for."""
    skip_origin_check(lambda request: request.url.query == "_method=DELETE")
    _as_method("DELETE", lambda _, query: query == b"_method=DELETE")


def _as_creation(fits: Any) -> None:
    """Take a GET with a title in the query for the creation of a task, where ``fits`` says so of its path."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        fields = dict(parse_qsl(scope.get("query_string", b"").decode()))
        if scope["type"] == "http" and scope["method"] == "GET" and "title" in fields and fits(scope["path"]):
            body = json.dumps(fields).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            scope = {
                **scope,
                "method": "POST",
                "path": TASKS,
                "raw_path": TASKS.encode(),
                "query_string": b"",
                "headers": [*scope["headers"], *headers],
            }
            receive = again(body)

        await inner(scope, receive, send)

    middleware(handle)


@fault(
    defect="cs-get-mutates",
    caught_by=LINKS,
    says="GET request to her list, with a new task in the query .*; but .*the list has the new task",
)
def a_list_takes_new_tasks_from_its_query() -> None:
    """GET /tasks?title=... makes a task, as a shortcut for bookmarks."""
    _as_creation(lambda path: path == TASKS)


@fault(
    defect="cs-get-mutates",
    caught_by=LINKS,
    says="GET request to her list with /create after it, .*; but .*the list has the new task",
)
def a_link_creates_a_task() -> None:
    """GET /tasks/create?title=... makes a task."""
    _as_creation(lambda path: path == f"{TASKS}/create")
