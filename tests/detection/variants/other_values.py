"""Values besides the access token, with rights of their own."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from reference_backend import cookies
from reference_backend.settings import Settings
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant


@variant(
    stays_green=("token-no-other-value-is-taken", "session-names-its-owner"),
    never_fail_on={
        "tv-other-token-accepted-as-access-token": "bearer plugin makes the opaque session token a valid bearer"
    },
)
def the_session_token_is_a_bearer_at_the_session_routes() -> None:
    """The routes of sessions take the session's token as a bearer too; the tasks do not."""

    def read(original: Any, request: Request, settings: Settings) -> str | None:
        found: str | None = original(request, settings)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return found if found is not None or scheme.lower() != "bearer" else token.partition(".")[0]

    wrap(cookies, "read", read)
