"""The task API: every route needs a JWT and sees only the tasks of its subject."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, HTTPException, status
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from api.auth import UserId
from api.database import Base, Database, Task, engine
from api.settings import settings

# Postgres can't store NUL in text.
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class NewTask(BaseModel):
    """A task as a client sends it, to create or to replace one."""

    title: Title
    completed: bool = False


class TaskChanges(BaseModel):
    """What to change of a task; the defaults only say that a field may be left out."""

    title: Title = ""
    completed: bool = False


class TaskOut(NewTask):
    """A task as clients see it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Create the table if it is missing, and close the connections at the end."""
    Base.metadata.create_all(engine)
    yield
    engine.dispose()


app = FastAPI(title="Tasks", lifespan=lifespan)
single = APIRouter()
if settings.proxy == "0":
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[settings.auth_url],
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization"],
    )


def find_own_task(task_id: UUID, user_id: UserId, database: Database) -> Task:
    """Return the user's own task; 404 when there is none, also when it is somebody else's."""
    task = database.scalar(select(Task).where(Task.id == task_id, Task.owner == user_id))
    if task is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Task not found")
    return task


OwnTask = Annotated[Task, Depends(find_own_task)]


@app.get("/api/tasks", response_model=list[TaskOut])
def list_tasks(user_id: UserId, database: Database) -> Sequence[Task]:
    """Return the user's tasks, oldest first."""
    return database.scalars(select(Task).where(Task.owner == user_id).order_by(Task.created_at)).all()


@app.post("/api/tasks", response_model=TaskOut, status_code=status.HTTP_201_CREATED)
def create_task(new: NewTask, user_id: UserId, database: Database) -> Task:
    """Create a task of the user's own."""
    task = Task(owner=user_id, **new.model_dump())
    database.add(task)
    database.commit()
    return task


@single.get("/api/tasks/{task_id}", response_model=TaskOut)
def read_task(task: OwnTask) -> Task:
    """Return one task."""
    return task


def change(task: Task, values: dict[str, object], database: Database) -> Task:
    """Set columns of a task."""
    for name, value in values.items():
        setattr(task, name, value)
    database.commit()
    return task


@single.put("/api/tasks/{task_id}", response_model=TaskOut)
def replace_task(new: NewTask, task: OwnTask, database: Database) -> Task:
    """Replace title and state of a task."""
    return change(task, new.model_dump(), database)


@single.patch("/api/tasks/{task_id}", response_model=TaskOut)
def update_task(changes: TaskChanges, task: OwnTask, database: Database) -> Task:
    """Change what was sent of a task."""
    return change(task, changes.model_dump(exclude_unset=True), database)


@single.delete("/api/tasks/{task_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_task(task: OwnTask, database: Database) -> None:
    """Delete a task."""
    database.delete(task)
    database.commit()


if settings.task_routes != "collection":
    app.include_router(single)
