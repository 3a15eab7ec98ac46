"""Finds the variable for each value of a request.

What the suite made is made again; the rest is taken from responses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.core.provenance import Given, Taken, Unrepeatable, known, made_in
from harness.core.redaction import redact
from harness.evidence.repro.definitions import Definition, given
from harness.evidence.repro.extraction import capture_of
from harness.evidence.repro.names import Names
from harness.evidence.repro.parts import path_of, values_sent
from harness.evidence.repro.values import Piece, Unreproducible, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.core.provenance import Known
    from harness.deployment.people import Person
    from harness.evidence.repro.history import History
    from harness.evidence.repro.parts import Slot

_SHORT = 8
"""Below this length only an id, in a place that speaks of ids, is known to come from an answer."""


class Resolver:
    """Has the variables of one script."""

    def __init__(self, said: History, people: Sequence[Person], origin: str) -> None:
        self._said, self._history, self._people = said, said.exchanges, people
        self._origin = Variable("ORIGIN", origin, "")
        self._variables: dict[str, Variable] = {}
        self._names = Names()

    def pieces(self, slot: Slot, before: int) -> list[Piece] | None:
        """The pieces of the slot in the exchange number ``before``.

        None where it is plain text.
        """
        if slot.whole and slot.value:
            is_short_id = slot.names_id and len(slot.value) < _SHORT
            find = self._short_id if is_short_id else self._whole
            if (variable := find(slot, before)) is not None:
                return [variable]
        return self._inside(slot.value, before)

    def _whole(self, slot: Slot, before: int) -> Variable | None:
        return self.variable(slot.value, before)

    def variable(self, value: str, before: int) -> Variable | None:
        """The variable of a value that was known before.

        None for literal text.
        """
        ready = self._variables.get(value)
        if ready is not None and (ready.after is None or ready.after < before):
            return ready
        about = known(value)
        found = self._known(value, about, before) if about is not None else None
        if found is None and len(value) >= _SHORT:
            found = self._captured(value, before)
        if found is not None:
            self._variables[value] = found
        return found

    # --- what the suite made or took ---

    def _known(self, value: str, about: Known, before: int) -> Variable | None:
        match about.provenance:
            case Given() as how:
                return given(how)
            case Taken(exchange=exchange, place=place):
                index = self._said.number_of(exchange)
                is_told = index is not None and index < before and len(value) >= _SHORT
                return self._taken_from(index, value, place) if index is not None and is_told else None
            case Unrepeatable(why=why):
                raise Unreproducible(why)
            case how:
                made = Definition(how, lambda other: self.variable(other, before))
                name, is_secret = self._names.free(about.name), redact(value) != value
                return Variable(name, value, made.word, parents=tuple(made.parents), is_secret=is_secret)

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

    def _taken_from(self, index: int, value: str, place: str = "", *, named: bool = False) -> Variable | None:
        exchange = self._history[index]
        capture = capture_of(exchange, value, place)
        if capture is None or (named and not capture.is_named):
            return None
        return Variable(
            self._names.free(f"{exchange.who.partition(chr(39))[0]}_{capture.name}"),
            value,
            f'"$({capture.command})"',
            after=index,
            is_secret=redact(value) != value,
            about=capture.about,
        )

    def _short_id(self, slot: Slot, before: int) -> Variable | None:
        """An id of a few digits, taken from the likeliest response."""
        value = slot.value
        candidates = [index for index, ids in enumerate(self._said.ids[:before]) if value in ids]
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
        if key not in self._variables and (variable := self._taken_from(chosen[0], value)) is not None:
            self._variables[key] = variable
        return self._variables.get(key)

    # --- a text with values in it ---

    def _inside(self, text: str, before: int) -> list[Piece] | None:
        pieces: list[Piece] = []
        position = 0
        for start, end, variable in sorted(self._found_in(text, before), key=lambda found: found[0]):
            if start >= position:
                pieces += [text[position:start], variable]
                position = end
        return [*pieces, text[position:]] if pieces else None

    def _found_in(self, text: str, before: int) -> Iterator[tuple[int, int, Variable]]:
        for origin in re.finditer(rf"{re.escape(self._origin.value)}(?![\w.:-])", text):
            yield origin.start(), origin.end(), self._origin
        for start, end in made_in(text):
            if (variable := self.variable(text[start:end], before)) is not None:
                yield start, end, variable
