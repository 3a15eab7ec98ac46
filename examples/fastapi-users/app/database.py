"""The tables and the sessions on them, as in the documentation's full example."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import (
    SQLAlchemyAccessTokenDatabase,
    SQLAlchemyBaseAccessTokenTableUUID,
)
from sqlalchemy import ForeignKey, String
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.settings import settings


class Base(DeclarativeBase):
    """Every table of the application."""


class User(SQLAlchemyBaseUserTableUUID, Base):
    """Somebody with an account."""


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    """A token of the database strategy."""


class Task(Base):
    """Something that one user has to do."""

    __tablename__ = "task"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="cascade"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    completed: Mapped[bool] = mapped_column(default=False)


engine = create_async_engine(settings.database_url)
async_session_maker = async_sessionmaker(engine, expire_on_commit=False)


async def create_tables() -> None:
    """Make the tables that are not there yet."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def get_async_session() -> AsyncGenerator[AsyncSession, None]:
    """One database session for one request."""
    async with async_session_maker() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_async_session)]


async def get_user_db(session: Session) -> AsyncGenerator[SQLAlchemyUserDatabase[User, UUID], None]:
    """Where fastapi-users keeps users."""
    yield SQLAlchemyUserDatabase(session, User)


async def get_access_token_db(
    session: Session,
) -> AsyncGenerator[SQLAlchemyAccessTokenDatabase[AccessToken], None]:
    """Where the database strategy keeps tokens."""
    yield SQLAlchemyAccessTokenDatabase(session, AccessToken)
