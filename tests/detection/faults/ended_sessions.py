"""Sessions that live on, act or renew themselves by a copy of what caches them."""

from __future__ import annotations

from fastapi import Request

from tests.detection.registry import fault
from tests.detection.session_cache import PROFILE, SESSIONS, UPDATE, SessionCache, reading_only

ACTS = "ended-session-changes-nothing"
DELETED = "account-deletion-ends-copied-sessions"
AT_ONCE = "ended-session-is-dead-at-once"
IN_TIME = "ended-session-cache-is-bounded"
WRITES, EXCEEDED = "se-dead-session-writes", "so-session-survives-signout"
OTHERS = "/api/auth/revoke-other-sessions"
ENDED = (
    "signout-ends-captured-session",
    "sessions-revoked-session-is-refused",
    "sessions-revoking-others-keeps-current-session",
    "password-change-ends-other-sessions",
    "account-deletion-ends-sessions",
)
WEEK = 7 * 24 * 3600


# --- what a copy may do ---


@fault(
    defect=WRITES,
    caught_by=ACTS,
    says="change the name .* sign-out is refused; .*name was changed",
    profile=PROFILE,
)
def a_cached_session_changes_the_name() -> None:
    """The route that changes the profile believes the second cookie."""
    SessionCache(believed=lambda request: reading_only(request) or request.url.path == UPDATE).plant()


@fault(
    defect=WRITES,
    caught_by=DELETED,
    says="change the name .* end of the account is refused; .*prolonged.*Max-Age=60",
    profile=PROFILE,
)
def a_deleted_account_is_kept_alive_by_its_cache() -> None:
    """A change of the profile is answered with a fresh second cookie, whoever the cached one is of."""

    def update(request: Request) -> bool:
        return request.url.path == UPDATE

    SessionCache(believed=lambda request: reading_only(request) or update(request), renewed=update).plant()


@fault(defect=WRITES, caught_by=ACTS, says="stay signed in .*prolonged: a new cookie", profile=PROFILE)
def a_cached_session_renews_itself_by_use() -> None:
    """Each look at the session moves the end of the second cookie, and none of them asks the database."""
    SessionCache(renewed=lambda request: request.url.path == "/api/auth/get-session").plant()


@fault(defect=WRITES, caught_by=ACTS, says="list the sessions .*it listed [1-9]", profile=PROFILE)
def a_cached_session_lists_the_live_ones() -> None:
    """The list of sessions is shown to whom the second cookie names."""
    SessionCache(believed=lambda request: reading_only(request) or request.url.path == SESSIONS).plant()


@fault(defect=WRITES, caught_by=ACTS, says="revoke the other sessions .*first device was revoked", profile=PROFILE)
def a_cached_session_revokes_the_live_ones() -> None:
    """Revoking the other sessions believes the second cookie."""
    SessionCache(believed=lambda request: reading_only(request) or request.url.path == OTHERS).plant()


# --- how long it lives ---

LIVES = (
    r"opens the session endpoint.*\"auth.session_data\" answers for it, and says that it lives 604[78]\d\d s more"
)


@fault(defect=EXCEEDED, caught_by=(IN_TIME, AT_ONCE, *ENDED), says=LIVES, profile=PROFILE)
def the_cache_lives_for_a_week() -> None:
    """The second cookie answers for the session for seven days."""
    SessionCache(WEEK).plant()


@fault(defect=EXCEEDED, caught_by=(IN_TIME, AT_ONCE), says=LIVES)
def a_cache_that_no_profile_names_lives_for_a_week() -> None:
    """The second cookie answers for seven days, and the profile does not say that there is one."""
    SessionCache(WEEK).plant()


@fault(defect=EXCEEDED, caught_by=IN_TIME, says="session endpoint.* after that", profile=PROFILE)
def the_cache_outlives_its_cookie() -> None:
    """The second cookie says two seconds, and the server believes it for an hour."""
    SessionCache(2, honoured=3600).plant()
