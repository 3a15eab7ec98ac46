"""Caches of sessions that are right."""

from __future__ import annotations

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.detection.seams import middleware
from tests.detection.session_cache import PROFILE, UPDATE, SessionCache
from tests.detection.variant_registry import variant

ACTS = "ended-session-changes-nothing"
DELETED = "account-deletion-ends-copied-sessions"
AT_ONCE = "ended-session-is-dead-at-once"
IN_TIME = "ended-session-cache-is-bounded"
WARNED = r'"auth.session_data" answers for it, and says that it lives {} s more'


@variant(
    stays_green=(ACTS, DELETED, IN_TIME, "signout-ends-captured-session"),
    warns={AT_ONCE: WARNED.format("[0-4]")},
    profile=PROFILE,
)
def the_cache_is_over_in_seconds() -> None:
    """The second cookie answers for four seconds; what changes anything asks the database."""
    SessionCache(4).plant()


@variant(
    stays_green=(ACTS, DELETED, "signout-ends-captured-session"),
    warns={AT_ONCE: WARNED.format(r"(600|5\d\d)")},
    not_tested={IN_TIME: r"ends in \d+ s, later than .* --max-wait"},
    never_fail_on={"so-declared-cache-exceeded": "Window <= profile.session_cache_s"},
    profile=f"{PROFILE}cache_lifetime = 900\n",
)
def the_cache_lives_as_long_as_declared() -> None:
    """The second cookie answers for ten minutes, and the profile allows it fifteen."""
    SessionCache(600).plant()


@variant(
    stays_green=(ACTS, DELETED, "signout-ends-captured-session"),
    warns={AT_ONCE: WARNED.format(r"(60|5\d)")},
    profile=PROFILE,
)
def a_cached_session_gets_another_cookie_of_the_same_end() -> None:
    """The second cookie is encrypted anew for each answer, and its end never moves."""
    SessionCache(renewed=lambda _: True, slides=False).plant()


@variant(
    stays_green=(ACTS, DELETED, "signout-ends-captured-session"),
    warns={AT_ONCE: WARNED.format(r"(60|5\d)")},
    never_fail_on={"se-dead-session-writes": "A 200 that did nothing"},
    profile=PROFILE,
)
def a_change_by_an_ended_session_is_answered_with_success() -> None:
    """A change of the profile without a live session is answered 200, and nothing is changed."""
    SessionCache().plant()

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        refused = False

        async def send_success(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                refused = message["status"] == 401
            if not refused:
                await send(message)

        await inner(scope, receive, send_success)
        if refused:
            await JSONResponse({"status": True})(scope, receive, send)

    async def only_there(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] == UPDATE:
            await handle(scope, receive, send, inner)
        else:
            await inner(scope, receive, send)

    middleware(only_there)
