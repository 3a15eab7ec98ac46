"""Forged tokens that say where to fetch their key.

A verifier that follows `jku` or `x5u` (RFC 7515 sections 4.1.2 and 4.1.5) believes everybody, and asks wherever it
is sent.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from harness.tokens.brought import certified, pairs, self_signed

if TYPE_CHECKING:
    from harness.tokens.jws import Jwt

_KEY_ID = "conformance-1"

AddressOf = Callable[[str], str]
"""The address of a path."""


@dataclass(frozen=True)
class Fetched:
    """A token, and what is served at the path that it names."""

    token: str
    path: str
    content: bytes
    kind: str


def by_jku(token: Jwt, address_of: AddressOf) -> list[Fetched]:
    """With a set of one key in `jku`, of each kind."""
    own = token.header.get("kid")
    kid = own if isinstance(own, str) else _KEY_ID
    made = []
    for algorithm, private, public in pairs():
        path = f"/{secrets.token_hex(8)}/jwks.json"
        keys = json.dumps({"keys": [{**public, "kid": kid, "alg": algorithm, "use": "sig"}]})
        forged = token.with_header(alg=algorithm, kid=kid, jku=address_of(path)).signed(private)
        made.append(Fetched(forged, path, keys.encode(), "application/jwk-set+json"))
    return made


def by_x5u(token: Jwt, address_of: AddressOf) -> list[Fetched]:
    """With a certificate in `x5u` that its own key has signed."""
    made = []
    for algorithm, private in certified():
        path = f"/{secrets.token_hex(8)}/certificate.pem"
        chain = x509.load_der_x509_certificate(self_signed(private)).public_bytes(Encoding.PEM)
        forged = token.with_header(alg=algorithm, x5u=address_of(path)).signed(private)
        made.append(Fetched(forged, path, chain, "application/pem-certificate-chain"))
    return made
