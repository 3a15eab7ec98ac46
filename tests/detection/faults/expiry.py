"""Credentials that outlive their expiry, or have none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
from sqlalchemy.orm import Session as Database

from reference_backend import sessions, tokens
from reference_backend.models import Session, User, digest, now
from tests.detection.registry import fault
from tests.detection.seams import know_the_request, path, replace, wrap

EXPIRED = "ex-expired-token-accepted"
NO_END = "ex-issued-token-without-exp"
OUTLIVES = "ex-session-valid-after-expiry"
TOKEN_REFUSED = "expiry-expired-token-is-refused"
HAS_AN_END = "expiry-token-has-exp"
SESSION_REFUSED = "expiry-expired-session-is-refused"


# --- tokens ---


def _decode_with(**options: Any) -> None:
    """Have every token decoded with these options or arguments of `jwt.decode` besides the usual ones."""
    leeway = options.pop("leeway", 0)

    def decode(original: Any, *arguments: Any, **named: Any) -> Any:
        return original(*arguments, **{**named, "leeway": leeway, "options": {**named["options"], **options}})

    wrap(jwt, "decode", decode)


@fault(defect=EXPIRED, caught_by=TOKEN_REFUSED, says="after its end is refused.*private text")
def end_of_a_token_is_not_verified() -> None:
    """`verify_exp` is off, left over from debugging clocks."""
    _decode_with(verify_exp=False)


@fault(defect=EXPIRED, caught_by=TOKEN_REFUSED, says="after its end is refused.*private text")
def leeway_is_a_day() -> None:
    """The tolerance for clocks that differ was given in the wrong unit."""
    _decode_with(leeway=86_400)


@fault(defect=EXPIRED, caught_by=TOKEN_REFUSED, says="after its end is refused.*private text")
def end_is_compared_with_the_time_of_issue() -> None:
    """`exp > iat` is checked, which is true of every token; the clock is not."""

    def decode(original: Any, *arguments: Any, **named: Any) -> Any:
        claims = original(*arguments, **{**named, "options": {**named["options"], "verify_exp": False}})
        if claims["exp"] <= claims["iat"]:
            raise jwt.ExpiredSignatureError
        return claims

    wrap(jwt, "decode", decode)


@fault(defect=EXPIRED, caught_by=TOKEN_REFUSED, says="after its end is refused.*private text")
def expired_token_is_read_without_verification() -> None:
    """For a friendlier message an expired token is decoded again without the check, and the claims are used."""

    def decode(original: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return original(*arguments, **named)
        except jwt.ExpiredSignatureError:
            return original(*arguments, **{**named, "options": {**named["options"], "verify_exp": False}})

    wrap(jwt, "decode", decode)


@fault(defect=NO_END, caught_by=HAS_AN_END, says="has an expiry")
def issued_token_has_no_end() -> None:
    """No `exp` is issued, and none is required."""
    _issue(lambda claims: claims.pop("exp"))
    tokens.REQUIRED.remove("exp")


@fault(defect=NO_END, caught_by=HAS_AN_END, says="has an expiry")
def issued_token_names_its_end_otherwise() -> None:
    """The expiry is in `expires`, a claim that no verifier reads."""
    _issue(lambda claims: claims.update(expires=claims.pop("exp")))
    tokens.REQUIRED.remove("exp")


@fault(
    defect="ex-issued-lifetime-excessive",
    caught_by="expiry-token-expires-within-ten-years",
    says="expires within ten years; (but )?its exp is .* years away; .*looks like milliseconds",
)
def issued_token_counts_milliseconds() -> None:
    """`exp` is the clock of JavaScript, so that a token lives for fifty thousand years."""
    _issue(lambda claims: claims.update(exp=claims["exp"] * 1000))


@fault(
    defect=EXPIRED,
    caught_by=TOKEN_REFUSED,
    says="Zoe's token after its end is refused.*private text",
    settings={"REFERENCE_JWT_EXPIRES_IN": "4"},
    profile='[credentials.token]\nkind = "opaque"\nlifetime = 4\n',
)
def an_opaque_token_has_no_end() -> None:
    """A token that nothing may take apart lives for 4 s by the profile; its end is stored and never looked at."""
    _decode_with(verify_exp=False)


def _issue(change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the claims of every token before it is signed."""

    def encode(original: Any, claims: dict[str, Any], *arguments: Any, **named: Any) -> str:
        change(claims)
        token: str = original(claims, *arguments, **named)
        return token

    wrap(jwt, "encode", encode)


# --- sessions ---


