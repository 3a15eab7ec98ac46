"""Correct deployments whose tasks a session opens, and no token."""

from __future__ import annotations

from tests.detection.session_tasks import BY_SESSION, FRONT_END_ONLY
from tests.detection.variant_registry import variant

OPENED = (
    *("token-missing-is-refused", "token-is-verified-on-every-route", "token-malformed-creates-no-task"),
    *("error-malformed-tokens-harm-no-valid-one", "expiry-expired-session-is-refused"),
    *("isolation-list-holds-own-tasks-only", "idor-task-read-is-refused", "idor-task-change-is-refused"),
    *("csrf-front-end-is-protected", "csrf-front-end-does-not-rely-on-samesite"),
    *("idor-task-delete-is-refused", "isolation-owner-is-the-caller", "isolation-identity-from-credential-only"),
)
NO_SCHEME = {
    "error-malformed-token-is-refused": "a cookie has no scheme",
    "signout-stops-new-tokens": "no endpoint where a session gets a token",
}
NO_JWT = {"token-verifier-fails-closed": "is no JWT: it has no parts to change"}


@variant(
    stays_green=("tasks-work-at-the-api", *OPENED),
    not_applicable={**NO_SCHEME, **NO_JWT},
    profile=BY_SESSION,
)
def the_session_opens_the_tasks() -> None:
    """One application without tokens: the session's cookie opens the tasks."""


@variant(
    stays_green=("tasks-work-through-the-front-end", "isolation-front-end-lists-own-tasks-only", *OPENED),
    not_applicable={**NO_SCHEME, **NO_JWT, "tasks-work-at-the-api": 'declares no section "tasks"'},
    profile=FRONT_END_ONLY,
)
def the_front_end_is_the_only_way() -> None:
    """The API is out of reach: the tasks are judged through the front end."""
