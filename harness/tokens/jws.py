"""A JSON Web Token in compact form (RFC 7519, RFC 7515), taken apart and signed again."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass, field, replace
from typing import Any

from jwt.algorithms import get_default_algorithms

from harness.core.findings import NotTested
from harness.core.redaction import register

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
