"""Works out where each value of a request came from: a person, an earlier answer, the suite's own tampering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.core.redaction import redact, registered
from harness.evidence.repro.derivation import Deriver, alike
from harness.evidence.repro.extraction import captures, hands_out_id
from harness.evidence.repro.names import Names
from harness.evidence.repro.parts import path_of, values_sent
from harness.evidence.repro.quotes import quoted
from harness.evidence.repro.values import Piece, Variable

if TYPE_CHECKING:
    from harness.deployment.people import Person
    from harness.evidence.repro.forged import Keys
    from harness.evidence.repro.history import History
    from harness.evidence.repro.parts import Slot

_RANDOM = re.compile(r"[0-9a-f]{12,}|[0-9A-F]{12,}")
"""What the suite makes of random hexadecimal digits: in addresses, canaries, ids that it wishes for."""
_TAG = 12
"""Random digits in an address."""
_SHORT = 8
"""Below this length only an id, in a place that speaks of ids, is known to come from an answer."""
_CANARY, _CANARY_DIGITS = "cnry", 16
"""How canaries begin, and how many random digits follow."""
_STRONG = "Aa1!"
"""How the suite's passwords begin, so that any policy takes them."""
_REPEATED = 64


class Resolver:
    """Knows the variables of one script."""

    def __init__(self, said: History, people: Sequence[Person], keys: Keys, origin: str) -> None:
        self._said, self._history, self._people, self._keys = said, said.exchanges, people, keys
        self._origin = Variable("ORIGIN", origin, "")
        self._made: dict[str, Variable] = {}
        self._secrets = [value for value, _ in registered()]
        self.names = Names()

    def pieces(self, slot: Slot, before: int) -> list[Piece] | None:
        """The pieces of the slot in the exchange number ``before``; None where it is plain text."""
        value = slot.value
        if slot.whole and value:
            if slot.names_id and len(value) < _SHORT:
                variable = self._short_id(slot, before)
                return [variable] if variable is not None else None
            pieces = self._whole(value, before)
            if pieces is not None:
                return pieces
        return self._inside(value, before)

    def _whole(self, value: str, before: int) -> list[Piece] | None:
        if (canary := self._canary_that_begins(value, before)) is not None:
            digits = value.removeprefix(_CANARY)
            word = f'"$(printf %s "${canary.name}" | cut -c1-{len(digits)})"'
            begins = Variable("canary_begins", digits, word, parents=(canary,), is_derived=True)
            return [_CANARY, self._adopted(begins)]
        if (variable := self.variable(value, before)) is not None:
            return [variable]
        if self._is_secret(value):
            deriver = Deriver(self._secrets, lambda known: self.variable(known, before), self._keys)
            if (pieces := deriver.derive(value)) is not None:
                return [self._adopted(piece) for piece in pieces]
            if _RANDOM.fullmatch(value) is None:
                return [self._adopted(_as_random(value))]
        return None

    def _canary_that_begins(self, value: str, before: int) -> Variable | None:
        """The digits of the canary that was sent and begins with ``value``, which is shorter; searches use it."""
        if not value.startswith(_CANARY) or len(value) >= len(_CANARY) + _CANARY_DIGITS:
            return None
        whole = re.compile(rf"{re.escape(value)}[0-9a-f]+")
        found = [whole.search(text) for text in self._said.sent[:before]]
        last = next((one[0] for one in reversed(found) if one is not None), None)
        return self._fresh(last.removeprefix(_CANARY), "canary") if last is not None else None

    def _adopted(self, piece: Piece) -> Piece:
        """The piece, if a variable under a name of its own; one of the same value that is there already."""
        if isinstance(piece, str):
            return piece
        if piece.value not in self._made:
            piece.name = self.names.free(piece.name)
            self._made[piece.value] = piece
        return self._made[piece.value]

    def _is_secret(self, value: str) -> bool:
        return len(value) >= _SHORT and redact(value) != value

    def variable(self, value: str, before: int) -> Variable | None:
        """The variable of a value that a person has or an earlier answer handed out; None for any other."""
        known = self._made.get(value)
        if known is not None and (known.after is None or known.after < before):
            return None if known.is_derived else known
        made = self._of_person(value) or (self._captured(value, before) if len(value) >= _SHORT else None)
        if made is not None:
            self._made[value] = made
        return made

    # --- what a person has ---

    def _of_person(self, value: str) -> Variable | None:
        for person in self._people:
            if value == person.password:
                name = self.names.free(f"{self.names.of_person(person)}_password")
                return Variable(name, value, _strong(value), is_secret=True)
            if value == person.email:
                return self._address(self.names.of_person(person), value)
        return None

    def _address(self, name: str, email: str) -> Variable | None:
        found = _RANDOM.search(email)
        if found is None:
            return None
        tag = self._fresh(found[0], f"{name}_tag")
        word = f'{quoted(email[: found.start()])}"${tag.name}"{quoted(email[found.end() :])}'
        return Variable(self.names.free(f"{name}_email"), email, word, parents=(tag,))

    def _fresh(self, digits: str, name: str = "random") -> Variable:
        lower = digits.lower()
        if lower not in self._made:
            word = f'"$(random {len(lower)})"'
            self._made[lower] = Variable(self.names.free(name), lower, word)
        variable = self._made[lower]
        if digits == lower:
            return variable
        if digits not in self._made:
            word = f'"$(upper "${variable.name}")"'
            self._made[digits] = Variable(self.names.free(name), digits, word, parents=(variable,))
        return self._made[digits]

    # --- what an answer handed out ---

    def _captured(self, value: str, before: int) -> Variable | None:
        sent = False
        for index in self._said.with_value(value, before):
            if value in self._said.sent[index]:
                # A part of what the suite sent may come back: only under a name of its own is it handed out.
                sent = True
                if value in values_sent(self._history[index]):
                    return None
            if (variable := self._taken_from(index, value, named=sent)) is not None:
                return variable
        return None

    def _taken_from(self, index: int, value: str, *, named: bool = False) -> Variable | None:
        exchange = self._history[index]
        capture = next(captures(exchange, value), None)
        if capture is None or (named and "between " in capture.command):
            return None
        name = self.names.free(f"{exchange.who.partition(chr(39))[0]}_{capture.name}")
        return Variable(
            name,
            value,
            f'"$({capture.command})"',
            after=index,
            is_secret=redact(value) != value,
            about=capture.about,
        )

    def _short_id(self, slot: Slot, before: int) -> Variable | None:
        """An id of a few digits: of several answers that have it the likeliest is taken."""
        value = slot.value
        candidates = [
            index for index, exchange in enumerate(self._history[:before]) if hands_out_id(exchange, value)
        ]
        # Made by a POST to what stands before it in the path; a task and its owner may have one number.
        above = slot.text_before.rstrip("/")
        below = [
            index for index in candidates if above and path_of(self._history[index]).rstrip("/").endswith(above)
        ]
        owner = next((person for person in self._people if person.id == value), None)
        hers = [index for index in candidates if owner is not None and owner.email in self._said.came[index]]
        chosen = [index for index in below if self._history[index].method == "POST"][-1:] or hers[:1]
        if not chosen:
            return None
        key = f"{value} of {chosen[0]}"
        if key not in self._made and (variable := self._taken_from(chosen[0], value)) is not None:
            self._made[key] = variable
        return self._made.get(key)

    # --- a text with values in it ---

    def _inside(self, text: str, before: int) -> list[Piece] | None:
        pieces: list[Piece] = []
        position = 0
        for start, end, variable in self._found_in(text, before):
            pieces += [text[position:start], variable]
            position = end
        return [*pieces, text[position:]] if pieces else None

    def _found_in(self, text: str, before: int) -> list[tuple[int, int, Variable]]:
        known = re.compile(rf"{re.escape(self._origin.value)}(?![\w.:-])|{_RANDOM.pattern}")
        return [(one.start(), one.end(), self._part(text, one, before)) for one in known.finditer(text)]

    def _part(self, text: str, one: re.Match[str], before: int) -> Variable:
        if one[0] == self._origin.value:
            return self._origin
        captured = self._captured(one[0], before)
        return captured or self._fresh(one[0], self._kind(text, one.start()))

    def _kind(self, text: str, start: int) -> str:
        """What random digits are called."""
        if text[:start].endswith(_CANARY):
            owner = next(
                (
                    person
                    for person in self._people
                    if text[start - len(_CANARY) : start + _CANARY_DIGITS] == person.canary
                ),
                None,
            )
            return "canary" if owner is None else f"{self.names.of_person(owner)}_name_canary"
        digits = text[start : start + _TAG].lower()
        owner = next((person for person in self._people if digits in person.email), None)
        return f"{self.names.of_person(owner)}_tag" if owner is not None else "random"


def _strong(password: str) -> str:
    begins = password[: alike(password, f"{_STRONG} ")]
    digits = len(password) - len(begins)
    return quoted(begins) * bool(begins) + f'"$(random {digits})"' * bool(digits)


def _as_random(value: str) -> Variable:
    """A value that the suite made up: another of the same length, with the same dots."""
    if len(value) > _REPEATED and len(set(value)) == 1:
        return Variable("long", value, f'"$(repeated {quoted(value[0])} {len(value)})"', is_derived=True)
    if value.startswith(_STRONG):
        return Variable("password", value, _strong(value), is_secret=True)
    words = [f'"$(random {len(part)})"' if part else "" for part in value.split(".")]
    return Variable("made_up", value, "'.'".join(words), is_secret=True)
