"""Forged tokens that are encrypted to a published key (RFC 7516).

Everybody can do that. A library that takes encrypted tokens in place of signed ones, with the key
pair of the same issuer, believes what it could decrypt.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from jwt.algorithms import ECAlgorithm

from harness.core.errors import Absent
from harness.core.provenance import Unrepeatable, made
from harness.core.redaction import register
from harness.tokens.jws import Json, Jwt, encode_segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENCRYPTION = "A256GCM"
_KEY_BYTES = 32
_WHY = "It takes a token that is encrypted, which the script has no means to make."


def to_public_key(token: Jwt, keys: Sequence[Json]) -> list[str]:
    """Encrypted to each published key, and with it as a shared one.

    Raises Absent where no published key can encrypt.
    """
    if not keys:
        raise Absent("The deployment publishes no key that a token could be encrypted to.")
    forged = [one for key in keys for one in _to(token, key)]
    if not forged:
        kinds = ", ".join(dict.fromkeys(str(key.get("crv", key.get("kty"))) for key in keys))
        raise Absent(f"No published key can encrypt a token: that takes one for RSA or on a NIST curve ({kinds}).")
    return forged


def _to(token: Jwt, key: Json) -> Iterator[str]:
    try:
        public = jwt.PyJWK.from_dict(key, "RS256" if key.get("kty") == "RSA" else None).key
    except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, AttributeError):
        return  # of a kind that isn't known here, or none at all
    if hasattr(public, "public_key"):
        public = public.public_key()
    kid = key.get("kid")
    if isinstance(public, rsa.RSAPublicKey):
        for name, hashing in (("RSA-OAEP-256", hashes.SHA256()), ("RSA-OAEP", hashes.SHA1())):  # noqa: S303 - its name
            content = secrets.token_bytes(_KEY_BYTES)
            oaep = padding.OAEP(padding.MGF1(hashing), hashing, None)
            yield _sealed(token, {"alg": name, "kid": kid}, content, public.encrypt(content, oaep))
    if isinstance(public, ec.EllipticCurvePublicKey):
        ephemeral = ec.generate_private_key(public.curve)
        agreed = derived(ephemeral.exchange(ec.ECDH(), public))
        epk = ECAlgorithm.to_jwk(ephemeral.public_key(), as_dict=True)
        yield _sealed(token, {"alg": "ECDH-ES", "kid": kid, "epk": epk}, agreed)
        abscissa = public.public_numbers().x.to_bytes((public.curve.key_size + 7) // 8)
        if len(abscissa) == _KEY_BYTES:
            yield _sealed(token, {"alg": "dir", "kid": kid}, abscissa)


def derived(
    shared: bytes, algorithm: str = _ENCRYPTION, bits: int = 256, apu: bytes = b"", apv: bytes = b""
) -> bytes:
    """The key of direct key agreement (RFC 7518 section 4.6.2)."""
    pieces = (algorithm.encode(), apu, apv)
    other = b"".join(len(piece).to_bytes(4) + piece for piece in pieces) + bits.to_bytes(4)
    return ConcatKDFHash(hashes.SHA256(), bits // 8, other).derive(shared)


def _sealed(token: Jwt, header: Json, content_key: bytes, encrypted_key: bytes = b"") -> str:
    """The claims of a token as a JWE in compact serialization."""
    given = {
        name: value for name, value in {**header, "enc": _ENCRYPTION, "typ": "JWT"}.items() if value is not None
    }
    head = encode_segment(json.dumps(given, separators=(",", ":")).encode())
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(content_key).encrypt(nonce, token.payload(), head.encode())
    segments = (head, *map(encode_segment, (encrypted_key, nonce, sealed[:-16], sealed[-16:])))
    return register(made("forged token", Unrepeatable(".".join(segments), _WHY)), "forged token")
