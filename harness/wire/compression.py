"""Answers that are compressed for the way, up to a limit."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_GZIP_OR_ZLIB = 47
_RAW = -15
"""Window sizes that zlib takes for its formats."""


class DecodingError(Exception):
    """The content is not what its Content-Encoding says."""


def decoded(content: bytes, encodings: Sequence[str], limit: int) -> bytes:
    """The content without its codings (RFC 9110 section 8.4).

    At most ``limit`` bytes of each. ``encodings`` are in the order in which they were applied; one that is not
    known stays. Raises DecodingError.
    """
    for encoding in reversed(encodings):
        if encoding in ("gzip", "x-gzip"):
            content = _inflated(content, limit, _GZIP_OR_ZLIB)
        elif encoding == "deflate":
            content = _deflated(content, limit)
        elif encoding not in ("identity", ""):
            return content
    return content


def _deflated(content: bytes, limit: int) -> bytes:
    # Some servers send what RFC 1950 says, some what RFC 1951 says.
    try:
        return _inflated(content, limit, _GZIP_OR_ZLIB)
    except DecodingError:
        return _inflated(content, limit, _RAW)


def _inflated(content: bytes, limit: int, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(content, limit)
    except zlib.error as error:
        raise DecodingError(str(error)) from error
