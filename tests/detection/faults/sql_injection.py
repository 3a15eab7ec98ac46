"""SQL that is put together from what a request says."""

from __future__ import annotations

import functools
from typing import Any

from fastapi import Request
from sqlalchemy import text

from reference_backend import tasks
from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from reference_backend.models import Task
from tests.detection.registry import fault
from tests.detection.routes import serve

injectable = functools.partial(fault, defect="is-task-id-injection", caught_by="sql-injection-opens-no-tasks")
LEAKS = "nothing of Ann's in another user's list"


def _found(services: Any, condition: str) -> list[dict[str, Any]]:
    """The tasks that a condition finds, which is SQL."""
    with services.database.begin() as db:
        ids = db.scalars(text(f"SELECT id FROM tasks WHERE {condition}".replace(":", r"\:"))).all()
        return [tasks.task_json(db.get_one(Task, one)) for one in ids]


def _read(condition: str) -> None:
    """Read one task by a condition with the caller's id and the task's in it."""

    def read_task(services: UseServices, caller: UseCaller, task_id: str) -> Any:
        found = _found(services, condition.format(caller=caller.id, given=task_id.replace("\0", "")))
        if not found:
            raise ApiError(404, "NOT_FOUND", "Not Found")
        return found if len(found) > 1 else found[0]

    serve(tasks.router, "read_task", read_task)


def _list(parameter: str, condition: str) -> None:
    """List the caller's tasks by a further condition with the parameter in it, where that is sent."""

    def list_tasks(request: Request, services: UseServices, caller: UseCaller) -> list[dict[str, Any]]:
        if (given := request.query_params.get(parameter)) is None:
            return tasks.list_tasks(services, caller, limit=500, offset=0)
        return _found(services, f"user_id = '{caller.id}' " + condition.format(given=given.replace("\0", "")))

    serve(tasks.router, "list_tasks", list_tasks)


@injectable(says=LEAKS)
def the_id_of_a_task_is_put_into_a_query() -> None:
    """`f"... WHERE user_id = '{user}' AND id = '{task}'"`."""
    _read("user_id = '{caller}' AND id = '{given}'")


@injectable(says="that a lone quote in the id of a task is no more than a letter there; but the server broke")
def a_quote_in_an_id_ends_it() -> None:
    """`f"... WHERE (id = '{task}') AND user_id = '{user}'"`, which only breaks."""
    _read("(id = '{given}') AND user_id = '{caller}'")


@injectable(says=LEAKS)
def a_search_is_put_into_a_query() -> None:
    """`f"... AND title LIKE '%{q}%'"`."""
    _list("q", "AND title LIKE '%{given}%'")


@injectable(says=LEAKS)
def a_filter_is_put_into_a_query() -> None:
    """`f"... AND description <> '{status}'"`."""
    _list("status", "AND description <> '{given}'")


@injectable(says='that a lone quote in the parameter "sort" is no more than a letter there; but the server broke')
def an_order_is_put_into_a_query() -> None:
    """`f"... ORDER BY CASE '{sort}' WHEN 'title' THEN title END"`."""
    _list("sort", "ORDER BY CASE '{given}' WHEN 'title' THEN title END")
