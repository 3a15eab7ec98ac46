"""Who sends a request: the subject of its Bearer JWT."""

from functools import cache
from typing import Annotated, Any

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.settings import settings

_bearer = HTTPBearer()


@cache
def _published_keys() -> jwt.PyJWKClient:
    return jwt.PyJWKClient(f"{settings.auth_url}/api/auth/jwks", timeout=5)


def _decode_shared_secret(token: str) -> dict[str, Any]:
    return jwt.decode(token, settings.better_auth_secret, algorithms=["HS256"])


def _decode_published_key(token: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        _published_keys().get_signing_key_from_jwt(token),
        algorithms=["EdDSA"],  # what the jwt plugin signs with by default
        issuer=settings.auth_url,
        audience=settings.auth_url,
        options={"require": ["exp", "iss", "aud", "sub"]},
    )


_decode = _decode_published_key if settings.mode == "corrected" else _decode_shared_secret


def _unauthorized(detail: str) -> HTTPException:
    return HTTPException(status.HTTP_401_UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})


def current_user_id(credentials: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)]) -> str:
    """Return the ``sub`` of the request's JWT; 401 for a bad one, 503 when the keys can't be fetched."""
    try:
        claims = _decode(credentials.credentials)
    except jwt.PyJWKClientConnectionError as error:
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "The authentication server's keys are not available."
        ) from error
    except jwt.PyJWTError as error:
        raise _unauthorized(f"Token validation failed: {error}") from error
    user_id = claims.get("sub")
    if not user_id or not claims.get("email"):
        raise _unauthorized("Invalid token payload")
    return str(user_id)


UserId = Annotated[str, Depends(current_user_id)]
