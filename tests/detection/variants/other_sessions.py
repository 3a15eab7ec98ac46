"""Sign-ins and sign-outs that rightly do more, or less, to other sessions."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from reference_backend import auth, cookies
from reference_backend.errors import ApiError
from tests.detection.faults.other_sessions import (
    AS_DECLARED,
    ENDED,
    EVERY_DEVICE,
    end_every_device,
    keep_the_session_before,
)
from tests.detection.routes import wrap_route
from tests.detection.variant_registry import variant


@variant(
    stays_green=AS_DECLARED,
    never_fail_on={"so-ends-other-devices": "Both behaviours are legitimate"},
    profile=EVERY_DEVICE,
)
def sign_out_ends_every_session_as_declared() -> None:
    """Sign-out ends all sessions of the user, as declared."""
    end_every_device()


@variant(
    stays_green=AS_DECLARED,
    never_fail_on={"se-previous-session-survives-reauth": "keeps it alive: SHOULD only"},
    warns={ENDED: "a copy of that one still signs in"},
)
def a_sign_in_ends_no_session() -> None:
    """A sign-in where a session is live begins another one, beside it."""
    keep_the_session_before()


@variant(not_applicable={ENDED: "Where a session is live signing in is refused"})
def whoever_is_signed_in_is_refused_to_sign_in() -> None:
    """A sign-in where a session is live is refused."""

    def sign_in(original: Any, *arguments: Any, request: Request, response: Response, **named: Any) -> Any:
        if cookies.read(request, request.app.state.settings):
            raise ApiError(409, "SIGNED_IN", "Sign out first")
        return original(*arguments, request=request, response=response, **named)

    wrap_route(auth.router, "sign_in", sign_in)
