"""A backend with routes beside the five verbs and a second resource, and a profile that names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI

from reference_backend import tasks
from reference_backend.bodies import Body, Text, json
from reference_backend.identity import UseCaller, UseServices, UseSignedIn
from reference_backend.models import Task
from tests.detection.seams import on_app

PROFILE = """
[tasks]
more = [
  { method = "POST", path = "/api/tasks/{task_id}/complete" },
  { method = "POST", path = "/api/tasks/{task_id}/comments", json = { text = "{title}" } },
  { method = "GET", path = "/api/tasks/{task_id}/comments" },
  { method = "GET", path = "/api/tasks/export" },
  { method = "GET", path = "/api/tasks", query = { completed = "false" } },
]
[[resources]]
name = "notes"
credential = "token"
routes = [
  { method = "POST", path = "/api/notes", json = { text = "{title}" } },
  { method = "GET", path = "/api/notes" },
]
[[resources]]
name = "sessions"
base = "web"
credential = "session"
routes = [
  { method = "GET", path = "/api/auth/list-sessions" },
  { method = "GET", path = "/api/auth/devices" },
]
"""


class Said(Body):
    """A text."""

    text: Text


UseSaid = Annotated[Said, Depends(json(Said))]
comments: dict[str, list[str]] = defaultdict(list)
notes: dict[str, list[str]] = defaultdict(list)
devices: dict[str, list[str]] = defaultdict(lambda: ["a laptop"])


def complete(services: UseServices, caller: UseCaller, task_id: str) -> dict[str, Any]:
    """Complete a task of the caller's."""
    with services.database.begin() as db:
        task = tasks.find(db, caller.id, task_id, lock=True)
        task.completed = True
        db.flush()
        return tasks.task_json(task)


def comment(services: UseServices, caller: UseCaller, task_id: str, said: UseSaid) -> dict[str, Any]:
    """Add a comment to a task of the caller's."""
    with services.database.begin() as db:
        comments[tasks.find(db, caller.id, task_id).id].append(said.text)
    return {"comments": len(comments[task_id])}


def read_comments(services: UseServices, caller: UseCaller, task_id: str) -> list[str]:
    """The comments on a task of the caller's."""
    with services.database.begin() as db:
        return comments[tasks.find(db, caller.id, task_id).id]


def export(services: UseServices, caller: UseCaller) -> list[str]:
    """The titles of the caller's tasks."""
    with services.database.begin() as db:
        return [task.title for task in db.scalars(tasks.owned_by(caller.id))]


def listed(services: UseServices, caller: UseCaller, completed: bool | None = None) -> list[dict[str, Any]]:
    """The caller's tasks, or those of them that are completed or not."""
    with services.database.begin() as db:
        found = tasks.owned_by(caller.id)
        wanted = found if completed is None else found.where(Task.completed == completed)
        return [tasks.task_json(task) for task in db.scalars(wanted)]


def note(caller: UseCaller, said: UseSaid) -> dict[str, Any]:
    """Keep a note of the caller's."""
    notes[caller.id].append(said.text)
    return {"notes": len(notes[caller.id])}


def read_notes(caller: UseCaller) -> list[str]:
    """The caller's notes."""
    return notes[caller.id]


def read_devices(visitor: UseSignedIn) -> list[str]:
    """The visitor's devices."""
    return devices[visitor.user.id]


ROUTES: dict[tuple[str, str], Callable[..., Any]] = {
    ("POST", "/api/tasks/{task_id}/complete"): complete,
    ("POST", "/api/tasks/{task_id}/comments"): comment,
    ("GET", "/api/tasks/{task_id}/comments"): read_comments,
    ("GET", "/api/tasks/export"): export,
    ("GET", "/api/tasks"): listed,
    ("POST", "/api/notes"): note,
    ("GET", "/api/notes"): read_notes,
    ("GET", "/api/auth/devices"): read_devices,
}


def add_routes(**instead: Callable[..., Any]) -> None:
    """Add the routes; those of the named handlers are answered by others."""

    def add(made: FastAPI) -> None:
        router = APIRouter()
        for (method, path), handler in ROUTES.items():
            router.add_api_route(path, instead.get(handler.__name__, handler), methods=[method])
        # Before the route of one task, which would take "export" for an id.
        made.router.routes[:0] = router.routes

    on_app(add)
