"""Refresh tokens that work twice, survive reuse, or yield no working token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from reference_backend import auth, identity, refresh, sessions, tokens
from reference_backend.errors import ApiError
from reference_backend.models import RefreshToken, Session, User, digest, now
from reference_backend.settings import Settings
from tests.detection.refresh_interval import INTERVAL, reusable, sibling
from tests.detection.registry import fault
from tests.detection.routes import wrap_route
from tests.detection.seams import know_the_request, on_app, path, replace, wrap

REUSABLE = "rf-rotated-token-reusable"
FAMILY = "rf-reuse-does-not-revoke-family"
UNUSABLE = "rf-refreshed-token-unusable-or-wrong"
ONCE = "refresh-token-works-once"
ENDS_FAMILY = "refresh-reuse-ends-the-family"
WORKS = "refresh-gives-a-working-token"
TWICE = (
    "(used refresh token|successor of a reused refresh token) yields nothing; but it yielded a new access token"
)


@fault(defect=REUSABLE, caught_by=(ONCE, ENDS_FAMILY), says=TWICE)
def used_refresh_token_is_not_marked() -> None:
    """A use leaves no trace, so a refresh token works until it expires."""

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        rotated = original(db, settings, token)
        db.execute(update(RefreshToken).where(RefreshToken.token_hash == digest(token)).values(used_at=None))
        return rotated

    wrap(refresh, "rotate", rotate)


@fault(defect=REUSABLE, caught_by=(ONCE, ENDS_FAMILY), says=TWICE)
def used_refresh_token_works_for_another_hour() -> None:
    """The grace period for lost responses is an hour long."""

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        lately = RefreshToken.used_at > now() - timedelta(hours=1)
        this = RefreshToken.token_hash == digest(token)
        db.execute(update(RefreshToken).where(this, lately).values(used_at=None))
        return original(db, settings, token)

    wrap(refresh, "rotate", rotate)


@fault(
    defect=REUSABLE,
    caught_by=(ONCE, ENDS_FAMILY),
    says="yields nothing; but it yielded a new refresh token, which yields an access token",
)
def used_refresh_token_gives_the_next_one_alone() -> None:
    """A used token gets no access token, but a new refresh token of its session, which gets one."""

    def exchange(original: Any, services: identity.Services, form: auth.Refresh) -> dict[str, Any]:
        with services.database.begin() as db:
            link = db.get(RefreshToken, digest(form.refreshToken))
            if link is not None and link.used_at is not None:
                return {"refreshToken": refresh.start(db, services.settings, link.session_id)}
        return original(services, form)  # type: ignore[no-any-return]

    wrap_route(auth.router, "refresh_tokens", exchange)


@fault(defect=REUSABLE, caught_by=(ONCE, ENDS_FAMILY), says=TWICE, profile=INTERVAL)
def used_refresh_token_works_beyond_the_declared_interval() -> None:
    """The interval for lost responses is declared as 2 s, and never ends."""
    reusable(sibling, seconds=3600)


@fault(
    defect=FAMILY,
    caught_by=ENDS_FAMILY,
    says="the sibling that a reuse within the interval yielded yields nothing; but it yielded a new access token",
    profile=INTERVAL,
)
def a_sibling_outlives_the_family() -> None:
    """What a used token gives within its interval belongs to a session of its own, which no reuse ends."""

    def apart(db: Database, settings: Settings, session: Session, _token: str) -> str:
        user = db.get_one(User, session.user_id)
        own, _ = sessions.create(db, settings, user, sessions.Device("", ""), remember=True)
        return refresh.start(db, settings, own.id)

    reusable(apart)


@fault(defect=FAMILY, caught_by=ENDS_FAMILY, says=TWICE)
def reuse_ends_nothing() -> None:
    """The used token is refused, and its successor, the attacker's or the owner's, lives on."""

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        link = db.get(RefreshToken, digest(token))
        return None if link and link.used_at else original(db, settings, token)

    wrap(refresh, "rotate", rotate)


@fault(defect=FAMILY, caught_by=ENDS_FAMILY, says=TWICE)
def end_of_the_family_is_rolled_back() -> None:
    """The refusal is raised inside the transaction that ended the session, and rolls it back."""

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        rotated = original(db, settings, token)
        if rotated is None:
            raise ApiError(401, "INVALID_REFRESH_TOKEN", "Invalid refresh token")
        return rotated

    wrap(refresh, "rotate", rotate)


@fault(defect=UNUSABLE, caught_by=WORKS, says="live refresh token yields a new token; but it was answered 401")
def refresh_token_is_never_found() -> None:
    """The hash is looked up where the token itself was stored, or the other way round."""
    wrap(refresh, "rotate", lambda original, db, settings, token: original(db, settings, digest(token)))


def _issue_at_refresh(change: Any) -> None:
    """Let ``change(settings, user, session_id)`` say what a refreshed token is issued for."""

    def issue(original: Any, signer: Any, settings: Settings, user: User, session_id: str) -> str:
        wanted = (settings, user, session_id)
        if path() == "/api/auth/refresh":
            wanted = change(*wanted)
        token: str = original(signer, *wanted)
        return token

    know_the_request()
    wrap(tokens, "issue", issue)


@fault(defect=UNUSABLE, caught_by=WORKS, says="sees the tasks?.*answered 401")
def refreshed_token_has_the_old_end() -> None:
    """The new token copies the expiry of the one that has just expired."""
    _issue_at_refresh(
        lambda settings, *rest: (settings.model_copy(update={"jwt_expires_in": -60}), *rest),
    )


@fault(defect=UNUSABLE, caught_by=WORKS, says="sees the tasks?.*answered 401")
def refreshed_token_is_for_another_audience() -> None:
    """Tokens from sign-in name the API as audience, refreshed ones the auth server, which the API refuses."""
    _issue_at_refresh(
        lambda settings, *rest: (settings.model_copy(update={"base_url": "https://auth.invalid"}), *rest),
    )


@fault(defect=UNUSABLE, caught_by=WORKS, says="sees the tasks?.*answered 401")
def refreshed_token_names_the_session_as_its_subject() -> None:
    """`sub` is the session's id instead of the user's."""
    _issue_at_refresh(
        lambda settings, _user, session_id: (settings, User(id=session_id, email="", name=""), session_id)
    )


@fault(defect=UNUSABLE, caught_by=WORKS, says="sees the tasks?.*answered 200")
def refreshed_token_is_somebody_elses() -> None:
    """The user is fetched without a filter, and the first row of the table wins."""

    def add_an_early_account(made: FastAPI) -> None:
        with made.state.services.database.begin() as db:
            db.add(User(email="early@example.com", name="Early", password_hash="none"))

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        rotated = original(db, settings, token)
        if rotated is None:
            return None
        session, _owner, following = rotated
        first = db.scalars(select(User).order_by(User.created_at).limit(1)).one()
        session.user_id = first.id
        return session, first, following

    on_app(add_an_early_account)
    replace(refresh, "rotate", _bound(rotate))


def _bound(around: Any) -> Any:
    original = refresh.rotate
    return lambda *arguments: around(original, *arguments)


@fault(
    defect="rf-refresh-token-accepted-as-access",
    caught_by="refresh-token-is-no-access-token",
    says="refresh token in place of an access token is refused; .*private text",
)
def the_api_takes_refresh_tokens() -> None:
    """One function looks up every token, of either kind."""

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        with services.database.begin() as db:
            link = db.get(RefreshToken, digest(authorization[0].removeprefix("Bearer ")))
            if link is not None:
                return db.get_one(User, db.get_one(Session, link.session_id).user_id)
        return original(services, authorization)  # type: ignore[no-any-return]

    wrap(identity, "_bearer", bearer)
