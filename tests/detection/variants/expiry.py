"""Ends of credentials that are right and unusual."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
from sqlalchemy.orm import Session as Database

from reference_backend import sessions
from reference_backend.models import Session, User, digest, now
from tests.detection.registry import EDDSA
from tests.detection.seams import replace, wrap
from tests.detection.variant_registry import variant

TOKEN = "expiry-expired-token-is-refused"
SESSION = "expiry-expired-session-is-refused"
HAS_EXP = "expiry-token-has-exp"
IN_TIME = "expiry-token-expires-within-ten-years"


def _leeway(seconds: int) -> None:
    def decode(original: Any, *arguments: Any, **named: Any) -> Any:
        return original(*arguments, **{**named, "leeway": seconds})

    wrap(jwt, "decode", decode)


@variant(
    stays_green=(TOKEN, HAS_EXP, SESSION),
    never_fail_on={"ex-expired-token-accepted": "Leeway: jwcrypto defaults to 60 s"},
)
def tokens_are_taken_for_a_minute_more() -> None:
    """A verifier allows 60 s for clocks that differ."""
    _leeway(60)


@variant(
    stays_green=(TOKEN, HAS_EXP),
    never_fail_on={"ex-expired-token-accepted": "profile.leeway_s+2 s in the waiting form"},
    settings={**EDDSA, "REFERENCE_JWT_EXPIRES_IN": "4"},
    profile="jwt.leeway = 2\n",
)
def short_tokens_have_a_declared_leeway() -> None:
    """Tokens of a key pair live for 4 s and are taken for 2 s more, as the profile says."""
    _leeway(2)


@variant(
    stays_green=(TOKEN, HAS_EXP, IN_TIME),
    never_fail_on={"ex-issued-lifetime-excessive": "Long lifetimes can be legal policy"},
    settings={"REFERENCE_JWT_EXPIRES_IN": "284000000"},
)
def tokens_live_for_nine_years() -> None:
    """A token lives for nine years, unless its session ends."""


@variant(
    stays_green=(SESSION, "session-names-its-owner"),
    never_fail_on={"ex-session-valid-after-expiry": "Sliding expiry: send nothing during the wait"},
    settings={"REFERENCE_SESSION_EXPIRES_IN": "6", "REFERENCE_SESSION_UPDATE_AGE": "0"},
    profile="age_session = false\n",
)
def every_use_moves_the_end_of_a_session() -> None:
    """A session ends 6 s after its last use, and nothing but waiting brings it about."""


@variant(
    stays_green=(SESSION, "session-names-its-owner"),
    settings={"REFERENCE_SESSION_EXPIRES_IN": "6", "REFERENCE_SESSION_UPDATE_AGE": "0"},
    profile="age_session = false\ncredentials.session.leeway = 3\n",
)
def sessions_have_a_declared_leeway() -> None:
    """A session of 6 s is taken for 3 s more, as the profile says."""
    later = timedelta(seconds=3)

    def lookup(db: Database, token: str) -> tuple[Session, User] | None:
        found = db.execute(sessions._with_user().where(Session.token_hash == digest(token))).one_or_none()
        return (found[0], found[1]) if found and found[0].expires_at + later > now() else None

    replace(sessions, "purge", lambda *_: None)
    replace(sessions, "lookup", lookup)


@variant(
    stays_green=SESSION,
    profile='''[age_session]
statement = """UPDATE sessions SET expires_at = now() - interval '1 hour'
WHERE token_hash = encode(sha256(convert_to(split_part(:session, '.', 1), 'UTF8')), 'hex')"""
''',
)
def sessions_are_aged_by_their_token() -> None:
    """The table of sessions is asked for the session itself, as one without a user has to be."""


@variant(
    stays_green="session-names-its-owner",
    not_tested={SESSION: "ended Bob's too.*Correct age_session.statement"},
    code=6,
    profile="""[age_session]
statement = "UPDATE sessions SET expires_at = now() - interval '1 hour' WHERE CAST(:email AS text) IS NOT NULL"
""",
)
def the_ageing_statement_names_nobody() -> None:
    """The statement has the person in it and ends everybody's sessions: nothing shows that one expires."""


@variant(
    stays_green=("expiry-session-without-signout-ends", "expiry-unrevocable-credential-is-short-lived", HAS_EXP),
    settings={"REFERENCE_SESSION_EXPIRES_IN": "900"},
    profile="""
[operations]
sign_out = false
revoke_session = false
revoke_other_sessions = false
list_sessions = false
[credentials.session]
idle_timeout = false
absolute_lifetime = false
update_age = false
""",
)
def what_no_sign_out_ends_is_short_lived() -> None:
    """There is no sign-out; a session and a token live for a quarter of an hour."""
