"""Forged tokens that bring the key that signed them.

A verifier that takes the key from the token's own header (RFC 7515 sections 4.1.3 and 4.1.6) believes everybody.
"""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from harness.tokens.jws import Jwt, encode_segment

if TYPE_CHECKING:
    from collections.abc import Iterator

_A_DAY = timedelta(days=1)


def key_pairs(token: Jwt) -> list[str]:
    """With a public key in `jwk`, of each kind.

    Under the token's own key id and without one.
    """
    made = []
    for algorithm, private, public in pairs():
        for kid in _key_ids(token):
            jwk = public | ({"kid": kid} if kid else {})
            made.append(token.with_header(alg=algorithm, jwk=jwk, kid=kid).signed(private))
    return made


def secret(token: Jwt) -> list[str]:
    """With a symmetric key in `jwk`."""
    key = secrets.token_bytes(48)
    jwk = {"kty": "oct", "k": encode_segment(key)}
    algorithm = token.algorithm if token.symmetric else "HS256"
    return [token.with_header(alg=algorithm, jwk=jwk, kid=kid).signed(key) for kid in _key_ids(token)]


def certificate(token: Jwt) -> list[str]:
    """With a certificate in `x5c` that its own key has signed."""
    made = []
    for algorithm, private in certified():
        chain = [base64.b64encode(self_signed(private)).decode()]
        made.append(token.with_header(alg=algorithm, x5c=chain).signed(private))
    return made


def _key_ids(token: Jwt) -> list[str | None]:
    own = token.header.get("kid")
    return [own, None] if isinstance(own, str) else [None]


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _ec() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pairs() -> Iterator[tuple[str, object, dict[str, Any]]]:
    """An algorithm, a private key, and the public one as a JWK."""
    for_rsa, for_ec, for_ed = _rsa(), _ec(), ed25519.Ed25519PrivateKey.generate()
    yield "RS256", for_rsa, RSAAlgorithm.to_jwk(for_rsa.public_key(), as_dict=True)
    yield "ES256", for_ec, ECAlgorithm.to_jwk(for_ec.public_key(), as_dict=True)
    yield "EdDSA", for_ed, OKPAlgorithm.to_jwk(for_ed.public_key(), as_dict=True)


def certified() -> list[tuple[str, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]]:
    """New keys that a certificate may be of, each with its algorithm."""
    return [("RS256", _rsa()), ("ES256", _ec())]


def self_signed(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """A certificate that its own key has signed, as DER."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "auth-conformance")])
    today = datetime.now(UTC)
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - _A_DAY)
        .not_valid_after(today + _A_DAY)
    )
    return unsigned.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
