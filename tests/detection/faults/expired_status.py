"""What the bearer of an expired token is answered."""

from __future__ import annotations

import functools
import time
from typing import Any

from reference_backend import identity
from reference_backend.errors import ApiError
from reference_backend.models import User
from tests.detection.gullible import claims_of
from tests.detection.registry import fault
from tests.detection.seams import wrap

ANSWERED = "token-expired-is-answered-401"

wrong = functools.partial(fault, defect="ex-expired-token-wrong-status", caught_by=ANSWERED, level="should")


def answer_expired(refusal: ApiError) -> None:
    """Answer an expired token so."""

    def bearer(original: Any, services: identity.Services, authorization: list[str]) -> User:
        claims = claims_of(authorization[0].removeprefix("Bearer "))
        if isinstance(claims.get("exp"), int) and claims["exp"] < time.time():
            raise refusal
        found: User = original(services, authorization)
        return found

    wrap(identity, "_bearer", bearer)


@wrong(says="Ann's token after its end is answered 401, or as .*; but it was answered 400")
def an_expired_token_is_a_bad_request() -> None:
    """Whatever the library raises is a 400."""
    answer_expired(ApiError(400, "INVALID_REQUEST", "Token expired"))


@wrong(says="Ann's token after its end is answered 401, or as .*; but it was answered 403")
def an_expired_token_is_forbidden() -> None:
    """An expired token is answered 403, and the profile doesn't say so: clients never renew it."""
    answer_expired(ApiError(403, "FORBIDDEN", "Token expired"))
