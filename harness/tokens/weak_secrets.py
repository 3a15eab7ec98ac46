"""Signing secrets that anybody can guess."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from importlib.resources import files

from harness.tokens.jws import HMAC_HASHES, Jwt, encode_segment


def guessed_secret(token: Jwt, placeholders: Sequence[str] = ()) -> str | None:
    """The well-known secret that signed this token, or None.

    It is found offline.

    The words are placeholders from documentation and guessing lists (jwt_tool's, PortSwigger's), the empty
    secret, and the profile's own ``placeholders``.
    """
    listed = files("harness.tokens").joinpath("well_known_secrets.txt").read_text("utf-8").splitlines()
    signing_input = token.signing_input().encode()
    for candidate in ("", *placeholders, *listed):
        signature = encode_segment(hmac.digest(candidate.encode(), signing_input, HMAC_HASHES[token.algorithm]))
        if hmac.compare_digest(signature, token.signature):
            return candidate
    return None
