"""Requests for a new password that tell nothing, or can't be judged."""

from __future__ import annotations

import secrets
import time

from fastapi.responses import JSONResponse

from tests.detection.faults.password_resets import RESETS
from tests.detection.reset_route import PROFILE, SENT, serve_resets
from tests.detection.variant_registry import variant


@variant(
    not_applicable={RESETS: r"declares no request for a reset of the password \(operations\.request_reset\)"},
    never_fail_on={"en-reset-reveals-account": "Gate on endpoint presence"},
)
def there_is_no_request_for_a_new_password() -> None:
    """The profile names no request for a new password."""


@variant(
    stays_green=RESETS,
    never_fail_on={"en-reset-reveals-account": "3 per 60 s limit in Better Auth."},
    profile=PROFILE,
)
def two_requests_for_a_new_password_are_answered() -> None:
    """Each response has an id and a moment of its own, and more than two in a minute are too many."""
    asked: list[float] = []

    def answer(email: str, _known: bool) -> JSONResponse:
        asked.append(time.monotonic())
        if sum(moment > asked[-1] - 60 for moment in asked) > 2:
            return JSONResponse({"message": "Too many requests"}, 429)
        said = {**SENT, "to": email, "request": secrets.token_hex(8), "at": time.time_ns()}
        return JSONResponse(said, 202)

    serve_resets(answer)


@variant(not_tested={RESETS: "a request for a new password is throttled: it was answered 429"}, profile=PROFILE)
def a_second_request_for_a_new_password_is_throttled() -> None:
    """One request in a minute is answered, whatever the address."""
    asked: list[str] = []

    def answer(email: str, _known: bool) -> JSONResponse:
        asked.append(email)
        return JSONResponse(SENT) if len(asked) == 1 else JSONResponse({"message": "Too many requests"}, 429)

    serve_resets(answer)
