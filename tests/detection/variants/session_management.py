"""Lists of sessions and their revocation that are right and unusual."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session as Database

from reference_backend import sessions
from reference_backend.errors import ApiError
from reference_backend.models import Session
from tests.detection.seams import clear_at_sign_out_only, wrap
from tests.detection.session_cache import PROFILE, SessionCache
from tests.detection.variant_registry import variant

OWN_ONLY = "sessions-list-shows-own-sessions-only"
REVOKED = "sessions-revoked-session-is-refused"
NOT_BY_OTHERS = "idor-session-revocation-is-refused"
OTHERS_END = "sessions-revoking-others-keeps-current-session"
EVERY_ENDS = "sessions-revoking-all-ends-every-session"
ALL = (OWN_ONLY, REVOKED, NOT_BY_OTHERS, OTHERS_END, EVERY_ENDS)


@variant(stays_green=(EVERY_ENDS,))
def revoking_all_leaves_the_cookie_to_the_browser() -> None:
    """All sessions are dead, and no answer says so to the browser: its cookie opens nothing."""
    clear_at_sign_out_only()


@variant(
    stays_green=ALL,
    never_fail_on={"se-revocation-ineffective-or-cross-user": "200 with no effect for B's token"},
)
def another_users_session_is_revoked_without_effect() -> None:
    """A session that is not the caller's is "revoked" with 200, and lives on."""


@variant(stays_green=ALL)
def another_users_session_is_not_found() -> None:
    """A session that is not the caller's is answered 404."""

    def revoke(original: Any, db: Database, user_id: str, session_id: str) -> None:
        session = db.get(Session, session_id)
        if session is None or session.user_id != user_id:
            raise ApiError(404, "NOT_FOUND", "Not Found")
        original(db, user_id, session_id)

    wrap(sessions, "revoke", revoke)


@variant(
    stays_green=(
        *ALL,
        *("signout-ends-captured-session", "signout-stops-new-tokens", "signout-clears-the-cookie"),
        *("page-signed-out-session-is-refused", "expiry-expired-session-is-refused"),
        *(
            "password-change-ends-other-sessions",
            "account-deletion-ends-sessions",
            "ended-session-changes-nothing",
        ),
        *("session-fixation-planted-cookie-is-not-adopted", "session-tampered-cookie-is-refused"),
    ),
    never_fail_on={
        "se-revocation-ineffective-or-cross-user": "cookie cache window",
        "so-session-survives-signout": "replay the session_token alone",
        "so-token-minted-after-signout": "Same cookie-cache trap",
    },
    warns={"ended-session-is-dead-at-once": r"it lives (60|5\d) s more"},
    not_tested={"ended-session-cache-is-bounded": r"ends in \d+ s, later than .* --max-wait"},
    profile=PROFILE,
)
def sessions_are_cached_in_a_second_cookie() -> None:
    """A second cookie answers for the session for a minute, as declared; its own cookie is right at once."""
    SessionCache().plant()
