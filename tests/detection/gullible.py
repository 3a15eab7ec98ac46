"""Token verification as careless code does it: reading what a token says before, or instead of, verifying it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from reference_backend import tokens
from reference_backend.tokens import Claims, InvalidTokenError, Signer
from tests.detection.seams import wrap


def segment(token: str, position: int) -> bytes:
    """The bytes of a token's header (0), claims (1) or signature (2). Raises ValueError, IndexError."""
    text = token.split(".")[position]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(token: str) -> dict[str, Any]:
    """A token's header; empty where there is none that can be read."""
    try:
        header = json.loads(segment(token, 0))
    except (ValueError, IndexError):
        return {}
    return header if isinstance(header, dict) else {}


def unverified(token: str) -> Claims:
    """What a token claims. Raises InvalidTokenError where it claims nothing."""
    try:
        payload = json.loads(segment(token, 1))
        return Claims(payload["sub"], payload["sid"])
    except (ValueError, IndexError, KeyError, TypeError):
        raise InvalidTokenError from None


def believe(when: Callable[[str], bool]) -> None:
    """Take a token's claims as they stand where ``when`` says so; verify all others."""
    wrap(
        tokens,
        "verify",
        lambda verify, signer, settings, token: (
            unverified(token) if when(token) else verify(signer, settings, token)
        ),
    )


def accept_signature(good: Callable[[str, str], bool]) -> None:
    """Let ``good(given, right)`` say whether a signature will do, both of them as text."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        signed, _, given = token.rpartition(".")
        mac = hmac.digest(str(signer.private).encode(), signed.encode(), hashlib.sha256)
        right = base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
        return verify(signer, settings, f"{signed}.{right}" if good(given, right) else token)

    wrap(tokens, "verify", verify)
