"""The application: the library's routers and the tasks."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import tasks
from app.database import create_tables
from app.users import UserCreate, UserRead, UserUpdate, auth_backend, fastapi_users


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
    """Have the tables before the first request."""
    await create_tables()
    yield


app = FastAPI(title="Tasks with fastapi-users", lifespan=lifespan)
app.include_router(fastapi_users.get_auth_router(auth_backend), prefix=f"/auth/{auth_backend.name}", tags=["auth"])
app.include_router(fastapi_users.get_register_router(UserRead, UserCreate), prefix="/auth", tags=["auth"])
app.include_router(fastapi_users.get_users_router(UserRead, UserUpdate), prefix="/users", tags=["users"])
app.include_router(tasks.router)
