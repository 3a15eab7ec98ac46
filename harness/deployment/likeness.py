"""How alike two pages are."""

from __future__ import annotations

import re
from collections import Counter

_TOKEN = re.compile(r"\w+")
_DRAWN = re.compile(r"(?=\w*\d)\w{12,}")
"""What differs from answer to answer: a nonce, a token, an id."""


def likeness(one: str, other: str) -> float:
    """The share of words in common, from 0 to 1."""
    words, others = _words(one), _words(other)
    total = words.total() + others.total()
    return 2 * (words & others).total() / total if total else 0.0


def _words(text: str) -> Counter[str]:
    return Counter(word for word in _TOKEN.findall(text) if not _DRAWN.fullmatch(word))
