"""Devices that have signed in to an account.

Others who guess its password can't lock them out.

A cookie that outlives sign-out, `<random>.<HMAC of it and the account's address>`. It opens nothing.
"""

import hashlib
import hmac

from fastapi import Request, Response

from reference_backend import cookies
from reference_backend.models import new_id
from reference_backend.settings import Settings

MAX_AGE = 180 * 86_400


def name(settings: Settings) -> str:
    """Return the cookie's name, prefixed as the session's."""
    return "__Host-auth.device" if settings.https else "auth.device"


def known(request: Request, settings: Settings, email: str) -> str | None:
    """Return the device that the request comes from, or None.

    It counts only if it has signed in to that account before.
    """
    for value in cookies.values(request, name(settings)):
        device, _, signature = value.partition(".")
        if hmac.compare_digest(signature.encode(), _signature(settings, device, email).encode()):
            return device
    return None


def remember(request: Request, response: Response, settings: Settings, email: str) -> None:
    """Make the device one that has signed in to that account."""
    if known(request, settings, email) is not None:
        return
    device = new_id()
    value = f"{device}.{_signature(settings, device, email)}"
    response.set_cookie(
        name(settings), value, MAX_AGE, path="/", secure=settings.https, httponly=True, samesite="lax"
    )


def _signature(settings: Settings, device: str, email: str) -> str:
    # With the purpose in it, so that no signature of the session cookie can stand here.
    message = f"device\0{device}\0{email}".encode()
    return hmac.new(settings.secret.encode(), message, hashlib.sha256).hexdigest()
