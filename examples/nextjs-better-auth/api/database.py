"""The task table, in the database that Better Auth has its own tables in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends
from sqlalchemy import DateTime, create_engine, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from api.settings import settings

engine = create_engine(make_url(settings.database_url).set(drivername="postgresql+psycopg"))


class Base(DeclarativeBase):
    """The tables of this API."""


class Task(Base):
    """A task; ``owner`` is the Better Auth user id from the token's ``sub``."""

    __tablename__ = "task"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    completed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(tz=UTC))


def open_session() -> Iterator[Session]:
    """Yield a session for one request."""
    with Session(engine) as session:
        yield session


Database = Annotated[Session, Depends(open_session)]
