"""Sign-out behind an access token that may have expired."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from reference_backend import auth, cookies, sessions, tokens
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices
from tests.detection.registry import fault
from tests.detection.routes import serve

NEEDS_TOKEN = "so-needs-live-token"
NO_TOKEN_NEEDED = "signout-needs-no-live-token"
BY_TOKEN = '[operations.sign_out]\ncredential = "token"\n'


def _behind_token(status: int) -> None:
    """Have sign-out end the session that the access token names, and nothing where that has expired."""

    def sign_out(request: Request, response: Response, services: UseServices) -> dict[str, Any]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        cookies.clear(response, services.settings)
        try:
            claims = tokens.verify(services.signer, services.settings, token)
        except tokens.InvalidTokenError:
            if status < 400:
                return {"success": True}
            raise ApiError(status, "UNAUTHORIZED", "Unauthorized") from None
        with services.database.begin() as db:
            sessions.revoke(db, claims.user_id, claims.session_id)
        return {"success": True}

    serve(auth.router, "sign_out", sign_out)


@fault(
    defect=NEEDS_TOKEN,
    caught_by=NO_TOKEN_NEEDED,
    says="expired access token ends .*; but it was answered 401 .*lives the session's cookie and the refresh",
    profile=BY_TOKEN,
)
def sign_out_stands_behind_the_access_token() -> None:
    """Sign-out is a route as any other: with an expired access token it is answered 401, and ends nothing."""
    _behind_token(401)


@fault(
    defect=NEEDS_TOKEN,
    caught_by=NO_TOKEN_NEEDED,
    says="answered 200 .*, and after it there lives the session's cookie and the refresh token",
    profile=BY_TOKEN,
)
def sign_out_with_an_expired_token_only_says_so() -> None:
    """Whoever has an expired access token is taken for signed out already, and answered 200."""
    _behind_token(200)
