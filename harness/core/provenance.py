"""How each value of a run was made, noted at its birth.

A provenance holds the value (``text``) and what it was made of. Another value is named by its text, which is
random and so stands for nothing else.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from ahocorasick_rs import AhoCorasick, MatchKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange

SHORTEST = 6
"""Below this many characters a text is one by chance, and says nothing of where it is from."""


class Provenance(Protocol):
    """How a value was made."""

    @property
    def text(self) -> str:
        """The value."""


Source = str | Provenance
"""A value: by its text, or by how it was made."""


@dataclass(frozen=True)
class Random:
    """Text drawn at random."""

    text: str


@dataclass(frozen=True, eq=False)
class Taken:
    """Handed out by the deployment in an answer."""

    text: str
    exchange: Exchange
    place: str = ""
    """The name of a cookie, a header or a field, or a field's JSON pointer; empty where none has the value."""


@dataclass(frozen=True)
class Given:
    """Given by the user in an environment variable."""

    text: str
    variable: str


@dataclass(frozen=True)
class Part:
    """The characters of a value from ``start`` to ``end``."""

    of: Source
    start: int = 0
    end: int | None = None

    @property
    def text(self) -> str:
        """The value."""
        return _text(self.of)[self.start : self.end]


@dataclass(frozen=True)
class Segments:
    """The ``first`` to the ``last`` part between dots, counted from 1."""

    of: Source
    first: int
    last: int

    @property
    def text(self) -> str:
        """The value."""
        return ".".join(_text(self.of).split(".")[self.first - 1 : self.last])


@dataclass(frozen=True)
class Changed:
    """A value with its characters changed in a way of `CHANGES`."""

    how: Change
    of: Source

    @property
    def text(self) -> str:
        """The value."""
        return CHANGES[self.how](_text(self.of))


@dataclass(frozen=True)
class Encoded:
    """Literal bytes in base64url without padding (RFC 7515 section 2)."""

    content: bytes

    @property
    def text(self) -> str:
        """The value."""
        return base64.urlsafe_b64encode(self.content).rstrip(b"=").decode()


@dataclass(frozen=True)
class Unrepeatable:
    """What no script makes again; ``why`` is a sentence."""

    text: str
    why: str


@dataclass(frozen=True)
class Joined:
    """Pieces in a row."""

    pieces: tuple[str | Provenance, ...]
    """Here a string is literal text and no value."""

    @property
    def text(self) -> str:
        """The value."""
        return "".join(map(_text, self.pieces))


def _text(source: Source) -> str:
    return source if isinstance(source, str) else source.text


Change = Literal["another", "damaged", "swapped", "upper"]


def damaged(text: str) -> str:
    """The text with another first character."""
    # Not the last: it may hold bits that no decoder reads.
    return ("A" if text[:1] != "A" else "B") + text[1:]


def another(text: str) -> str:
    """Another character in the place of each."""
    return "".join("a" if letter != "a" else "b" for letter in text)


CHANGES: dict[Change, Callable[[str], str]] = {
    "another": another,
    "damaged": damaged,
    "swapped": str.swapcase,
    "upper": str.upper,
}
"""Ways to change the characters of a value."""


@dataclass(frozen=True)
class Known:
    """What is known of a value."""

    name: str
    """What it is, in words such as "Ann's password"."""
    provenance: Provenance


@dataclass
class Ledger:
    """The values of one process by their text."""

    _known: dict[str, Known] = field(default_factory=dict)
    _search: AhoCorasick | None = None

    def note(self, name: str, provenance: Provenance) -> str:
        """Note how a value was made; returns the value.

        What is known already stays as it is.
        """
        value = provenance.text
        if len(value) >= SHORTEST and value not in self._known:
            self._known[value] = Known(name, provenance)
            self._search = None
        return value

    def find(self, value: str) -> Known | None:
        """What is known of a value."""
        return self._known.get(value)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where values that no deployment handed out stand in a text.

        No two overlap; of several the longest is taken.
        """
        if self._search is None:
            own = [value for value, known in self._known.items() if not isinstance(known.provenance, Taken)]
            self._search = AhoCorasick(own, matchkind=MatchKind.LeftmostLongest)
        return [(start, end) for _, start, end in self._search.find_matches_as_indexes(text)]


_ledger = Ledger()


def made(name: str, provenance: Provenance) -> str:
    """Note how a value is made; returns the value.

    ``name`` says what it is, in words such as "Ann's password". Where it is a secret, hand it to
    `harness.core.redaction.register` as well.
    """
    return _ledger.note(name, provenance)


def known(value: str) -> Known | None:
    """How a value was made; None for literal text, for example."""
    return _ledger.find(value)


def made_in(text: str) -> list[tuple[int, int]]:
    """Start and end of each value in a text of the suite.

    Values that the deployment handed out are not looked for.
    """
    return _ledger.spans(text)
