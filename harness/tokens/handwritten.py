"""Rightly signed tokens whose claims no library would write.

Whoever holds the secret can send them: another service, or an issuer with a fault of its own.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING

from harness.core.provenance import Unrepeatable, made
from harness.core.redaction import register
from harness.tokens.jws import HMAC_HASHES, encode_segment

if TYPE_CHECKING:
    from harness.tokens.jws import Jwt

_NO_SCRIPT = "It takes a token whose claims are written by hand, which the script has no means to sign."
_DEPTH = 3000

TIMES = ("exp", "nbf", "iat")
TEXTS = ("sub", "aud", "iss", "jti", "email")

ODD_CLAIMS: dict[str, tuple[tuple[str, ...], str]] = {
    "null for a claim": ((*TEXTS, *TIMES), "null"),
    "a list for a claim": ((*TEXTS, *TIMES), "[]"),
    "an object for a claim": ((*TEXTS, *TIMES), "{}"),
    "a number for a text": (TEXTS, "1"),
    "a number without end for a time": (TIMES, "1e400"),
    "a claim nested 3000 deep": (("conformance",), "[" * _DEPTH + "]" * _DEPTH),
}
"""The claims of each kind, and what stands in place of each of them, as JSON."""


def with_claim(token: Jwt, secret: bytes, claim: str, written: str) -> str:
    """The token with one claim as it is written."""
    members = {name: json.dumps(value) for name, value in token.claims.items()} | {claim: written}
    return _signed(token, secret, [*members.items()])


def with_first(token: Jwt, secret: bytes, claim: str, value: object) -> str:
    """The token with a claim twice: first with another value."""
    own = [(name, json.dumps(one)) for name, one in token.claims.items() if name != claim]
    return _signed(token, secret, [(claim, json.dumps(value)), *own, (claim, json.dumps(token.claims[claim]))])


def _signed(token: Jwt, secret: bytes, members: list[tuple[str, str]]) -> str:
    payload = "{" + ",".join(f"{json.dumps(name)}:{written}" for name, written in members) + "}"
    unsigned = f"{token.signing_input().partition('.')[0]}.{encode_segment(payload.encode())}"
    signature = encode_segment(hmac.digest(secret, unsigned.encode(), HMAC_HASHES[token.algorithm]))
    return register(made("odd token", Unrepeatable(f"{unsigned}.{signature}", _NO_SCRIPT)), "forged token")
