"""The tasks of whoever is signed in. Somebody else's are answered like ones that don't exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from app.database import Session, Task
from app.users import CurrentUser

router = APIRouter(prefix="/tasks", tags=["tasks"])
Title = Annotated[str, Field(min_length=1, max_length=200)]


class TaskRead(BaseModel):
    """A task as the API shows it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    completed: bool


class TaskWrite(BaseModel):
    """A whole task as its owner sends it."""

    title: Title
    completed: bool = False


class TaskChange(BaseModel):
    """The parts of a task to change."""

    title: Title | None = None
    completed: bool | None = None


async def own_task(task_id: UUID, session: Session, user: CurrentUser) -> Task:
    """The user's task of that id; 404 when there is none."""
    found = await session.scalar(select(Task).where(Task.id == task_id, Task.owner_id == user.id))
    if found is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    return found


OwnTask = Annotated[Task, Depends(own_task)]


@router.get("", response_model=list[TaskRead])
async def list_tasks(session: Session, user: CurrentUser) -> Sequence[Task]:
    """Every task of the user's."""
    return (await session.scalars(select(Task).where(Task.owner_id == user.id))).all()


@router.post("", response_model=TaskRead, status_code=status.HTTP_201_CREATED)
async def create_task(sent: TaskWrite, session: Session, user: CurrentUser) -> Task:
    """A new task of the user's."""
    task = Task(**sent.model_dump(), owner_id=user.id)
    session.add(task)
    await session.commit()
    return task


@router.get("/{task_id}", response_model=TaskRead)
async def read_task(task: OwnTask) -> Task:
    """One task."""
    return task


@router.put("/{task_id}", response_model=TaskRead)
async def replace_task(task: OwnTask, sent: TaskWrite, session: Session) -> Task:
    """The task as it was sent."""
    task.title, task.completed = sent.title, sent.completed
    await session.commit()
    return task


@router.patch("/{task_id}", response_model=TaskRead)
async def change_task(task: OwnTask, sent: TaskChange, session: Session) -> Task:
    """The task with what was sent changed in it."""
    for name, value in sent.model_dump(exclude_none=True).items():
        setattr(task, name, value)
    await session.commit()
    return task


@router.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_task(task: OwnTask, session: Session) -> None:
    """The task is gone."""
    await session.delete(task)
    await session.commit()
