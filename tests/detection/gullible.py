"""Token verification as careless code does it: reading what a token says before, or instead of, verifying it."""

from __future__ import annotations

import base64
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


def claims_of(token: str) -> dict[str, Any]:
    """A token's claims; empty where there are none that can be read."""
    try:
        claims = json.loads(segment(token, 1))
    except (ValueError, IndexError):
        return {}
    return claims if isinstance(claims, dict) else {}


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
        right = signature_of(signed, str(signer.private).encode())
        return verify(signer, settings, f"{signed}.{right}" if good(given, right) else token)

    wrap(tokens, "verify", verify)


def also_keyed(keys: Callable[[dict[str, Any]], list[bytes]]) -> None:
    """Accept what is signed by one of the keys that ``keys(header)`` gives, besides what is signed rightly."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        if any(is_signed(token, key) for key in keys(header_of(token))):
            return unverified(token)
        return verify(signer, settings, token)

    wrap(tokens, "verify", verify)


def believe_signed(when: Callable[[dict[str, Any], dict[str, Any]], bool]) -> None:
    """Take a rightly signed token's claims as they stand where ``when(header, claims)`` says so."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        if is_signed(token, str(signer.private).encode()) and when(header_of(token), claims_of(token)):
            return unverified(token)
        return verify(signer, settings, token)

    wrap(tokens, "verify", verify)


def is_signed(token: str, key: bytes) -> bool:
    """Whether a shared secret has signed a token, by HMAC of the size that its header names."""
    size = {"HS384": "sha384", "HS512": "sha512"}.get(str(header_of(token).get("alg")).upper(), "sha256")
    signed, _, given = token.rpartition(".")
    return given == signature_of(signed, key, size)


def signature_of(signed: str, key: bytes, size: str = "sha256") -> str:
    """The signature of header and claims by HMAC, as a segment."""
    return base64.urlsafe_b64encode(hmac.digest(key, signed.encode(), size)).rstrip(b"=").decode()


def remember_signatures(when: Callable[[str], bool] = lambda _: True) -> None:
    """Take a token's claims as they stand under a signature that was seen before, where ``when`` says so."""
    seen: set[str] = set()

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        signature = token.rpartition(".")[2]
        if signature in seen and when(token):
            return unverified(token)
        claims = verify(signer, settings, token)
        seen.add(signature)
        return claims

    wrap(tokens, "verify", verify)
