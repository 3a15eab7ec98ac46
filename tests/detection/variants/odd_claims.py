"""Claims that are taken, or not, by right."""

from __future__ import annotations

from typing import Any

from reference_backend import identity
from reference_backend.errors import ApiError
from reference_backend.models import User
from tests.detection.faults.odd_claims import ADDRESS, ODD, REPEATED, break_on
from tests.detection.gullible import segment
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant


@variant(
    stays_green=(ADDRESS, REPEATED, "token-end-is-a-number"),
    warns={ODD: "the server broke"},
    never_fail_on={"eh-claims-type-5xx": "gives 500 for null/list/object/1e400/deep nesting"},
)
def a_library_breaks_on_odd_issuers() -> None:
    """A rightly signed token whose issuer is no text is answered 500."""
    break_on(lambda claims: "iss" in claims and not isinstance(claims["iss"], str))


@variant(
    stays_green=(ADDRESS, ODD, REPEATED),
    never_fail_on={"tv-duplicate-claims-first-wins": "RFC allows reject or last-wins"},
)
def a_claim_may_stand_once() -> None:
    """A token with a claim twice is answered 400."""

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        try:
            payload = segment(authorization[0], 1)
        except (ValueError, IndexError):
            payload = b""
        if payload.count(b'"sub":') > 1:
            raise ApiError(400, "INVALID_REQUEST", "The token can't be used")
        found: User = original(services, authorization)
        return found

    wrap(identity, "_bearer", bearer)
