"""Operations of an owner's own, and an API after malformed tokens, that are right and unusual."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.detection.seams import middleware, request_header
from tests.detection.variant_registry import variant


def throttle_once(when: Callable[[Scope], bool]) -> None:
    """Answer the first request for which ``when(scope)`` is true with 429, and ask to wait a second."""
    throttled: list[Scope] = []

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if not throttled and when(scope):
            throttled.append(scope)
            await JSONResponse({"message": "Too many requests"}, 429, {"Retry-After": "1"})(scope, receive, send)
        else:
            await inner(scope, receive, send)

    middleware(handle)


@variant(
    stays_green="error-malformed-tokens-harm-no-valid-one",
    never_fail_on={"av-invalid-requests-poison-state": "429: wait and retry"},
)
def malformed_tokens_slow_the_next_request_down() -> None:
    """After five malformed tokens the next request with a good one has to wait for a second."""
    malformed: list[str] = []

    def when(scope: Scope) -> bool:
        token = request_header(scope, "authorization") or ""
        if scope["path"] == "/api/tasks" and token and token.count(".") != 2:
            malformed.append(token)
            return False
        return len(malformed) >= 5 and token.count(".") == 2

    throttle_once(when)


@variant(
    stays_green=("sessions-list-works-for-its-owner", "account-name-can-be-changed"),
    never_fail_on={"av-own-account-operation-fails": "429"},
)
def the_list_of_sessions_is_throttled() -> None:
    """The first request for the list of sessions has to wait for a second."""
    throttle_once(lambda scope: bool(scope["path"].endswith("/list-sessions")))


@variant(
    stays_green=("session-names-its-owner", "tasks-work-at-the-api"),
    never_fail_on={"av-own-account-operation-fails": "404, 405, 501 (not there); 400 or 422"},
    not_tested={"account-name-can-be-changed": "400", "sessions-list-works-for-its-owner": "404"},
    profile="""
[operations.update_user]
json = { displayName = "{new_name}" }
[operations.list_sessions]
path = "/api/auth/sessions"
""",
    code=6,
)
def the_profile_describes_other_operations() -> None:
    """The name has another field than the profile says, and the list of sessions another path."""
