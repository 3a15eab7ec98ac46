"""Who sends a request: the subject of a JWT that the Better Auth server signed."""

from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.settings import settings

_ALGORITHM = "EdDSA"  # what the jwt plugin signs with by default
_keys = jwt.PyJWKClient(f"{settings.auth_url}/api/auth/jwks", timeout=5)
_bearer = HTTPBearer()


def current_user_id(credentials: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)]) -> str:
    """Return the ``sub`` of the request's JWT; 401 for a bad one, 503 when the keys can't be fetched."""
    try:
        claims = jwt.decode(
            credentials.credentials,
            _keys.get_signing_key_from_jwt(credentials.credentials),
            algorithms=[_ALGORITHM],
            issuer=settings.auth_url,
            audience=settings.auth_url,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "The authentication server's keys are not available."
        ) from error
    except jwt.PyJWTError as error:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "Could not validate credentials",
            headers={"WWW-Authenticate": "Bearer"},
        ) from error
    user_id: str = claims["sub"]
    return user_id


UserId = Annotated[str, Depends(current_user_id)]
