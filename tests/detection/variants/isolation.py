"""Separation of users that is right and unusual."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session as Database
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import bodies, identity, tasks
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices
from reference_backend.models import Task, User, now
from tests.detection.routes import override, wrap_route
from tests.detection.seams import know_the_request, method, middleware, wrap
from tests.detection.variant_registry import variant

READ = "idor-task-read-is-refused"
CHANGE = "idor-task-change-is-refused"
DELETE = "idor-task-delete-is-refused"
LIST = "isolation-list-holds-own-tasks-only"
KEPT = "isolation-owner-is-kept-by-updates"
OWNER = "isolation-owner-is-the-caller"
CREDENTIAL_ONLY = "isolation-identity-from-credential-only"
WORK = ("tasks-work-at-the-api", "tasks-work-through-the-front-end")
_UNDER_USER = re.compile(r"/api/([0-9a-f]{32})/tasks(/.*)?")
_PATHS = """
[tasks]
list = { method = "GET", path = "/api/{user_id}/tasks" }
create = { method = "POST", path = "/api/{user_id}/tasks", json = { title = "{title}" } }
read = { method = "GET", path = "/api/{user_id}/tasks/{task_id}" }
replace = { method = "PUT", path = "/api/{user_id}/tasks/{task_id}", json = { title = "{title}" } }
update = { method = "PATCH", path = "/api/{user_id}/tasks/{task_id}", json = { title = "{title}" } }
delete = { method = "DELETE", path = "/api/{user_id}/tasks/{task_id}" }
"""


@variant(
    stays_green=(READ, CHANGE, DELETE, LIST, *WORK),
    never_fail_on={
        "is-read-other-item": "404 or 403 (RFC 9110 allows 404 to hide).",
        "is-update-other-item": "404/403/200-no-effect.",
        "is-delete-other-item": "404/403/204 without effect (idempotent delete).",
        "is-existence-oracle": "403 vs 404 is legal",
    },
    warns={"isolation-existence-is-hidden": "answered as one that does not exist"},
)
def another_users_task_is_refused_in_other_ways() -> None:
    """Another user's task is 403 to read, 200 to change and 204 to delete, both without effect."""
    know_the_request()

    def find(original: Any, db: Database, user_id: str, task_id: str, **named: Any) -> Task:
        try:
            return original(db, user_id, task_id, **named)  # type: ignore[no-any-return]
        except ApiError:
            if method() == "GET" and db.get(Task, task_id) is not None:
                raise ApiError(403, "FORBIDDEN", "Forbidden") from None
            if method() not in ("PUT", "PATCH"):
                raise
            # It is not in the database, and is answered as if it were.
            there = {"description": "", "completed": False, "created_at": now(), "updated_at": now()}
            return Task(id=task_id, user_id=user_id, title="", **there)

    def delete(original: Any, **named: Any) -> None:
        try:
            original(**named)
        except ApiError as error:
            if error.status != 404:
                raise

    wrap(tasks, "find", find)
    wrap_route(tasks.router, "delete_task", delete)


@variant(
    stays_green=(OWNER, KEPT, *WORK),
    never_fail_on={
        "is-owner-from-body": "Ignored (201) or 422.",
        "is-owner-reassigned-by-update": "Ignored or 422.",
    },
)
def unknown_fields_of_a_task_are_refused() -> None:
    """A task with a field that the API does not know is answered 422."""
    for model in (tasks.WholeTask, tasks.TaskChange):
        model.model_config["extra"] = "forbid"
        model.model_rebuild(force=True)
    wrap(bodies, "invalid", lambda original, *told: ApiError(422, "VALIDATION_ERROR", original(*told).message))


@variant(
    stays_green=(CREDENTIAL_ONLY, READ, CHANGE, DELETE, LIST, OWNER, KEPT, "tasks-work-at-the-api"),
    never_fail_on={"is-identity-from-request": "A path with own id in profile (e.g. /api/{user_id}/tasks)"},
    profile=_PATHS,
)
def paths_name_the_user() -> None:
    """The paths of tasks hold the caller's id; another one is answered 403."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if found := _UNDER_USER.fullmatch(scope["path"]):
            scope = {**scope, "path": f"/api/tasks{found[2] or ''}", "named_user": found[1]}
            scope["raw_path"] = scope["path"].encode()
        await inner(scope, receive, send)

    def caller(request: Request, response: Response, services: UseServices) -> User:
        user = identity.caller(request, response, services)
        if request.scope.get("named_user", user.id) != user.id:
            raise ApiError(403, "FORBIDDEN", "Forbidden")
        return user

    middleware(handle)
    override(identity.caller, caller)
