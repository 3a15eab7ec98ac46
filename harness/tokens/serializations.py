"""An accepted token in a form that is no JWT.

RFC 7519 section 1: a JWT is in compact serialization alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.provenance import Encoded, Joined, Segments, made
from harness.core.redaction import register

if TYPE_CHECKING:
    from harness.tokens.jws import Jwt

_Piece = str | Encoded | Segments


def further_segments(token: Jwt) -> list[str]:
    """With segments after the signature, which no signature covers."""
    return [_made(Segments(token.text, 1, 3), further) for further in (".", ".foo", ".foo.bar")]


def in_json(token: Jwt) -> list[str]:
    """In JSON (RFC 7515 section 7.2), with other claims than were signed.

    The second is taken for one token where members are read and for another where it is split at its dots.
    """
    other = Encoded(token.with_claims(conformance="changed").payload())
    header, claims, signature = (Segments(token.text, place, place) for place in (1, 2, 3))
    return [
        _made('{"protected":"', header, '","payload":"', other, '","signature":"', signature, '"}'),
        _made(
            '{"protected":"',
            header,
            '","payload":"',
            claims,
            '","signature":"',
            signature,
            '","x":".',
            other,
            '."}',
        ),
    ]


def _made(*pieces: _Piece) -> str:
    return register(made("odd token", Joined(pieces)), "forged token")
