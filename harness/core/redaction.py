"""Secrets are registered when created and masked in every output."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, Implementation

from harness.core.public_text import PublicText, is_word
from harness.core.spellings import spellings, unquoted
from harness.core.text import encodable, one_line, shortened

_SHORTEST = 6
"""Below this many characters a value is too common a string to mask without damaging the text."""
_LONGEST = 4096
"""Characters of the longest secret; a longer one was made up to see how a server handles it."""
_GENERAL = ("token", "cookie")
"""Labels of what was seen on the wire: they give way to one that says more of the same value."""

_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
"""What looks like a JWT is one, also where a deployment hands it out in a place that nobody declared."""


@dataclass
class Secrets:
    """Every secret that one process knows, with labels such as ``password``."""

    raw: dict[str, str] = field(default_factory=dict)
    _labels: dict[str, str] = field(default_factory=dict)
    _unmasked: set[str] = field(default_factory=set)
    _public: PublicText = field(default_factory=PublicText)
    _pending: list[str] = field(default_factory=list)
    _automata: list[tuple[AhoCorasick, list[str]]] = field(default_factory=list)

    def register(self, value: str, label: str) -> None:
        """Know ``value`` and its spellings from now on."""
        if len(value) > _LONGEST or value in self._unmasked:
            return
        value = encodable(value)
        known = self.raw.get(value)
        if known is not None and (known not in _GENERAL or label in _GENERAL):
            return
        if known is None and self._says_nothing(unquoted(value), label):
            return
        self.raw[value] = label
        for spelling in spellings(value):
            if len(spelling) >= _SHORTEST:
                self._label(spelling, label)

    def publish(self, text: str) -> None:
        """Know that the text is no secret.

        Nor is any part of it that is seen on the wire.
        """
        self._public.add(text)

    def never_mask(self, text: str) -> None:
        """Know that the text masks nothing, whatever it is used for."""
        self._unmasked.add(text)

    def _says_nothing(self, value: str, label: str) -> bool:
        return (label == "cookie" and is_word(value)) or self._is_public(value, label)

    def _is_public(self, value: str, label: str) -> bool:
        # What the suite was given or made as a secret is one, wherever else it stands.
        return label in _GENERAL and self._public.holds(value)

    def _label(self, spelling: str, label: str) -> None:
        if spelling not in self._labels:
            self._pending.append(spelling)
        if self._labels.get(spelling, _GENERAL[0]) in _GENERAL:
            self._labels[spelling] = label

    def redact(self, text: str) -> str:
        """The text with every known secret replaced by ``<label>``.

        Anything that looks like a JWT as well.
        """
        masked, position, text = [], 0, encodable(text)
        for start, end, label in self._spans(text):
            masked += [text[position:start], f"<{label}>"]
            position = end
        return _JWT.sub("<token>", "".join([*masked, text[position:]]))

    def labels_in(self, text: str) -> set[str]:
        """The labels of the secrets that stand in the text."""
        text = encodable(text)
        looks_like = {"token"} if _JWT.search(text) else set()
        return {label for _, _, label in self._spans(text)} | looks_like

    def _spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where secrets stand; of those that overlap the longest names the whole."""
        found = sorted(
            (start, end, patterns[index])
            for automaton, patterns in self._searchable()
            for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True)
            if not self._is_public(patterns[index], self._labels[patterns[index]])
        )
        spans: list[tuple[int, int, str]] = []
        for start, end, pattern in found:
            if spans and start < spans[-1][1]:
                before = spans.pop()
                spans.append((before[0], max(end, before[1]), max(before[2], pattern, key=len)))
            else:
                spans.append((start, end, pattern))
        return [(start, end, self._labels[pattern]) for start, end, pattern in spans]

    def _searchable(self) -> list[tuple[AhoCorasick, list[str]]]:
        # Secrets come by ones and twos: each automaton is larger than all after it, so few are ever built again.
        if self._pending:
            while self._automata and _size(self._automata[-1][1]) <= 2 * _size(self._pending):
                self._pending += self._automata.pop()[1]
            self._automata.append(
                (AhoCorasick(self._pending, implementation=Implementation.NoncontiguousNFA), self._pending)
            )
            self._pending = []
        return self._automata


_known = Secrets()


def register(value: str, label: str) -> str:
    """Register a secret under a label such as ``password``; returns it unchanged.

    Its percent-encoded, base64, JSON and HTML spellings, a JWT's segments and a URL's password are masked as well.
    """
    _known.register(value, label)
    return value


def publish(text: str) -> str:
    """Note that a text is no secret; returns it unchanged.

    What is seen on the wire and is a part of it, or an address below it where it is a URL, is not masked.
    """
    _known.publish(text)
    return text


def never_mask(text: str) -> str:
    """Note that a text is never a secret; returns it.

    It is a word that everybody knows, and stands in ordinary sentences.
    """
    _known.never_mask(text)
    return text


def redact(text: str) -> str:
    """The text with every registered secret replaced by ``<label>``."""
    return _known.redact(text)


def masked_cut(text: str, most: int) -> str:
    """The text on one line without secrets, cut after ``most`` characters.

    Masked first: of a secret that is cut the beginning would stay.
    """
    return shortened(one_line(redact(text)), most)


def labels_in(text: str) -> set[str]:
    """The labels of the registered secrets in the text, in any encoding.

    Empty for a clean one.
    """
    return _known.labels_in(text)


def registered() -> list[tuple[str, str]]:
    """Every secret registered in this process, with its label.

    For the process that writes reports.
    """
    return list(_known.raw.items())


def register_all(secrets: Iterable[Iterable[str]]) -> None:
    """Register what `registered` said in another process."""
    for value, label in secrets:
        _known.register(value, label)


def _size(patterns: list[str]) -> int:
    return sum(map(len, patterns))
