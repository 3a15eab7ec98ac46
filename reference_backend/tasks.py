"""The task API, /api/tasks.

Every query goes through `owned_by`; the owner is the verified caller, nobody else.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Database

from reference_backend.bodies import Body, Text, json
from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from reference_backend.models import Task, is_id, iso

router = APIRouter(prefix="/api/tasks")


def _not_empty(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


Title = Annotated[Text, Field(max_length=500), AfterValidator(_not_empty)]
Description = Annotated[Text, Field(max_length=10_000)]


class WholeTask(Body):
    """A task to create, or to put in place of another."""

    title: Title
    description: Description = ""
    completed: bool = False


class TaskChange(Body):
    """The fields of a task to change; the others stay."""

    title: Title = ""
    description: Description = ""
    completed: bool = False


def owned_by(user_id: str) -> Select[Task]:
    """Return the query for a user's tasks, oldest first.

    The one place where ownership is decided.
    """
    return select(Task).where(Task.user_id == user_id).order_by(Task.created_at, Task.id)


def find(db: Database, user_id: str, task_id: str, *, lock: bool = False) -> Task:
    """Return the user's task.

    Raises a 404 ApiError for another's as for one that never was.
    """
    query = owned_by(user_id).where(Task.id == task_id)
    task = db.scalar(query.with_for_update() if lock else query) if is_id(task_id) else None
    if task is None:
        raise ApiError(404, "NOT_FOUND", "Not Found")
    return task


@router.get("")
def list_tasks(
    services: UseServices,
    caller: UseCaller,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[dict[str, Any]]:
    """List the caller's tasks."""
    with services.database.begin() as db:
        return [task_json(task) for task in db.scalars(owned_by(caller.id).limit(limit).offset(offset))]


@router.post("", status_code=201)
def create_task(
    services: UseServices, caller: UseCaller, form: Annotated[WholeTask, Depends(json(WholeTask))]
) -> dict[str, Any]:
    """Create a task of the caller's."""
    with services.database.begin() as db:
        task = Task(user_id=caller.id, **form.model_dump())
        db.add(task)
        db.flush()
        return task_json(task)


@router.get("/{task_id}")
def read_task(services: UseServices, caller: UseCaller, task_id: str) -> dict[str, Any]:
    """Read a task of the caller's."""
    with services.database.begin() as db:
        return task_json(find(db, caller.id, task_id))


@router.put("/{task_id}")
def replace_task(
    services: UseServices, caller: UseCaller, task_id: str, form: Annotated[WholeTask, Depends(json(WholeTask))]
) -> dict[str, Any]:
    """Put new content in a task of the caller's.

    Fields that are not given get their defaults.
    """
    with services.database.begin() as db:
        return _change(db, find(db, caller.id, task_id, lock=True), form.model_dump())


@router.patch("/{task_id}")
def change_task(
    services: UseServices, caller: UseCaller, task_id: str, form: Annotated[TaskChange, Depends(json(TaskChange))]
) -> dict[str, Any]:
    """Change some fields of a task of the caller's."""
    with services.database.begin() as db:
        return _change(db, find(db, caller.id, task_id, lock=True), form.model_dump(exclude_unset=True))


@router.delete("/{task_id}", status_code=204)
def delete_task(services: UseServices, caller: UseCaller, task_id: str) -> None:
    """Delete a task of the caller's."""
    with services.database.begin() as db:
        db.delete(find(db, caller.id, task_id, lock=True))


def task_json(task: Task) -> dict[str, Any]:
    """Return a task as its owner sees it."""
    return {
        "id": task.id,
        "title": task.title,
        "description": task.description,
        "completed": task.completed,
        "createdAt": iso(task.created_at),
        "updatedAt": iso(task.updated_at),
    }


def _change(db: Database, task: Task, values: dict[str, Any]) -> dict[str, Any]:
    for name, value in values.items():
        setattr(task, name, value)
    db.flush()
    return task_json(task)
