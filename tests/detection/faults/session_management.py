"""Lists of sessions that show too much, and wrong revocations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from reference_backend import auth, sessions
from reference_backend.models import Session
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, path, replace, wrap

DEFECT = "se-revocation-ineffective-or-cross-user"
OWN_LIST = "sessions-list-shows-own-sessions-only"
DEAD = "sessions-revoked-session-is-refused"
OWN_END = "idor-session-revocation-is-refused"
OTHERS = "sessions-revoking-others-keeps-current-session"
EVERY = "sessions-revoking-all-ends-every-session"
OPENED = "captured session at the session endpoint is refused; .*private text"


# --- the list ---


@fault(defect=DEFECT, caught_by=OWN_LIST, says="Bob's sign-in added an entry")
def list_holds_everybodys_sessions() -> None:
    """The query has no filter by user."""
    replace(
        sessions, "of_user", lambda db, _user_id: list(db.scalars(select(Session).order_by(Session.created_at)))
    )


@fault(defect=DEFECT, caught_by=OWN_LIST, says="it names Bob")
def list_tells_of_others_at_the_address() -> None:
    """Each session shows who else signed in from its address, so that users notice intruders."""

    def session_json(original: Any, session: Session) -> dict[str, Any]:
        told: dict[str, Any] = original(session)
        seen.setdefault(session.ip_address, set()).add(session.user_id)
        return told | {"alsoFromHere": sorted(seen[session.ip_address])}

    seen: dict[str, set[str]] = {}
    wrap(auth, "session_json", session_json)


# --- one session ---


def _revoke_with(revoke: Any) -> None:
    """Let ``revoke(db, user_id, session_id)`` stand in for the one of the list, and leave sign-out as it is."""

    def choose(original: Any, db: Database, user_id: str, session_id: str) -> None:
        (revoke if path() == "/api/auth/revoke-session" else original)(db, user_id, session_id)

    know_the_request()
    wrap(sessions, "revoke", choose)


@fault(defect=DEFECT, caught_by=DEAD, says=OPENED)
def revocation_does_nothing() -> None:
    """The button is there, and the function behind it was never written."""
    _revoke_with(lambda *_: None)


@fault(defect=DEFECT, caught_by=DEAD, says=OPENED)
def revocation_only_hides_the_entry() -> None:
    """The session is marked as revoked for the list; the look-up of a cookie does not read the mark."""
    hidden: set[str] = set()
    _revoke_with(lambda _db, _user_id, session_id: hidden.add(session_id))
    wrap(
        sessions,
        "of_user",
        lambda original, *arguments: [row for row in original(*arguments) if row.id not in hidden],
    )


@fault(defect=DEFECT, caught_by=DEAD, says="opened the token endpoint")
def revoked_session_still_gets_tokens() -> None:
    """The token endpoint keeps sessions in a cache of its own that revocation does not reach."""
    known: dict[str, Any] = {}

    def lookup(original: Any, db: Database, token: str) -> Any:
        found = original(db, token)
        if path() != "/api/auth/token":
            return found
        if found:
            db.expunge_all()
            known[token] = found
        return known.get(token)

    know_the_request()
    wrap(sessions, "lookup", lookup)


@fault(defect=DEFECT, caught_by=DEAD, says="Ann's first device (opens|is still signed in)")
def revoking_one_session_ends_them_all() -> None:
    """The id is not read: every session of the user ends."""
    _revoke_with(lambda db, user_id, _session_id: sessions.revoke_all(db, user_id))


@fault(defect=DEFECT, caught_by=OWN_END, says="Ann's laptop opens the session endpoint")
def anybody_can_revoke_a_session_by_its_id() -> None:
    """The row is deleted by its id alone, whichever user asks."""
    _revoke_with(lambda db, _user_id, session_id: db.execute(delete(Session).where(Session.id == session_id)))


# --- all others ---


@fault(defect=DEFECT, caught_by=OTHERS, says=OPENED)
def revoking_others_does_nothing() -> None:
    """The answer says it was done."""
    wrap(
        sessions,
        "revoke_all",
        lambda original, db, user_id, keep=None: None if keep else original(db, user_id),
    )


@fault(defect=DEFECT, caught_by=OTHERS, says="Ann's first device")
def revoking_others_ends_this_one_too() -> None:
    """The session that was to be kept is deleted too."""
    wrap(sessions, "revoke_all", lambda original, db, user_id, keep=None: original(db, user_id))


@fault(defect=DEFECT, caught_by=OTHERS, says="Bob's first device")
def revoking_others_ends_other_peoples() -> None:
    """Every session but this one: the filter by user is missing."""

    def revoke_all(original: Any, db: Database, user_id: str, keep: str | None = None) -> None:
        if keep is None:
            original(db, user_id)
        else:
            db.execute(delete(Session).where(Session.id != keep))

    wrap(sessions, "revoke_all", revoke_all)


# --- all ---


def _revoke_every_with(revoke: Any) -> None:
    """Let ``revoke(original, db, user_id)`` stand in for the end of all sessions, and leave the rest as it is."""

    def choose(original: Any, db: Database, user_id: str, keep: str | None = None) -> None:
        if path() == "/api/auth/revoke-sessions":
            revoke(original, db, user_id)
        else:
            original(db, user_id, keep)

    know_the_request()
    wrap(sessions, "revoke_all", choose)


@fault(defect=DEFECT, caught_by=EVERY, says=OPENED)
def revoking_all_clears_the_cookie_alone() -> None:
    """The browser forgets its session, and the server knows them all still."""
    _revoke_every_with(lambda *_: None)


@fault(defect=DEFECT, caught_by=EVERY, says="Zoe's first device is signed out; .*still signs in as Zoe")
def revoking_all_ends_the_newest_session_only() -> None:
    """Of the user's sessions the newest one is deleted."""
    newest = select(Session.id).order_by(Session.created_at.desc()).limit(1)
    _revoke_every_with(
        lambda _original, db, user_id: db.execute(
            delete(Session).where(Session.id == db.scalar(newest.where(Session.user_id == user_id)))
        )
    )


@fault(defect=DEFECT, caught_by=EVERY, says="Bob's first device")
def revoking_all_ends_everybodys() -> None:
    """The table is emptied: the filter by user is missing."""
    _revoke_every_with(lambda _original, db, _user_id: db.execute(delete(Session)))
