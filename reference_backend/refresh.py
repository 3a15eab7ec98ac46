"""Refresh tokens: each works once.

A second use means that two parties hold it, so the session ends.

RFC 9700 section 4.14.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import sessions
from reference_backend.models import RefreshToken, Session, User, digest, new_token, now
from reference_backend.settings import Settings


def start(db: Database, settings: Settings, session_id: str) -> str:
    """Return a new refresh token for a session."""
    token = new_token()
    expires_at = now() + timedelta(seconds=settings.refresh_expires_in)
    db.add(RefreshToken(token_hash=digest(token), session_id=session_id, expires_at=expires_at))
    return token


def rotate(db: Database, settings: Settings, token: str) -> tuple[Session, User, str] | None:
    """Exchange a token for the next one of its session.

    None if it is unknown, expired or was used before.

    A use counts as activity of the session. The caller must commit also after None: a replay ends the session.
    """
    family = select(RefreshToken.session_id).where(RefreshToken.token_hash == digest(token))
    # Locked first, so that of two requests at once the second sees what the first has used.
    session = db.scalar(select(Session).where(Session.id.in_(family)).with_for_update())
    if session is None:
        return None
    link = db.get_one(RefreshToken, digest(token))
    moment = now()
    if link.used_at is not None:
        db.delete(session)
        return None
    if min(link.expires_at, session.expires_at) <= moment:
        return None
    link.used_at = moment
    sessions.slide(db, settings, session)
    return session, db.get_one(User, session.user_id), start(db, settings, session.id)
