"""Which comparison decided, where the answer's status does not say it.

A finding's script repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.core.exchange import Exchange


@dataclass(frozen=True)
class Holding:
    """An answer holds a text.

    ``is_encoded`` where it stands in base64, percent-encoded or in HTML.
    """

    exchange: Exchange
    text: str
    about: str
    is_encoded: bool = False


@dataclass(frozen=True)
class Matching:
    """An answer holds what fits a pattern.

    The pattern is good for Python and for `grep -E`.
    """

    exchange: Exchange
    pattern: str
    about: str
    is_encoded: bool = False


@dataclass(frozen=True)
class Growing:
    """A list has more entries than before.

    Each has the JSON key once.
    """

    before: Exchange
    exchange: Exchange
    key: str


@dataclass(frozen=True)
class Lasting:
    """An answer took longer than that many seconds."""

    exchange: Exchange
    seconds: float


Decision = Holding | Matching | Growing | Lasting
