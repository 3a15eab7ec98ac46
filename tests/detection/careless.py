"""Handlers of the task API that look for a task by its id alone, or for all there are, whoever asks."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from reference_backend import identity, tasks
from reference_backend.bodies import json
from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from reference_backend.models import Task, User
from reference_backend.tasks import TaskChange, WholeTask, owned_by, task_json
from tests.detection.routes import serve

Whole = Annotated[WholeTask, Depends(json(WholeTask))]
Change = Annotated[TaskChange, Depends(json(TaskChange))]


def list_tasks(services: UseServices) -> list[dict[str, Any]]:
    """List everybody's tasks."""
    with services.database.begin() as db:
        return [task_json(task) for task in db.scalars(select(Task))]


def create_task(request: Request, response: Response, services: UseServices, form: Whole) -> dict[str, Any]:
    """Create a task for whoever is signed in, and for the first account there is when nobody is."""
    try:
        owner = identity.caller(request, response, services)
    except ApiError:
        owner = None
    with services.database.begin() as db:
        task = Task(user_id=(owner or first_user(db)).id, **form.model_dump())
        db.add(task)
        db.flush()
        return task_json(task)


def read_task(services: UseServices, task_id: str) -> dict[str, Any]:
    """Read a task by its id."""
    with services.database.begin() as db:
        return task_json(_existing(db, task_id))


def replace_task(services: UseServices, task_id: str, form: Whole) -> dict[str, Any]:
    """Put new content in a task by its id."""
    with services.database.begin() as db:
        db.execute(update(Task).where(Task.id == task_id).values(**form.model_dump()))
        return task_json(_existing(db, task_id))


def change_task(services: UseServices, task_id: str, form: Change) -> dict[str, Any]:
    """Change some fields of a task by its id."""
    with services.database.begin() as db:
        db.execute(update(Task).where(Task.id == task_id).values(**form.model_dump(exclude_unset=True)))
        return task_json(_existing(db, task_id))


def delete_task(services: UseServices, task_id: str) -> None:
    """Delete a task by its id."""
    with services.database.begin() as db:
        db.execute(delete(Task).where(Task.id == task_id))


HANDLERS = (list_tasks, create_task, read_task, replace_task, change_task, delete_task)


def route(handler: str, *guards: Callable[..., Any]) -> None:
    """Serve the route of that handler by its careless version, behind no more than these guards."""
    careless = next(one for one in HANDLERS if one.__name__ == handler)
    serve(tasks.router, handler, careless, *guards)


def unfiltered_for_nobody() -> None:
    """Filter the list by the caller only where there is one: `if user: query = query.where(...)`."""

    def list_for(services: UseServices, caller: UseCaller) -> list[dict[str, Any]]:
        with services.database.begin() as db:
            query = owned_by(caller.id) if caller else select(Task)
            return [task_json(task) for task in db.scalars(query)]

    serve(tasks.router, "list_tasks", list_for)


def first_user(db: Database) -> User:
    """Return the oldest account."""
    return db.scalars(select(User).order_by(User.created_at, User.id).limit(1)).one()


def _existing(db: Database, task_id: str) -> Task:
    task = db.get(Task, task_id)
    if task is None:
        raise ApiError(404, "NOT_FOUND", "Not Found")
    return task
