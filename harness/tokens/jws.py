"""A JSON Web Token in compact form (RFC 7519, RFC 7515)."""

from __future__ import annotations

import base64
import hmac
import json
import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from jwt.algorithms import get_default_algorithms

from harness.core.errors import Misfit
from harness.core.provenance import made
from harness.core.redaction import register

Json = dict[str, Any]

Cut = Literal["cut to 4", "cut to 20", "cut to 40"]


@dataclass(frozen=True)
class Written:
    """A signature that is none, and the same for every token."""

    segment: str


Key = Literal["kept", "empty", "absent", "damaged", "key pair"] | Cut | Written | bytes
"""Where a forged token's signature is from; bytes are a secret for HMAC."""

HMAC_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
"""The hash of each algorithm that signs with a shared secret (RFC 7518 section 3.2)."""


def encode_segment(content: bytes) -> str:
    """base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode_segment(segment: str) -> bytes:
    """The content of a base64url segment; raises ValueError for what is none."""
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


class NotAJwt(Misfit):
    """What should be a JWT is none.

    A JWT is a JWS of three segments with JSON objects inside.
    """

    def __init__(self) -> None:
        super().__init__(
            "the access token is not a JWT of three segments although the profile declares one.",
            'Declare credentials.token with kind = "opaque", or hand the JWT to the suite.',
        )


@dataclass(frozen=True)
class Forged:
    """A token made of another one (`harness.core.provenance`).

    ``header`` and ``claims`` are what was set.

    What was left out is None.
    """

    text: str
    of: str
    header: Json
    claims: Json
    key: Key


@dataclass(frozen=True)
class Jwt:
    """A compact JWS taken apart.

    ``signature`` is the third segment as it stood.
    """

    header: Json
    claims: Json
    signature: str
    _segments: tuple[str, str] = field(default=("", ""), repr=False)
    _issued: Jwt | None = field(default=None, repr=False, compare=False)
    """What it was before anything was changed."""

    @classmethod
    def parse(cls, token: str) -> Jwt:
        """Take a token apart. Raises NotAJwt when it is none."""
        parts = token.split(".")
        try:
            head, payload, signature = parts
            header, claims = json.loads(decode_segment(head)), json.loads(decode_segment(payload))
        except (ValueError, RecursionError) as error:
            raise NotAJwt from error
        if not (isinstance(header, dict) and isinstance(claims, dict)):
            raise NotAJwt
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
    def ends(self) -> float:
        """When it ends (Unix time), by ``exp``; infinity without a number there."""
        end = self.moment("exp")
        return float("inf") if end is None else end

    def moment(self, claim: str) -> float | None:
        """A claim as Unix time, or None for what is no moment.

        A NumericDate (RFC 7519 section 2).
        """
        value = self.claims.get(claim)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        try:
            found = float(value)
        except OverflowError:
            return None
        return found if math.isfinite(found) else None

    @property
    def lifetime(self) -> float | None:
        """Seconds from ``iat`` to ``exp``; None when one of them is missing."""
        end, start = self.moment("exp"), self.moment("iat")
        return None if end is None or start is None else end - start

    @property
    def text(self) -> str:
        """The token under the signature that it came with."""
        return f"{self.signing_input()}.{self.signature}"

    def signing_input(self) -> str:
        """Header and payload as segments.

        Those that came are kept to the byte.
        """
        if self._segments[0]:
            return ".".join(self._segments)
        return f"{encode_segment(_json(self.header))}.{encode_segment(self.payload())}"

    def payload(self) -> bytes:
        """The claims as they are signed, unless they came so."""
        return _json(self.claims)

    def with_header(self, **changes: object) -> Jwt:
        """The same with header fields set, or removed where None."""
        return replace(self, header=_changed(self.header, changes), _segments=("", ""), _issued=self.issued)

    def with_claims(self, **changes: object) -> Jwt:
        """The same with claims set, or removed where None."""
        return replace(self, claims=_changed(self.claims, changes), _segments=("", ""), _issued=self.issued)

    @property
    def issued(self) -> Jwt:
        """The token that it was made of; itself where nothing was changed."""
        return self._issued or self

    def compact(self, signature: str | None = None, key: Key = "kept") -> str:
        """The token as text, under its old signature or the given one.

        ``key`` is where the given one is from.
        """
        return self._forged(f"{self.signing_input()}.{self.signature if signature is None else signature}", key)

    def unsigned(self) -> str:
        """The token as text of two segments."""
        return self._forged(self.signing_input(), "absent")

    def _forged(self, text: str, key: Key) -> str:
        old = self.issued
        changes = _changes(old.header, self.header), _changes(old.claims, self.claims)
        return register(made("forged token", Forged(text, old.text, *changes, key)), "forged token")

    def signed(self, key: Any, algorithm: str | None = None) -> str:  # noqa: ANN401 - key types differ by algorithm
        """The token signed again.

        Bytes are a secret for HMAC; ``algorithm`` defaults to the header's.
        """
        name = self.algorithm if algorithm is None else algorithm
        signing_input = self.signing_input().encode()
        if name in HMAC_HASHES:
            # Not by the library: it refuses PEM text as an HMAC secret, and that is one of the attacks.
            signature = hmac.digest(key, signing_input, HMAC_HASHES[name])
        else:
            signature = get_default_algorithms()[name].sign(signing_input, key)
        return self.compact(encode_segment(signature), key if isinstance(key, bytes) else "key pair")


def is_jwt(text: str) -> bool:
    """Whether a text is a JWT: dots alone make none."""
    try:
        Jwt.parse(text)
    except NotAJwt:
        return False
    return True


def _json(content: Json) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _changed(content: Json, changes: Json) -> Json:
    merged = {**content, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def _changes(old: Json, new: Json) -> Json:
    """What makes the new one of the old, as `_changed` takes it."""
    differing = {key: value for key, value in new.items() if key not in old or old[key] != value}
    return {**differing, **{key: None for key in old if key not in new}}
