"""A backend whose used refresh tokens may be used again for a while; faults and variants say how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import refresh
from reference_backend.models import RefreshToken, Session, User, digest, now
from reference_backend.settings import Settings
from tests.detection.seams import wrap

SECONDS = 2
INTERVAL = f"[credentials.refresh]\nreuse_interval = {SECONDS}\n"
"""What the profile says of it."""

Again = Callable[[Database, Settings, Session, str], str]


def reusable(again: Again, seconds: float = SECONDS) -> None:
    """Let a used token give ``again(db, settings, session, token)`` until so many seconds after its first use."""

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        family = select(RefreshToken.session_id).where(RefreshToken.token_hash == digest(token))
        # Locked as the backend does it: of uses at the same moment each sees what the one before has used.
        session = db.scalar(select(Session).where(Session.id.in_(family)).with_for_update())
        link = db.get(RefreshToken, digest(token))
        if link is None or session is None or link.used_at is None:
            return original(db, settings, token)
        if now() - link.used_at > timedelta(seconds=seconds):
            return original(db, settings, token)
        return session, db.get_one(User, session.user_id), again(db, settings, session, token)

    wrap(refresh, "rotate", rotate)


def sibling(db: Database, settings: Settings, session: Session, _token: str) -> str:
    """A further token of the same family."""
    return refresh.start(db, settings, session.id)


def same_successor() -> Again:
    """A function that gives the very token that the first use gave."""
    successors: dict[str, str] = {}

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        rotated = original(db, settings, token)
        if rotated is not None:
            successors[token] = rotated[2]
        return rotated

    wrap(refresh, "rotate", rotate)
    return lambda _db, _settings, _session, token: successors[token]
