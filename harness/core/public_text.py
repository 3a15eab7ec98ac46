"""What is no secret: words, and what the user said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

WORDLIKE = 16
"""A text without digits and below this length is a word, not a secret."""

_WORD = r"[A-Za-z]?[a-z]*"
_BETWEEN = r"[-_./ ]"
_WORDS = re.compile(rf"{_WORD}(?:{_BETWEEN}{_WORD})*")
"""``high-contrast-dark``: a secret drawn at random is no row of words."""
_PATH = re.compile(rf"(?:/(?:{_WORD}(?:[-_.]{_WORD})*|\d{{1,9}}))*")
"""``/tasks/42``; what is drawn at random has another look."""
_LONGEST_WORD = 20


def is_word(text: str) -> bool:
    """Whether a cookie's value is words or a path.

    Such a cookie signs nobody in.
    """
    if len(text) < WORDLIKE and not any(letter.isdigit() for letter in text):
        return True
    plain = unquote(text)
    return _reads_as_row(plain) or _PATH.fullmatch(plain) is not None


def reads_as_words(text: str) -> bool:
    """Whether a text is made of words and short numbers.

    A message to a reader is.
    """
    return all(is_word(piece) or len(piece) < WORDLIKE // 2 for piece in text.split())


def _reads_as_row(text: str) -> bool:
    return _WORDS.fullmatch(text) is not None and max(map(len, re.split(_BETWEEN, text))) <= _LONGEST_WORD


@dataclass
class PublicText:
    """Texts that the user gave or the suite made, for anyone."""

    _joined: str = ""
    _bases: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take in an address, a profile, a word of the command line."""
        if text and not self.holds(text):
            self._joined = f"{self._joined}\n{text}"
        if text.startswith(("http://", "https://")):
            self._bases.add(text.rstrip("/"))

    def holds(self, value: str) -> bool:
        """Whether the value is a part of such a text.

        So is the address of a page below one that is a URL.
        """
        return any(plain in self._joined or self._is_page(plain) for plain in {value, unquote(value)})

    def _is_page(self, url: str) -> bool:
        return any(
            url.startswith(base) and _PATH.fullmatch(url.removeprefix(base)) is not None for base in self._bases
        )
