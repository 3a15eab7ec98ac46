"""Sessions: one row for each signed-in device.

What is not in the table is not signed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session as Database

from reference_backend.models import Session, User, digest, new_token, now
from reference_backend.settings import Settings
from reference_backend.tokens import Claims

NOT_REMEMBERED = timedelta(days=1)  # for a cookie that ends with the browser; it does not slide
MAX_USER_AGENT = 500


@dataclass(frozen=True)
class Device:
    """Where a sign-in came from: the peer's address and User-Agent."""

    ip_address: str
    user_agent: str


def create(db: Database, settings: Settings, user: User, device: Device, *, remember: bool) -> tuple[Session, str]:
    """Start a session.

    Returns its row and the token, which is kept nowhere but with the caller.
    """
    purge(db, user.id)
    token = new_token()
    moment = now()
    lifetime = _lifetime(settings)
    session = Session(
        user_id=user.id,
        token_hash=digest(token),
        created_at=moment,
        updated_at=moment,
        expires_at=moment + (lifetime if remember else min(lifetime, NOT_REMEMBERED)),
        remembered=remember,
        ip_address=device.ip_address,
        user_agent=device.user_agent[:MAX_USER_AGENT],
    )
    db.add(session)
    db.flush()
    return session, token


def lookup(db: Database, token: str) -> tuple[Session, User] | None:
    """Return the live session with this token and its user, or None.

    An expired one is deleted.
    """
    found = db.execute(_with_user().where(Session.token_hash == digest(token))).one_or_none()
    if found is None:
        return None
    session, user = found
    if session.expires_at <= now():
        purge(db, user.id)
        return None
    return session, user


def of_token(db: Database, claims: Claims) -> User | None:
    """Return the user of a verified JWT with a live session.

    Otherwise None.
    """
    query = _with_user().where(
        Session.id == claims.session_id, Session.user_id == claims.user_id, Session.expires_at > now()
    )
    found = db.execute(query).one_or_none()
    return found[1] if found else None


def slide(db: Database, settings: Settings, session: Session) -> bool:
    """Extend a session in use; says whether it did.

    At most once every `session_update_age` seconds.

    It never moves past `session_max_age` seconds after sign-in.
    """
    moment = now()
    # Whichever says longer ago: the end also moves if the lifetime was set to a larger value since.
    last_moved = min(session.updated_at, session.expires_at - _lifetime(settings))
    if not session.remembered or last_moved + timedelta(seconds=settings.session_update_age) > moment:
        return False
    end = _end(settings, session, moment)
    if end <= session.expires_at:
        return False
    # Not by attribute: the row may be gone by now, which the ORM would take for an error.
    db.execute(update(Session).where(Session.id == session.id).values(updated_at=moment, expires_at=end))
    return True


def seconds_left(session: Session) -> int:
    """Return how long a session will live without further use."""
    return round((session.expires_at - now()).total_seconds())


def of_user(db: Database, user_id: str) -> list[Session]:
    """Return a user's live sessions, oldest first."""
    query = select(Session).where(Session.user_id == user_id, Session.expires_at > now())
    return list(db.scalars(query.order_by(Session.created_at)))


def revoke(db: Database, user_id: str, session_id: str) -> None:
    """End one session of this user.

    Its refresh tokens and JWTs die with it. No such session is no error.
    """
    db.execute(delete(Session).where(Session.user_id == user_id, Session.id == session_id))


def revoke_all(db: Database, user_id: str, keep: str | None = None) -> None:
    """End all sessions of a user except the one called `keep`."""
    doomed = delete(Session).where(Session.user_id == user_id)
    db.execute(doomed if keep is None else doomed.where(Session.id != keep))


def purge(db: Database, user_id: str) -> None:
    """Delete a user's expired sessions."""
    db.execute(delete(Session).where(Session.user_id == user_id, Session.expires_at <= now()))


def _lifetime(settings: Settings) -> timedelta:
    return timedelta(seconds=min(settings.session_expires_in, settings.session_max_age))


def _end(settings: Settings, session: Session, moment: datetime) -> datetime:
    last = session.created_at + timedelta(seconds=settings.session_max_age)
    return min(moment + _lifetime(settings), last)


def _with_user() -> Select[Session, User]:
    return select(Session, User).join(User, User.id == Session.user_id)
