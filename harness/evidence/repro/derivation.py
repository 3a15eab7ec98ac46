"""Finds out how the suite spoilt a value: what was cut off, added, damaged, or put together from two."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Sequence

from harness.core.redaction import redact
from harness.evidence.repro.forged import Forgery, Keys, forgery_of, taken_apart
from harness.evidence.repro.quotes import quoted
from harness.evidence.repro.values import Piece, Unreproducible, Variable
from harness.tokens.jws import decode_segment, encode_segment

_TELLING = 8
"""Below this length two texts are alike by chance."""
_FEW = 16
"""Characters that may be cut off or added."""

Lookup = Callable[[str], Variable | None]


def alike(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginning."""
    differing = (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(differing, min(len(one), len(other)))


def damaged(text: str) -> str:
    """The text with another first character, as the suite changes it."""
    return ("B" if text[0] == "A" else "A") + text[1:]


class Deriver:
    """``known`` are the values that it may come from, ``lookup`` gives the variable of one where it has one."""

    def __init__(self, known: Sequence[str], lookup: Lookup, keys: Keys) -> None:
        self._known, self._lookup, self._keys = known, lookup, keys

    def derive(self, value: str) -> list[Piece] | None:
        """The pieces that make up the value; None when it comes from nothing that is known."""
        if len(value) < _TELLING:
            return None
        ways = (
            self._inserted,
            self._swapped,
            self._segmented,
            self._shorter,
            self._forged,
            self._garbled,
            self._with_another_end,
        )
        for way in ways:
            if (pieces := way(value)) is not None:
                return pieces
        return None

    def _inserted(self, value: str) -> list[Piece] | None:
        """Something before it, after it, or at one place inside."""
        for known in self._known:
            added = len(value) - len(known)
            at = alike(value, known)
            if (
                len(known) >= _TELLING
                and 0 < added <= _FEW
                and value[at + added :] == known[at:]
                and (variable := self._lookup(known))
            ):
                begins, ends = _part(variable, known[:at], f"1-{at}"), _part(variable, known[at:], f"{at + 1}-")
                return [piece for piece in (begins, value[at : at + added], ends) if piece]
        return None

    def _swapped(self, value: str) -> list[Piece] | None:
        for known in self._known:
            if len(known) >= _TELLING and known.swapcase() == value and (variable := self._lookup(known)):
                return [_made(variable.name, value, f'"$(swapped "${variable.name}")"', variable)]
        return None

    def _with_another_end(self, value: str) -> list[Piece] | None:
        for known in self._known:
            at = alike(value, known)
            if len(value) == len(known) and at >= _TELLING and (variable := self._lookup(known)):
                end = Variable("end", value[at:], f'"$(random {len(value) - at})"', is_secret=True)
                return [piece for piece in (_part(variable, known[:at], f"1-{at}"), end) if piece]
        return None

    def _shorter(self, value: str) -> list[Piece] | None:
        for known in self._known:
            cut = len(known) - len(value)
            if 0 < cut <= _FEW and known.startswith(value) and (variable := self._lookup(known)):
                return [_made(variable.name, value, f'"${{{variable.name}%{"?" * cut}}}"', variable)]
        return None

    def _segmented(self, value: str) -> list[Piece] | None:
        return self._put_together(value, lambda segment: None if segment else segment)

    def _garbled(self, value: str) -> list[Piece] | None:
        return self._put_together(value, _literal)

    def _put_together(self, value: str, literal: Callable[[str], Piece | None]) -> list[Piece] | None:
        pieces: list[Piece] = []
        for number, segment in enumerate(value.split("."), 1):
            known = self._segment(segment, number) if len(segment) >= _TELLING else None
            piece = literal(segment) if known is None else known
            if piece is None:
                return None
            pieces += [".", piece] if number > 1 else [piece]
        return pieces if any(isinstance(piece, Variable) and piece.parents for piece in pieces) else None

    def _segment(self, segment: str, number: int) -> Variable | None:
        for known in self._known:
            parts = known.split(".")
            part = parts[number - 1] if len(parts) >= number else ""
            if not part or segment not in (part, damaged(part)) or (variable := self._lookup(known)) is None:
                continue
            word = f'$(segment {number} "${variable.name}")'
            return _made(variable.name, segment, f'"{word if segment == part else _spoilt(word)}"', variable)
        return None

    def _forged(self, value: str) -> list[Piece] | None:
        if taken_apart(value) is None:
            return None
        found, why_not = self._forgeries(value)
        best = min(found, key=lambda one: one[0].size, default=None)
        if best is None and why_not is not None:
            raise why_not
        if best is None:
            return None
        forgery, variable = best
        word = f'"$(forge "${variable.name}" {quoted(forgery.changes)} {quoted(forgery.key)})"'
        return [_made("forged", value, word, variable)]

    def _forgeries(self, value: str) -> tuple[list[tuple[Forgery, Variable]], Unreproducible | None]:
        """Each token that the value may have been forged from and how; why not, where only a key is missing."""
        found, why_not = [], None
        for known in self._known:
            if known.count(".") != 2 or known == value:
                continue
            try:
                forgery = forgery_of(value, known, self._keys)
            except Unreproducible as reason:
                why_not = reason
                continue
            if forgery is not None and (variable := self._lookup(known)) is not None:
                found.append((forgery, variable))
        return found, why_not


def _made(name: str, value: str, definition: str, parent: Variable) -> Variable:
    return Variable(name, value, definition, parents=(parent,), is_secret=True, is_derived=True)


def _part(whole: Variable, text: str, columns: str) -> Piece:
    """The part of a variable in those columns; the variable itself where that is all of it."""
    if text in ("", whole.value):
        return whole if text else ""
    word = f'"$(printf %s "${whole.name}" | cut -c{columns})"'
    return _made(whole.name, text, word, whole)


def _spoilt(word: str) -> str:
    return f'$(damaged "{word}")'


def _literal(segment: str) -> Piece | None:
    """A segment that the suite made up; one that would be masked is written as what it encodes."""
    if redact(segment) == segment:
        return segment
    try:
        content = decode_segment(segment)
        text = content.decode("latin-1")
    except (ValueError, binascii.Error):
        return None
    if encode_segment(content) != segment or redact(text) != text or not text.isprintable():
        return None
    return Variable("encoded", segment, f'"$(base64url {quoted(content)})"', is_derived=True)
