"""Forged access tokens: a really issued one with one thing changed (RFC 8725, RFC 7515).

Every forgery starts from a token that the deployment accepts and keeps each header and claim but the one it
is about, so that nothing else can be the reason why it is refused.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from jwt.algorithms import get_default_algorithms

from harness.evidence.redaction import register
from harness.verdict import NotApplicable, NotTested

Json = dict[str, Any]
HMAC_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
"""The hash of each algorithm that signs with a shared secret (RFC 7518 section 3.2)."""


def encode_segment(content: bytes) -> str:
    """base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode_segment(segment: str) -> bytes:
    """The content of a base64url segment; raises ValueError for what is none."""
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


@dataclass(frozen=True)
class Jwt:
    """A compact JWS taken apart; ``signature`` is the third segment as it stood."""

    header: Json
    claims: Json
    signature: str
    _segments: tuple[str, str] = field(default=("", ""), repr=False)

    @classmethod
    def parse(cls, token: str) -> Jwt:
        """Take a token apart. Raises NotTested when it isn't a JWS of three segments with JSON inside."""
        parts = token.split(".")
        try:
            head, payload, signature = parts
            header, claims = json.loads(decode_segment(head)), json.loads(decode_segment(payload))
        except ValueError as error:
            raise NotTested(
                "the access token is not a JWT of three segments although the profile declares one.",
                'Declare credentials.token with kind = "opaque", or hand the JWT to the suite.',
            ) from error
        return cls(header, claims, signature, (head, payload))

    @property
    def algorithm(self) -> str:
        """The ``alg`` header."""
        return str(self.header.get("alg", ""))

    @property
    def symmetric(self) -> bool:
        """Whether it is signed with a shared secret."""
        return self.algorithm.startswith("HS")

    @property
    def lifetime(self) -> float | None:
        """Seconds from ``iat`` to ``exp``; None when one of them is missing."""
        try:
            return float(self.claims["exp"]) - float(self.claims["iat"])
        except (KeyError, TypeError, ValueError):
            return None

    def signing_input(self) -> str:
        """Header and payload as segments; those that came are kept to the byte."""
        if self._segments[0]:
            return ".".join(self._segments)
        return f"{_json_segment(self.header)}.{_json_segment(self.claims)}"

    def with_header(self, **changes: object) -> Jwt:
        """The same with header fields set, or removed where None."""
        return replace(self, header=_changed(self.header, changes), _segments=("", ""))

    def with_claims(self, **changes: object) -> Jwt:
        """The same with claims set, or removed where None."""
        return replace(self, claims=_changed(self.claims, changes), _segments=("", ""))

    def compact(self, signature: str | None = None) -> str:
        """The token as text, under its old signature or the given one."""
        token = f"{self.signing_input()}.{self.signature if signature is None else signature}"
        return register(token, "forged token")

    def signed(self, key: Any, algorithm: str | None = None) -> str:  # noqa: ANN401 - key types differ by algorithm
        """The token signed anew, by HMAC with bytes as the secret; ``algorithm`` defaults to the header's."""
        name = algorithm or self.algorithm
        signing_input = self.signing_input().encode()
        if name in HMAC_HASHES:
            # Not by the library: it refuses PEM text as an HMAC secret, and that is one of the attacks.
            signature = hmac.digest(key, signing_input, HMAC_HASHES[name])
        else:
            signature = get_default_algorithms()[name].sign(signing_input, key)
        return self.compact(encode_segment(signature))


def _json_segment(content: Json) -> str:
    return encode_segment(json.dumps(content, separators=(",", ":")).encode())


def _changed(content: Json, changes: Json) -> Json:
    merged = {**content, **changes}
    return {key: value for key, value in merged.items() if value is not None}


@dataclass(frozen=True)
class Forge:
    """What a forger starts from: an accepted token, and the published keys where there are any."""

    token: Jwt
    jwks: list[Json] = field(default_factory=list)

    def forge(self, kind: str) -> list[str]:
        """The forgeries of one kind, each a token that must be refused. Raises KeyError for an unknown kind."""
        return FORGERIES[kind](self)


def _unsigned(token: Jwt, algorithm: str) -> list[str]:
    bare = token.with_header(alg=algorithm)
    return [bare.compact(""), register(bare.signing_input(), "forged token")]


def _none_with(algorithm: str) -> Callable[[Forge], list[str]]:
    return lambda forge: _unsigned(forge.token, algorithm)


def _empty_signature(forge: Forge) -> list[str]:
    return [forge.token.compact("")]


