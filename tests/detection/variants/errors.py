"""Refusals of malformed tokens that are right and unusual."""

from __future__ import annotations

import time
from typing import Any

from reference_backend import identity
from reference_backend.errors import ApiError
from reference_backend.models import User
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

HARMLESS = "error-malformed-tokens-harm-no-valid-one"
REFUSED = "error-malformed-token-is-refused"
_MOST = 8


@variant(
    stays_green=(HARMLESS, REFUSED, "token-verifier-fails-closed", "tasks-work-at-the-api"),
    never_fail_on={"av-invalid-requests-poison-state": "429: wait and retry."},
)
def bad_tokens_are_limited() -> None:
    """After eight tokens that are refused every caller waits for a second, as 429 and Retry-After say."""
    refused = 0
    open_again = 0.0

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        nonlocal refused, open_again
        if time.monotonic() < open_again:
            raise ApiError(429, "TOO_MANY_REQUESTS", "Too many requests", {"Retry-After": "1"})
        try:
            return original(services, authorization)  # type: ignore[no-any-return]
        except ApiError:
            refused += 1
            if refused >= _MOST:
                refused, open_again = 0, time.monotonic() + 1
            raise

    wrap(identity, "_bearer", bearer)
