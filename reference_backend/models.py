"""The tables.

Tokens are only ever stored as SHA-256 hashes, so a copy of the database opens nothing.
"""

import hashlib
import re
import secrets
import uuid
from datetime import UTC, datetime

from sqlalchemy import DateTime, Engine, ForeignKey, Index, create_engine, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from reference_backend.settings import Settings

Timestamp = DateTime(timezone=True)
ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return 32 random hexadecimal digits."""
    return uuid.uuid4().hex


def is_id(value: object) -> bool:
    """Say whether a value has the form of `new_id`.

    Others, with a NUL for example, must not reach a query.
    """
    return isinstance(value, str) and ID.fullmatch(value) is not None


def new_token() -> str:
    """Return a credential of 256 random bits, in base64url."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the form in which a token is stored.

    It needs no salt: it has 256 random bits.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Return RFC 3339 text in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Base(DeclarativeBase):
    """All tables."""


class User(Base):
    """A person with an account. `email` is kept lower-cased and trimmed."""

    __tablename__ = "users"
    __table_args__ = (Index("users_email_key", func.lower(text("email")), unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    email_verified: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now, onupdate=now)


class Session(Base):
    """One signed-in device. `updated_at` is when `expires_at` was last moved."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    remembered: Mapped[bool]
    ip_address: Mapped[str]
    user_agent: Mapped[str]


class RefreshToken(Base):
    """One link of a session's chain of refresh tokens.

    Used ones stay, so that a replay is recognised.
    """

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Task(Base):
    """Something to do, seen by its owner only."""

    __tablename__ = "tasks"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    completed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now, onupdate=now)


class SigningKey(Base):
    """The one Ed25519 key of an EdDSA deployment.

    PEM, encrypted with REFERENCE_SECRET.
    """

    __tablename__ = "signing_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str]
    private_pem: Mapped[str]


def connect(settings: Settings) -> Engine:
    """Return a pooled engine on a database whose tables exist.

    Raises SQLAlchemyError if it can't be reached.
    """
    engine = create_engine(
        settings.database_url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        hide_parameters=True,  # error texts reach the log
        connect_args={"connect_timeout": 5},
    )
    with engine.begin() as connection:
        # Two backends may start at once on an empty database; CREATE TABLE IF NOT EXISTS alone would collide.
        connection.execute(text("SELECT pg_advisory_xact_lock(7214001)"))
        Base.metadata.create_all(connection)
    return engine
