"""Answers to expired tokens that are right."""

from __future__ import annotations

from reference_backend.errors import ApiError
from tests.detection.faults.expired_status import ANSWERED, answer_expired
from tests.detection.variant_registry import variant


@variant(
    stays_green=(ANSWERED, "expiry-expired-token-is-refused"),
    never_fail_on={"ex-expired-token-wrong-status": "403 by old frameworks"},
    profile="[outcomes]\nunauthenticated = { status = [401, 403] }\n",
)
def an_expired_token_is_forbidden_as_declared() -> None:
    """An old framework answers 403, and the profile says so."""
    answer_expired(ApiError(403, "FORBIDDEN", "Token expired"))
