"""The session cookie: `<token>.<HMAC of the token>`.

A made-up value never reaches the database.
"""

import base64
import hashlib
import hmac

from fastapi import Request, Response
from starlette.requests import cookie_parser

from reference_backend.settings import Settings


def name(settings: Settings) -> str:
    """Return the cookie's name.

    On https the prefix binds it to this host (RFC 6265bis section 4.1.3.2).
    """
    return "__Host-auth.session_token" if settings.https else "auth.session_token"


def write(response: Response, settings: Settings, token: str, max_age: int | None) -> None:
    """Set the session cookie.

    `max_age` is seconds; None makes it end with the browser.
    """
    _set(response, settings, f"{token}.{_signature(settings, token)}", max_age)


def clear(response: Response, settings: Settings) -> None:
    """Delete the session cookie, with the attributes it was set with."""
    _set(response, settings, "", 0)


def read(request: Request, settings: Settings) -> str | None:
    """Return the token of a session cookie that we signed, or None.

    Two session cookies of different value are none: one of them was planted, and we can't tell which.
    """
    values = presented(request, settings)
    if len(values) != 1:
        return None
    token, _, signature = values.pop().partition(".")
    expected = _signature(settings, token)
    return token if hmac.compare_digest(signature.encode(), expected.encode()) else None


def presented(request: Request, settings: Settings) -> set[str]:
    """Return the values of all session cookies in the request."""
    return values(request, name(settings))


def values(request: Request, cookie: str) -> set[str]:
    """Return the values of all cookies of that name in the request."""
    pairs = [part for line in request.headers.getlist("cookie") for part in line.split(";")]
    jars = [cookie_parser(pair) for pair in pairs]
    return {value for jar in jars if (value := jar.get(cookie)) is not None}


def _set(response: Response, settings: Settings, value: str, max_age: int | None) -> None:
    response.set_cookie(
        name(settings), value, max_age=max_age, path="/", secure=settings.https, httponly=True, samesite="lax"
    )


def _signature(settings: Settings, token: str) -> str:
    mac = hmac.new(settings.secret.encode(), token.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