def _no_signature(forge: Forge) -> list[str]:
    return [register(forge.token.signing_input(), "forged token")]


def _claims_under_old_signature(forge: Forge) -> list[str]:
    return [forge.token.with_claims(conformance="changed").compact()]


def _header_under_old_signature(forge: Forge) -> list[str]:
    return [forge.token.with_header(conformance="changed").compact()]


def _damaged_signature(forge: Forge) -> list[str]:
    signature = forge.token.signature
    # The first character: the last one may hold bits that no decoder looks at.
    return [forge.token.compact(("A" if signature[0] != "A" else "B") + signature[1:])]


def _foreign_key(forge: Forge) -> list[str]:
    token = forge.token
    if token.symmetric:
        return [token.signed(secrets.token_bytes(48))]
    return [token.signed(_fresh_key(token))]


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
    token = forge.token.with_header(kid="no-such-key")
    return [token.signed(secrets.token_bytes(48) if token.symmetric else _fresh_key(token))]


def _public_key_as_secret(forge: Forge) -> list[str]:
    if not forge.jwks:
        raise NotApplicable("The deployment publishes no key, so none can be abused as an HMAC secret.")
    published = next((key for key in forge.jwks if key.get("kid") == forge.token.header.get("kid")), forge.jwks[0])
    forged = []
    for secret in key_encodings(published):
        confused = forge.token.with_header(alg="HS256")
        forged.append(confused.signed(secret))
        forged.append(confused.with_header(kid=None).signed(secret))
    return forged


def key_encodings(key: Json) -> Iterator[bytes]:
    """Each form in which verifiers have been seen to use a public key as an HMAC secret."""
    public: Any = jwt.PyJWK.from_dict(key, key.get("alg")).key
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
    "signed by HMAC with the public key as the secret": _public_key_as_secret,
}
"""Every way of forging, by the words that feature files use for it."""


def guessed_secret(token: Jwt, placeholders: Sequence[str] = ()) -> str | None:
    """The well-known secret that signed this token, found off-line; None when none of them did.

    The words are placeholders from documentation and guessing lists (jwt_tool's, PortSwigger's), the empty
    secret, and the profile's own ``placeholders``.
    """
    listed = files("harness").joinpath("well_known_secrets.txt").read_text("utf-8").splitlines()
    signing_input = token.signing_input().encode()
    for candidate in ("", *placeholders, *listed):
        signature = encode_segment(hmac.digest(candidate.encode(), signing_input, HMAC_HASHES[token.algorithm]))
        if hmac.compare_digest(signature, token.signature):
            return candidate
    return None


def malformed(token: Jwt) -> dict[str, bytes]:
    """Odd bearer values that no issuer ever made, by the words that feature files use for them."""
    head, payload = token.signing_input().split(".")
    rest = f".{payload}.{token.signature}"

    def header(content: object) -> bytes:
        return (encode_segment(json.dumps(content).encode()) + rest).encode()

    def claims(content: bytes) -> bytes:
        return f"{head}.{encode_segment(content)}.{token.signature}".encode()

    return {
        "empty": b"",
        "one letter": b"x",
        "one dot": b".",
        "two dots": b"..",
        "two words": b"a.b",
        "three words": b"a.b.c",
        "five words": b"a.b.c.d.e",
        "bad base64": b"!!!" + rest.encode(),
        "a header that is a list": header([]),
        "a header that is a number": header(1),
        "a header that is null": header(None),
        "a header that is text": header("x"),
        "a header that is not JSON": (encode_segment(b"not json") + rest).encode(),
        "claims that are a list": claims(b"[]"),
        "claims that are text": claims(b'"x"'),
        "claims that are null": claims(b"null"),
        "claims in bad UTF-8": claims(b'{"sub":"\xff\xfe"}'),
        "no algorithm": header({key: value for key, value in token.header.items() if key != "alg"}),
        "an algorithm that is null": header({**token.header, "alg": None}),
        "an algorithm that is a number": header({**token.header, "alg": 1}),
        "an algorithm that is a list": header({**token.header, "alg": ["HS256"]}),
        "a key id that is a number": header({**token.header, "kid": 1}),
        "a key id that is an object": header({**token.header, "kid": {}}),
        "a key id that is a path": header({**token.header, "kid": "../x"}),
        "bytes beyond ASCII": b"\xe9\xe8\xff",
        "a NUL byte": b"a\x00b",
        "eight kilobytes": b"x" * 8192,
    }
