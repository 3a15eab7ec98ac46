"""Sign-out that ends nothing, too little, too much, or another session."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import Request, Response
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from reference_backend import cookies, sessions
from reference_backend.errors import ApiError
from reference_backend.models import Session, User, digest, new_token, now
from reference_backend.settings import Settings
from tests.detection.registry import HTTPS, fault
from tests.detection.seams import know_the_request, path, replace, scope, wrap

SURVIVES = "so-session-survives-signout"
MINTS = "so-token-minted-after-signout"
REMAINS = "so-cookie-not-cleared"
DEAD = "signout-ends-captured-session"
NOTHING_NEW = "signout-stops-new-tokens"
LIVE_PAGE = "page-signed-out-session-is-refused"
CLEARED = "signout-clears-the-cookie"
OPENED = "it opened the|private text"


# --- what else was handed out ---


@fault(
    defect="rf-works-after-signout",
    caught_by="refresh-token-refused-after-signout",
    says="yields nothing; but it yielded a new access token",
)
def sign_out_knows_nothing_of_refresh_tokens() -> None:
    """The session ends, and the family of refresh tokens lives on."""

    def revoke(db: Database, user_id: str, session_id: str) -> None:
        this = update(Session).where(Session.user_id == user_id, Session.id == session_id)
        db.execute(this.values(token_hash=digest(new_token())))

    replace(sessions, "revoke", revoke)


@fault(
    defect="so-jwt-survives-beyond-policy",
    level="should",
    caught_by="signout-ends-access-tokens",
    says="captured token after sign-out is refused; .*private text",
)
def tokens_outlive_sign_out_against_the_policy() -> None:
    """JWTs are declared as revoked, and are verified by their signature alone."""
    replace(sessions, "of_token", lambda db, claims: db.get(User, claims.user_id))


# --- what is declared to outlive it ---

STATELESS = """
[credentials.session]
after_sign_out = "until it ends"
[credentials.token]
after_sign_out = "until it ends"
"""


def _end_nothing() -> None:
    """Sign-out takes the cookie from the browser, and ends no session."""
    for ending in ("revoke", "revoke_all"):
        replace(sessions, ending, lambda *_, **__: None)
    _verify_by_signature()


def _verify_by_signature() -> None:
    replace(sessions, "of_token", lambda db, claims: db.get(User, claims.user_id))


@fault(
    defect=SURVIVES,
    caught_by=(DEAD, NOTHING_NEW, LIVE_PAGE, "browser-signout"),
    says=r"outlives sign-out ends within 3600 s \(credentials\.session\.max_lifetime\); but it lives 267\d+ s",
    settings={"REFERENCE_SESSION_EXPIRES_IN": "2678400", "REFERENCE_SESSION_MAX_AGE": "2678400"},
    profile=STATELESS,
)
def a_stateless_session_lives_a_month() -> None:
    """The session is declared to live on until it ends, and its cookie is good for 31 days."""
    _end_nothing()


@fault(
    defect=SURVIVES,
    caught_by=(DEAD, LIVE_PAGE),
    says="that no replay prolongs a session that outlives sign-out",
    settings={"REFERENCE_SESSION_EXPIRES_IN": "900", "REFERENCE_SESSION_UPDATE_AGE": "0"},
    profile=STATELESS,
)
def a_replay_prolongs_a_stateless_session() -> None:
    """A session of a quarter of an hour is renewed by each use, after sign-out too."""
    _end_nothing()


@fault(
    defect="so-jwt-survives-beyond-policy",
    level="should",
    caught_by="signout-ends-access-tokens",
    says=r"after the end that credentials\.token\.lifetime declares is refused",
    profile='[credentials.token]\nkind = "opaque"\nafter_sign_out = "until it ends"\nlifetime = 4\n',
)
def an_opaque_token_outlives_its_declared_lifetime() -> None:
    """A token that nothing may take apart is declared to live for 4 s, and lives for 900."""
    _verify_by_signature()


# --- the session on the server ---


@fault(defect=SURVIVES, caught_by=DEAD, says=OPENED)
def every_other_sign_out_leaves_the_session_alive() -> None:
    """One of two servers behind the balancer answers sign-out and ends nothing."""
    turns = itertools.cycle([False, True])

    def revoke(genuine: Callable[..., None], db: Database, user_id: str, session_id: str) -> None:
        if next(turns):
            genuine(db, user_id, session_id)

    wrap(sessions, "revoke", revoke)


@fault(defect=SURVIVES, caught_by=(DEAD, NOTHING_NEW, LIVE_PAGE), says=OPENED)
def sign_out_only_clears_the_cookie() -> None:
    """The session's row stays; only the browser's cookie is cleared."""
    replace(sessions, "revoke", lambda *_: None)


@fault(defect=SURVIVES, caught_by=DEAD, says=OPENED)
def sign_out_ends_the_oldest_session() -> None:
    """`DELETE ... LIMIT 1` by user: the first row found is deleted, not this device's."""

    def revoke(db: Database, user_id: str, _session_id: str) -> None:
        oldest = select(Session.id).where(Session.user_id == user_id).order_by(Session.created_at).limit(1)
        db.execute(delete(Session).where(Session.id == oldest.scalar_subquery()))

    replace(sessions, "revoke", revoke)


@fault(defect=SURVIVES, caught_by=(DEAD, NOTHING_NEW, LIVE_PAGE), says=OPENED)
def sign_out_compares_the_wrong_column() -> None:
    """The user's id is compared with the session's id, so no row is found."""

    def revoke(db: Database, user_id: str, _session_id: str) -> None:
        db.execute(delete(Session).where(Session.id == user_id))

    replace(sessions, "revoke", revoke)


