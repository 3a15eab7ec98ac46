"""How alike two pages are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_TOKEN = re.compile(r"\w+")
_HEADING = re.compile(r"<(?:title|h1)\b[^>]*>(.*?)</", re.IGNORECASE | re.DOTALL)
_DRAWN = re.compile(r"(?=\w*\d)\w{12,}")
"""What differs from answer to answer: a nonce, a token, an id."""


def likeness(one: str, other: str) -> float:
    """The share of words in common, from 0 to 1."""
    words, others = _words(one), _words(other)
    total = words.total() + others.total()
    return 2 * (words & others).total() / total if total else 0.0


def resembles(page: str, own: str, others: Iterable[str]) -> bool:
    """Whether a page is more of one page than of the others.

    It has a heading or title that they lack, or at least half of its words that they lack are that page's.
    """
    known = list(others)
    if _headings(page) & _headings(own) - set().union(*map(_headings, known)):
        return True
    elsewhere = set().union(*(_words(one) for one in known))
    telling = set(_words(page)) - elsewhere
    return bool(telling) and 2 * len(telling & set(_words(own))) >= len(telling)


def _headings(text: str) -> set[str]:
    return {" ".join(_TOKEN.findall(heading)) for heading in _HEADING.findall(text)} - {""}


def _words(text: str) -> Counter[str]:
    return Counter(word for word in _TOKEN.findall(text) if not _DRAWN.fullmatch(word))
