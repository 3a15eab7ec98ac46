"""Sessions that do not end by themselves, or that a use loses; tokens that outlive their end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session as Database

from reference_backend import refresh, sessions, tokens
from reference_backend.models import RefreshToken, Session, digest, new_token, now
from tests.detection.faults.expiry import _alive
from tests.detection.registry import fault
from tests.detection.seams import replace, wrap

IDLE, ABSOLUTE = "ex-idle-timeout-missing", "ex-absolute-lifetime-missing"
RENEWAL, CACHED = "rf-session-refresh-drops-session", "ex-cached-token-outlives-exp"
EXPIRED_REFRESH = "rf-expired-refresh-accepted"
NO_IDLE, NO_END = "expiry-idle-session-is-refused", "expiry-used-session-is-refused-in-the-end"
LIVES_ON, REFUSED_LATER = "expiry-renewed-session-lives-on", "expiry-accepted-token-is-refused-later"
NO_REFRESH = "expiry-expired-refresh-token-is-refused"


# --- how long a session lives ---


@fault(
    defect=IDLE,
    caught_by=NO_IDLE,
    says="Zoe's session, not used for the 604800 s of credentials.session.idle_timeout, is refused.*private text",
    level="should",
)
def only_the_age_of_a_session_counts() -> None:
    """The time of the last use is stored and never looked at."""
    _alive(lambda session: session.created_at + timedelta(days=30) > now())


@fault(
    defect=IDLE,
    caught_by=NO_IDLE,
    says="Zoe's session, not used for the 3 s of credentials.session.idle_timeout, is refused.*private text",
    level="should",
    profile="age_session = false\ncredentials.session.idle_timeout = 3\n",
)
def an_idle_timeout_is_in_the_documentation_alone() -> None:
    """The declared three seconds are in no setting, so that the default counts; it is waited for."""


@fault(
    defect=ABSOLUTE,
    caught_by=NO_END,
    says="Zoe's session, used every 302400 s until the 2592000 s of credentials.session.absolute_lifetime were "
    "over, is refused.*private text",
    level="should",
)
def a_use_prolongs_a_session_for_ever() -> None:
    """Each use adds a week, whenever the sign-in was."""
    without_a_last_end()


def without_a_last_end() -> None:
    """Move the end of a session without regard to when it began."""
    replace(sessions, "_end", lambda settings, _session, moment: moment + sessions._lifetime(settings))


@fault(
    defect=ABSOLUTE,
    caught_by=NO_END,
    says="Zoe's session, used every 1 s until the 4 s of credentials.session.absolute_lifetime were over, is",
    level="should",
    profile="age_session = false\n[credentials.session]\nabsolute_lifetime = 4\nidle_timeout = false\n",
)
def an_absolute_lifetime_is_in_the_documentation_alone() -> None:
    """The declared four seconds are in no setting, so that the default counts; it is waited for."""


# --- the renewal of a session ---


@fault(
    defect=RENEWAL,
    caught_by=LIVES_ON,
    says="leaves it signed in; but with the cookies that it left the session endpoint answered 200",
)
def a_renewed_session_gets_a_value_that_nobody_is_sent() -> None:
    """A renewal changes the session's value in the database, and the cookie is written with the old one."""

    def slide(original: Any, db: Database, settings: Any, session: Session) -> bool:
        if moved := bool(original(db, settings, session)):
            fresh = digest(new_token())
            db.execute(update(Session).where(Session.id == session.id).values(token_hash=fresh))
        return moved

    wrap(sessions, "slide", slide)


@fault(defect=RENEWAL, caught_by=LIVES_ON, says="never shortens it; but by the session endpoint .* s sooner than")
def a_renewal_gives_an_hour() -> None:
    """A renewed session ends an hour later, though a new one lives for a week."""
    replace(sessions, "_end", lambda _settings, _session, moment: moment + timedelta(hours=1))
    moving_always()


def moving_always() -> None:
    """Move the end of a session also where it comes sooner so."""

    def slide(db: Database, settings: Any, session: Session) -> bool:
        moment = now()
        if session.updated_at + timedelta(seconds=settings.session_update_age) > moment:
            return False
        end = sessions._end(settings, session, moment)
        db.execute(update(Session).where(Session.id == session.id).values(updated_at=moment, expires_at=end))
        session.expires_at = end
        return True

    replace(sessions, "slide", slide)


@fault(defect=RENEWAL, caught_by=LIVES_ON, says="moves its end; but by the session endpoint .* it is the same")
def a_session_is_never_renewed() -> None:
    """The setting of the age is there, and nothing reads it."""
    replace(sessions, "slide", lambda *_: False)


@fault(
    defect=RENEWAL,
    caught_by=LIVES_ON,
    says="moves the end of its cookie, too; but its cookie .* s before the session does, and is not set again",
)
def a_renewal_keeps_its_end_from_the_browser() -> None:
    """The end moves in the database, and the cookie keeps the one that it has."""

    def slide(original: Any, *arguments: Any) -> bool:
        original(*arguments)
        return False

    wrap(sessions, "slide", slide)


@fault(
    defect=RENEWAL,
    caught_by=LIVES_ON,
    says="moves its end no further than credentials.session.absolute_lifetime; but by the session endpoint",
    profile="credentials.session.absolute_lifetime = 604800\n",
)
def a_renewal_moves_the_end_too_far() -> None:
    """A week is the longest that a session may live, and a renewal adds another one."""
    without_a_last_end()


# --- tokens ---


@fault(
    defect=CACHED,
    caught_by=REFUSED_LATER,
    says="Ann's token after its end, before which it was accepted, is refused.*private text",
    spares=("expiry-expired-token-is-refused",),
)
def what_was_verified_once_is_good_for_ever() -> None:
    """Claims are kept by their token, so that a signature is computed once; its end is looked at no more."""
    kept: dict[str, Any] = {}

    def verify(original: Any, signer: Any, settings: Any, token: str) -> Any:
        if token not in kept:
            kept[token] = original(signer, settings, token)
        return kept[token]

    wrap(tokens, "verify", verify)


@fault(
    defect=EXPIRED_REFRESH,
    caught_by=NO_REFRESH,
    says="a refresh token of Zoe's after its end yields nothing; but it yielded a new access token",
)
def a_refresh_token_has_no_end() -> None:
    """The end of a refresh token is stored and never looked at."""
    endless_refresh_tokens()


def endless_refresh_tokens() -> None:
    """Have each refresh token that is presented live on."""

    def rotate(original: Any, db: Database, settings: Any, token: str) -> Any:
        of_it, later = RefreshToken.token_hash == digest(token), now() + timedelta(days=1)
        db.execute(update(RefreshToken).where(of_it).values(expires_at=later))
        return original(db, settings, token)

    wrap(refresh, "rotate", rotate)


@fault(
    defect=EXPIRED_REFRESH,
    caught_by=NO_REFRESH,
    says="a refresh token of Zoe's after its end yields nothing; but it yielded a new access token",
    profile="age_session = false\ncredentials.refresh.lifetime = 3\n",
)
def the_end_of_a_refresh_token_is_in_the_documentation_alone() -> None:
    """The declared three seconds are in no setting, so that the default counts; it is waited for."""