@fault(defect=SURVIVES, caught_by=(DEAD, NOTHING_NEW, LIVE_PAGE), says=OPENED)
def sign_out_is_rolled_back() -> None:
    """The row is deleted in a transaction that is never committed."""
    wrap(sessions, "revoke", lambda original, db, *ids: (original(db, *ids), db.rollback()))


@fault(defect=SURVIVES, caught_by=(DEAD, NOTHING_NEW, LIVE_PAGE), says=OPENED)
def sign_out_waits_a_minute() -> None:
    """The session lives for another minute, for requests that are under way."""

    def revoke(db: Database, _user_id: str, session_id: str) -> None:
        soon = now() + timedelta(minutes=1)
        db.execute(update(Session).where(Session.id == session_id).values(expires_at=soon))

    replace(sessions, "revoke", revoke)


@fault(defect=SURVIVES, caught_by=(DEAD, NOTHING_NEW, LIVE_PAGE), says=OPENED)
def sign_out_finds_no_session() -> None:
    """The session is looked up in another store: sign-out answers 404, as a missing route does."""

    def revoke(*_: object) -> None:
        raise ApiError(404, "NOT_FOUND", "Not Found")

    replace(sessions, "revoke", revoke)


@fault(defect="so-other-user-session-ended", caught_by=DEAD, says="Ann's first device opens")
def sign_out_ends_everybodys_sessions() -> None:
    """The filter is missing: one user's sign-out empties the table."""
    replace(sessions, "revoke", lambda db, *_: db.execute(delete(Session)))


def _ended_except_at(still_open: Callable[[str], bool]) -> None:
    """Remember what was signed out, and honour it except at the paths where ``still_open``."""
    ended: set[str] = set()

    def lookup(original: Any, db: Database, token: str) -> Any:
        found = original(db, token)
        return None if found and found[0].id in ended and not still_open(path()) else found

    know_the_request()
    replace(sessions, "revoke", lambda _db, _user_id, session_id: ended.add(session_id))
    wrap(sessions, "lookup", lookup)


@fault(defect=MINTS, caught_by=NOTHING_NEW, says="opened the token endpoint")
def token_endpoint_knows_no_sign_out() -> None:
    """The route that issues tokens looks the session up in its own way and misses the sign-out."""
    _ended_except_at(lambda at: at == "/api/auth/token")


@fault(defect=MINTS, caught_by=NOTHING_NEW, says="task list|private text")
def front_end_knows_no_sign_out() -> None:
    """The front end caches every session that it has seen."""
    _ended_except_at(lambda at: at.startswith("/api/tasks"))


@fault(defect=SURVIVES, caught_by=(DEAD, LIVE_PAGE), says="private text")
def page_knows_no_sign_out() -> None:
    """The page's guard trusts a cached session after the API has dropped it."""
    _ended_except_at(lambda at: at == "/tasks")


@fault(defect=SURVIVES, caught_by=DEAD, says="session endpoint is refused.*private text")
def session_endpoint_knows_no_sign_out() -> None:
    """The session endpoint answers from a cache that sign-out does not clear."""
    _ended_except_at(lambda at: at == "/api/auth/get-session")


# --- the cookie in the browser ---


def _clear_with(name: Callable[[Settings], str], **attributes: Any) -> None:
    """Delete a cookie of that name with those attributes."""
    replace(
        cookies,
        "clear",
        lambda response, settings: response.delete_cookie(name(settings), **attributes),
    )


@fault(defect=REMAINS, caught_by=CLEARED, says="still holds")
def sign_out_leaves_the_cookie() -> None:
    """The response does not mention the cookie."""
    replace(cookies, "clear", lambda _response, _settings: None)


@fault(defect=REMAINS, caught_by=CLEARED, says="still holds")
def sign_out_clears_a_cookie_of_another_path() -> None:
    """The deletion has the Path of the auth endpoints, the cookie that of the site."""
    _clear_with(cookies.name, path="/api/auth")


@fault(defect=REMAINS, caught_by=CLEARED, says="still holds")
def sign_out_clears_a_cookie_of_the_domain() -> None:
    """The deletion has a Domain, the cookie has none: to a browser these are two cookies."""
    _clear_with(cookies.name, domain="127.0.0.1")


@fault(defect=REMAINS, caught_by=CLEARED, says="still holds")
def sign_out_clears_a_cookie_of_another_name() -> None:
    """The cookie was renamed, the deletion was not."""
    _clear_with(lambda _settings: "session_token")


@fault(defect=REMAINS, caught_by=CLEARED, says="still holds", settings=HTTPS)
def sign_out_clears_a_cookie_without_its_prefix() -> None:
    """On https the cookie has a prefix that the deletion lacks."""
    _clear_with(lambda settings: cookies.name(settings).removeprefix("__Host-"), secure=True)


@fault(defect=REMAINS, caught_by=CLEARED, says="still holds", settings=HTTPS)
def sign_out_clears_without_secure() -> None:
    """A `__Host-` cookie can't be deleted by a header without Secure: browsers ignore that header."""

    def clear(response: Response, settings: Settings) -> None:
        response.set_cookie(cookies.name(settings), "", max_age=0, path="/", httponly=True, samesite="lax")

    replace(cookies, "clear", clear)


@fault(defect=REMAINS, caught_by=CLEARED, says="still holds")
def sign_out_sets_the_cookie_again() -> None:
    """The deletion is there, and a sliding renewal after it sets the cookie again."""
    know_the_request()

    def clear(original: Any, response: Response, settings: Settings) -> None:
        original(response, settings)
        if token := cookies.read(Request(scope()), settings):
            cookies.write(response, settings, token, 3600)

    wrap(cookies, "clear", clear)
