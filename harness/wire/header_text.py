"""Headers as text and as the bytes on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def on_wire(text: str) -> bytes:
    """Text of a header as bytes.

    What came in an answer goes back as it came.

    Any byte may stand in a header (RFC 9110 section 5.5); they are read as Latin-1. What is no Latin-1 was not
    read there, and goes as UTF-8.
    """
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def readable(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Headers that came, as text."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
