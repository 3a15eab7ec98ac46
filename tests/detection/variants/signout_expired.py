"""Sign-outs with an expired access token that are right."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import jwt
from fastapi import Request, Response

from reference_backend import auth, cookies, sessions, tokens
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices
from tests.detection.routes import serve
from tests.detection.variant_registry import variant

NO_TOKEN_NEEDED = "signout-needs-no-live-token"
DEAD = ("signout-ends-captured-session", "refresh-token-refused-after-signout")
NEVER = "so-needs-live-token"
BY_TOKEN = '[operations.sign_out]\ncredential = "token"\n'


@variant(
    stays_green=(NO_TOKEN_NEEDED, *DEAD),
    never_fail_on={NEVER: "401 together with a dead session"},
    profile=BY_TOKEN,
)
def sign_out_ends_the_session_of_an_expired_token() -> None:
    """Sign-out takes the session from the access token; with an expired one it ends it, and is answered 401."""
    decode = jwt.decode

    def sign_out(request: Request, response: Response, services: UseServices) -> dict[str, Any]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        cookies.clear(response, services.settings)
        with patch.object(jwt, "decode", _whatever_its_end(decode)):
            claims = tokens.verify(services.signer, services.settings, token)
        with services.database.begin() as db:
            sessions.revoke(db, claims.user_id, claims.session_id)
        try:
            tokens.verify(services.signer, services.settings, token)
        except tokens.InvalidTokenError:
            raise ApiError(401, "UNAUTHORIZED", "Unauthorized") from None
        return {"success": True}

    serve(auth.router, "sign_out", sign_out)


def _whatever_its_end(decode: Any) -> Any:
    def lenient(*arguments: Any, options: dict[str, Any], **named: Any) -> Any:
        return decode(*arguments, options={**options, "verify_exp": False}, **named)

    return lenient


@variant(
    stays_green=(NO_TOKEN_NEEDED, *DEAD),
    never_fail_on={NEVER: "deployments whose sign-out takes the cookie"},
    profile=BY_TOKEN,
)
def sign_out_takes_the_cookie_beside_a_token() -> None:
    """The app presents its access token at sign-out, and the deployment goes by the cookie alone."""