def _alive(is_alive: Callable[[Session], bool]) -> None:
    """Let a session be alive when ``is_alive`` says so, and delete none."""

    def lookup(db: Database, token: str) -> tuple[Session, User] | None:
        found = db.execute(sessions._with_user().where(Session.token_hash == digest(token))).one_or_none()
        return (found[0], found[1]) if found and is_alive(found[0]) else None

    replace(sessions, "purge", lambda *_: None)
    replace(sessions, "lookup", lookup)


@fault(defect=OUTLIVES, caught_by=SESSION_REFUSED, says="session endpoint is refused.*private text")
def end_of_a_session_is_left_to_the_browser() -> None:
    """Max-Age makes the browser drop the cookie; the server never checks the row's expiry."""
    _alive(lambda _session: True)


@fault(defect=OUTLIVES, caught_by=SESSION_REFUSED, says="session endpoint is refused.*private text")
def end_is_read_in_the_wrong_time_zone() -> None:
    """Local time is compared with UTC, and the session lives for some hours more."""
    _alive(lambda session: session.expires_at + timedelta(hours=5) > now())


@fault(defect=OUTLIVES, caught_by=SESSION_REFUSED, says="session endpoint is refused.*private text")
def using_an_expired_session_prolongs_it() -> None:
    """The sliding expiry is extended before it is checked."""

    def slide_first(session: Session) -> bool:
        session.expires_at = max(session.expires_at, now() + timedelta(days=7))
        return True

    _alive(slide_first)


@fault(defect=OUTLIVES, caught_by=SESSION_REFUSED, says="protected page.*private text")
def page_guard_ignores_the_end() -> None:
    """The API checks the expiry; the page's guard only looks for the row."""
    know_the_request()
    _alive(lambda session: path() == "/tasks" or session.expires_at > now())


@fault(defect=OUTLIVES, caught_by=SESSION_REFUSED, says="session endpoint is refused.*private text")
def session_endpoint_ignores_the_end() -> None:
    """Pages check the expiry; the session endpoint only looks for the row."""
    know_the_request()
    _alive(lambda session: path() == "/api/auth/get-session" or session.expires_at > now())


@fault(
    defect=OUTLIVES,
    caught_by=SESSION_REFUSED,
    says=r"session endpoint \(due to end at \d\d:\d\d:\d\d UTC, \d+ s before\) is refused.*private text",
    settings={"REFERENCE_SESSION_EXPIRES_IN": "5"},
    profile="age_session = false\ncredentials.session.leeway = 1\n",
)
def leeway_of_a_session_is_an_hour() -> None:
    """A session is declared to be taken for 1 s after its end, and is taken for an hour."""
    _alive(lambda session: session.expires_at + timedelta(hours=1) > now())


# --- what nothing revokes ---

NO_SIGN_OUT = """
[operations]
sign_out = false
revoke_session = false
revoke_other_sessions = false
list_sessions = false
"""


def _verify_by_signature() -> None:
    replace(sessions, "of_token", lambda db, claims: db.get(User, claims.user_id))


@fault(
    defect="so-session-survives-signout",
    caught_by="expiry-session-without-signout-ends",
    says=r"a session that no sign-out can end ends within 3600 s .*it lives 69\d+ s more",
    settings={"REFERENCE_SESSION_EXPIRES_IN": "691200"},
    profile=NO_SIGN_OUT,
)
def a_session_of_eight_days_has_no_sign_out() -> None:
    """There is no sign-out, and a session lives for eight days."""
    replace(sessions, "revoke", lambda *_: None)


@fault(
    defect="ex-issued-lifetime-excessive",
    level="should",
    caught_by="expiry-unrevocable-credential-is-short-lived",
    says=r"within 3600 s \(.*allows 700000 s in credentials\.token\.max_lifetime\); but it lives 69\d+ s",
    settings={"REFERENCE_JWT_EXPIRES_IN": "691200"},
    profile='[credentials.token]\nafter_sign_out = "until it ends"\nmax_lifetime = 700000\n',
)
def a_token_of_eight_days_is_declared() -> None:
    """A token that nothing revokes lives for eight days, and the profile allows that."""
    _verify_by_signature()


@fault(
    defect="ex-issued-lifetime-excessive",
    level="should",
    caught_by="expiry-unrevocable-credential-is-short-lived",
    says=r"an access token that nothing revokes ends within 3600 s .*it lives 69\d+ s more, by its exp claim",
    settings={"REFERENCE_JWT_EXPIRES_IN": "691200", "REFERENCE_SESSION_EXPIRES_IN": "900"},
    profile=f"{NO_SIGN_OUT}[credentials.token]\nmax_lifetime = 700000\n",
)
def a_token_of_eight_days_has_no_sign_out() -> None:
    """A token lives for eight days, and there is no sign-out that could revoke it."""
    _verify_by_signature()
