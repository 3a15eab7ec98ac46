"""What a GET may do by right."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from reference_backend import tasks
from tests.detection.faults.task_links import LINKS
from tests.detection.routes import serve
from tests.detection.seams import change_headers
from tests.detection.variant_registry import variant


@variant(stays_green=LINKS, never_fail_on={"cs-get-mutates": "Sliding session expiry on GET is fine"})
def each_look_at_the_tasks_is_noted() -> None:
    """Every GET sets a cookie that says when it was, and for how long the session lives from then on."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["method"] == "GET" and scope["path"].startswith("/api/tasks"):
            headers.append("set-cookie", "seen=now; Path=/; Max-Age=3600")

    change_headers(change)


@variant(stays_green=(LINKS, "tasks-work-at-the-api"))
def a_list_is_searched_by_its_query() -> None:
    """GET /tasks?title=... lists the tasks with that title alone."""
    whole = tasks.list_tasks

    def search(services: Any, caller: Any, title: str | None = None, limit: int = 100, offset: int = 0) -> Any:
        found = whole(services, caller, limit, offset)
        return found if title is None else [task for task in found if task["title"] == title]

    search.__annotations__ = {**whole.__annotations__, "title": str | None}
    serve(tasks.router, "list_tasks", search)
