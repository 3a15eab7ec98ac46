"""Accounts that are deleted and still work."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import make_transient

from reference_backend import accounts, sessions
from reference_backend.models import Session, User
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, path, replace, wrap

DEFECT = "se-deleted-user-still-active"
SIGN_IN = "account-deletion-ends-signin"
SESSIONS = "account-deletion-ends-sessions"
TOKENS = "account-deletion-ends-access-tokens"


@fault(defect=DEFECT, caught_by=SIGN_IN, says="signing in to a deleted account is refused.*took effect")
def deletion_only_ends_the_sessions() -> None:
    """A nightly job will delete the account; until then its password still signs in."""

    def delete(db: Database, settings: Settings, user_id: str, password: str) -> None:
        accounts._confirmed(db, settings, user_id, password)
        sessions.revoke_all(db, user_id)

    replace(accounts, "delete", delete)


@fault(defect=DEFECT, caught_by=(SIGN_IN, SESSIONS, TOKENS), says="took effect|private text")
def deletion_does_nothing() -> None:
    """The cookie is cleared and everything else stays."""
    replace(accounts, "delete", lambda *_: None)


def _keep_deleted(still_there: Any) -> None:
    """Mark accounts as deleted, which sign-in reads, and let their sessions live where ``still_there()``."""
    gone: set[str] = set()

    def delete(db: Database, settings: Settings, user_id: str, password: str) -> None:
        accounts._confirmed(db, settings, user_id, password)
        gone.add(user_id)

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        user: User = original(db, settings, email, password)
        return user if user.id not in gone else original(db, settings, email, "")

    def lookup(original: Any, db: Database, token: str) -> Any:
        found = original(db, token)
        return None if found and found[1].id in gone and not still_there() else found

    know_the_request()
    replace(accounts, "delete", delete)
    wrap(accounts, "sign_in", sign_in)
    wrap(sessions, "lookup", lookup)


@fault(defect=DEFECT, caught_by=SESSIONS, says="captured session at the session endpoint is refused.*private text")
def deletion_forgets_the_sessions() -> None:
    """The account is marked as deleted, which only sign-in reads."""
    _keep_deleted(lambda: True)


@fault(defect=DEFECT, caught_by=SESSIONS, says="opened the token endpoint")
def token_endpoint_knows_no_deletion() -> None:
    """The mark is read by sign-in and the session endpoint, not where tokens are issued."""
    _keep_deleted(lambda: path() == "/api/auth/token")


@fault(defect=DEFECT, caught_by=SESSIONS, says="captured session at the session endpoint is refused.*private text")
def deletion_ends_this_session_only() -> None:
    """Deleting the account signs this device out; the person's other devices stay signed in."""
    here: set[str] = set()

    def delete(db: Database, settings: Settings, user_id: str, password: str) -> None:
        accounts._confirmed(db, settings, user_id, password)
        first = select(Session.id).where(Session.user_id == user_id).order_by(Session.created_at).limit(1)
        here.update(db.scalars(first))

    wrap(
        sessions,
        "lookup",
        lambda original, db, token: found if (found := original(db, token)) and found[0].id not in here else None,
    )
    replace(accounts, "delete", delete)


@fault(
    defect=DEFECT,
    caught_by=TOKENS,
    says="captured token after the end of the account is refused; but it was answered 200",
)
def tokens_outlive_the_account() -> None:
    """JWTs are declared as revoked, and the API caches every user it has seen, with their tasks."""
    known: dict[str, User] = {}

    def of_token(original: Any, db: Database, claims: Any) -> User | None:
        user: User | None = original(db, claims)
        if user is not None:
            db.expunge(user)
            make_transient(user)
            known[user.id] = user
        return known.get(claims.user_id)

    wrap(sessions, "of_token", of_token)
