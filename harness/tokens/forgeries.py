"""Forged access tokens: an issued one with one thing changed.

Every forgery starts from a token that the deployment accepts and keeps each header and claim but the one it
is about, so that nothing else can be the reason why it is refused.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from harness.core.errors import Absent
from harness.core.provenance import damaged
from harness.tokens import brought, encrypted, psychic, serializations
from harness.tokens.jws import Cut, Json, Jwt, Key, decode_segment

_EMPTY_FILES = ("../../../../../../dev/null", "/dev/null", "..\\..\\..\\nul")
_QUERIED = b"aaaaaaaa"
_QUERIES = tuple(f"x' UNION SELECT '{_QUERIED.decode()}'{end}" for end in ("-- ", "#", " WHERE '1'='1"))
"""What ends a query for a key and asks for another: with a comment, as MySQL has it, and without one."""


@dataclass(frozen=True)
class Forge:
    """What forgeries are made of: an accepted token, and published keys."""

    token: Jwt
    jwks: list[Json] = field(default_factory=list)

    def forge(self, kind: str) -> list[str]:
        """The forgeries of one kind, each to be refused.

        Raises KeyError for an unknown kind.
        """
        return FORGERIES[kind](self)


def _unsigned(token: Jwt, algorithm: str) -> list[str]:
    bare = token.with_header(alg=algorithm)
    return [bare.compact("", "empty"), bare.unsigned()]


def _none_with(algorithm: str) -> Callable[[Forge], list[str]]:
    return lambda forge: _unsigned(forge.token, algorithm)


def _empty_signature(forge: Forge) -> list[str]:
    return [forge.token.compact("", "empty")]


def _no_signature(forge: Forge) -> list[str]:
    return [forge.token.unsigned()]


def _claims_under_old_signature(forge: Forge) -> list[str]:
    return [forge.token.with_claims(conformance="changed").compact()]


def _header_under_old_signature(forge: Forge) -> list[str]:
    return [forge.token.with_header(conformance="changed").compact()]


def _damaged_signature(forge: Forge) -> list[str]:
    return [forge.token.compact(damaged(forge.token.signature), "damaged")]


def _beginning_of_signature(cut: Cut) -> Callable[[Forge], list[str]]:
    # Multiples of four: any other cut is no base64url, and dies in the decoder before anything is compared.
    length = int(cut.removeprefix("cut to "))
    return lambda forge: [forge.token.compact(forge.token.signature[:length], cut)]


def _none_under(signature: Callable[[Jwt], tuple[str, Key]]) -> Callable[[Forge], list[str]]:
    def make(forge: Forge) -> list[str]:
        token = forge.token.with_header(alg="none")
        return [token.compact(*signature(forge.token))]

    return make


def _hmac_of(token: Jwt) -> str:
    return token.algorithm if token.symmetric else "HS256"


def _keyed(key: bytes) -> Callable[[Forge], list[str]]:
    # HMAC fills a key up with zeros (RFC 2104), so an empty one is one of zeros as well.
    return lambda forge: [forge.token.with_header(alg=_hmac_of(forge.token)).signed(key)]


def _named(kids: tuple[str, ...], key: bytes) -> Callable[[Forge], list[str]]:
    """Tokens whose key id leads to a key that everybody knows."""
    return lambda forge: [forge.token.with_header(alg=_hmac_of(forge.token), kid=kid).signed(key) for kid in kids]


def _foreign_key(forge: Forge) -> list[str]:
    return [_signed_by_another(forge.token)]


def _signed_by_another(token: Jwt) -> str:
    return token.signed(secrets.token_bytes(48) if token.symmetric else _fresh_key(token))


def _fresh_key(token: Jwt) -> object:
    makers: dict[str, Callable[[], object]] = {
        "EdDSA": ed448.Ed448PrivateKey.generate
        if len(token.signature) > 100  # 64 bytes (Ed25519) are 86 characters, 114 (Ed448) are 152
        else ed25519.Ed25519PrivateKey.generate,
        "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "ES256K": lambda: ec.generate_private_key(ec.SECP256K1()),
        "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "ES512": lambda: ec.generate_private_key(ec.SECP521R1()),
    }
    maker = makers.get(token.algorithm, lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return maker()


def _unknown_algorithm(forge: Forge) -> list[str]:
    return [forge.token.with_header(alg="XX256").compact()]


def _unknown_key_id(forge: Forge) -> list[str]:
    return [_signed_by_another(forge.token.with_header(kid="no-such-key"))]


def _no_key_id(forge: Forge) -> list[str]:
    return [_signed_by_another(forge.token.with_header(kid=None))]


def _public_key_as_secret(forge: Forge) -> list[str]:
    if not forge.jwks:
        raise Absent("The deployment publishes no key, so none can be abused as an HMAC secret.")
    published = next((key for key in forge.jwks if key.get("kid") == forge.token.header.get("kid")), forge.jwks[0])
    forged = []
    for secret in key_encodings(published):
        confused = forge.token.with_header(alg="HS256")
        forged.append(confused.signed(secret))
        forged.append(confused.with_header(kid=None).signed(secret))
    if not forged:
        raise Absent("The published key is of an unknown kind, so it can't be abused as an HMAC secret.")
    return forged


def key_encodings(key: Json) -> Iterator[bytes]:
    """Each form in which verifiers use a public key as secret."""
    try:
        public: Any = jwt.PyJWK.from_dict(key, key.get("alg")).key
    except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError):
        return  # of a kind that isn't known here, or none at all
    if isinstance(public, bytes):
        return  # a shared secret that is published, which is no public key
    if hasattr(public, "public_key"):
        public = public.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    yield pem
    yield pem.rstrip(b"\n")
    yield public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if isinstance(public, rsa.RSAPublicKey):
        yield public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1)
    if not isinstance(public, ed448.Ed448PublicKey):
        yield public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    yield json.dumps(key, separators=(",", ":")).encode()
    yield json.dumps(key).encode()
    material = str(key.get("n") or key.get("x"))
    yield decode_segment(material)
    yield material.encode()


def _of(make: Callable[[Jwt], list[str]]) -> Callable[[Forge], list[str]]:
    return lambda forge: make(forge.token)


def _with_keys(make: Callable[[Jwt, list[Json]], list[str]]) -> Callable[[Forge], list[str]]:
    return lambda forge: make(forge.token, forge.jwks)


FORGERIES: dict[str, Callable[[Forge], list[str]]] = {
    'with the algorithm "none"': _none_with("none"),
    'with the algorithm "None"': _none_with("None"),
    'with the algorithm "NONE"': _none_with("NONE"),
    'with the algorithm "nOnE"': _none_with("nOnE"),
    'with the algorithm "NoNe"': _none_with("NoNe"),
    "with an empty signature": _empty_signature,
    "without a third segment": _no_signature,
    "with changed claims under the old signature": _claims_under_old_signature,
    "with a changed header under the old signature": _header_under_old_signature,
    "with a damaged signature": _damaged_signature,
    "signed with another key": _foreign_key,
    "with an unknown algorithm": _unknown_algorithm,
    "with an unknown key id and another key": _unknown_key_id,
    "without a key id and with another key": _no_key_id,
    "signed by HMAC with the public key as the secret": _public_key_as_secret,
    "with the first 4 characters of its signature": _beginning_of_signature("cut to 4"),
    "with the first 20 characters of its signature": _beginning_of_signature("cut to 20"),
    "with the first 40 characters of its signature": _beginning_of_signature("cut to 40"),
    'with the algorithm "none" over its old signature': _none_under(lambda token: (token.signature, "kept")),
    'with the algorithm "none" over a damaged signature': _none_under(
        lambda token: (damaged(token.signature), "damaged")
    ),
    "signed with an empty key": _keyed(b""),
    "with the path of an empty file as its key id": _named(_EMPTY_FILES, b""),
    "with a query for a key as its key id": _named(_QUERIES, _QUERIED),
    "with further segments": _of(serializations.further_segments),
    "in JSON, with other claims": _of(serializations.in_json),
    "signed with a key pair that its own header names": _of(brought.key_pairs),
    "signed with a secret that its own header names": _of(brought.secret),
    "signed with a certificate that its own header brings": _of(brought.certificate),
    "with an ECDSA signature of zeros": _with_keys(psychic.zeros),
    "with an ECDSA signature of the curve's order": _with_keys(psychic.orders),
    "encrypted with the published public key": _with_keys(encrypted.to_public_key),
}
"""Every way of forging, by the words that feature files use for it."""
