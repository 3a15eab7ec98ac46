"""Which exchanges reproduce a finding, and with which values: a backward slice.

It starts from the exchanges that decide and from those of the scenario that changed something or asked for the
same path (a deployment may keep answers). It adds every exchange whose answer handed out a value that is sent, or
that first sent one to the deployment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.exchange import is_safe
from harness.core.redaction import redact
from harness.evidence.repro.parts import slots_of_body, slots_of_header, slots_of_path
from harness.evidence.repro.quotes import Unquotable
from harness.evidence.repro.values import Expression, Reference, Unreproducible, Variable, with_parents, word_of

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.evidence.repro.history import History
    from harness.evidence.repro.parts import Slot
    from harness.evidence.repro.resolver import Resolver

MOST = 60
"""Requests of one script."""


@dataclass(frozen=True)
class Text:
    """A text of a request as the script writes it.

    Raw pieces, and what goes into each slot between them.
    """

    parts: Sequence[str | Expression]

    @property
    def variables(self) -> list[Variable]:
        """Those in it, in order."""
        return [one for part in self.parts if isinstance(part, Expression) for one in part.variables]

    def word(self, before: str = "") -> str:
        """The shell word for the text with ``before`` in front of it."""
        return word_of([before, *self._spelled()])

    def _spelled(self) -> Iterator[str | Reference]:
        for part in self.parts:
            yield from [part] if isinstance(part, str) else part.spelled()


@dataclass(frozen=True)
class Request:
    """One request of the script; ``index`` is its number in the history."""

    index: int
    exchange: Exchange
    base: str
    path: Text
    headers: Sequence[tuple[str, Text]]
    body: Text | None

    @property
    def path_shown(self) -> str:
        """The path for a reader, without its query."""
        words = [part if isinstance(part, str) else "..." for part in self.path.parts]
        return redact("".join(words).partition("?")[0])

    @property
    def variables(self) -> list[Variable]:
        """Every variable in it, with what they are made from, parents first."""
        texts = [self.path, *(text for _, text in self.headers), *([self.body] if self.body else [])]
        return with_parents([one for text in texts for one in text.variables])


@dataclass
class Slice:
    """The requests of a script in their order."""

    requests: dict[int, Request] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Request]:
        return iter(self.requests[index] for index in sorted(self.requests))

    @property
    def drawn(self) -> list[Variable]:
        """What the script makes up in them: addresses, passwords, texts."""
        return [variable for request in self for variable in request.variables if variable.is_drawn]


class Slicer:
    """``bases`` are the target's base URLs by their names in the script."""

    def __init__(self, said: History, resolver: Resolver, bases: Sequence[tuple[str, str]]) -> None:
        self._said, self._history, self._resolver, self._bases = said, said.exchanges, resolver, bases

    def slice(self, wanted: Sequence[int]) -> Slice:
        """The requests with these numbers and all that they need. Raises Unreproducible."""
        found, waiting = Slice(), sorted(wanted, reverse=True)
        while waiting:
            index = waiting.pop()
            if index in found.requests:
                continue
            if len(found.requests) >= MOST:
                raise Unreproducible(f"It takes more than {MOST} requests.")
            request = found.requests[index] = self._request(index)
            waiting += self._needed(request)
        return found

    def _needed(self, request: Request) -> Iterator[int]:
        for variable in request.variables:
            if variable.after is not None:
                yield variable.after
            elif variable.is_drawn:
                yield self._introduction(variable.value, request.index)

    def _introduction(self, value: str, before: int) -> int:
        """The first exchange that sent the value in a changing request."""
        folded = value.lower()
        for index in range(before):
            if folded in self._said.sent_in_lower_case[index] and not is_safe(self._history[index].method):
                return index
        return before

    def _request(self, index: int) -> Request:
        exchange = self._history[index]
        base, path = self._under(exchange.url)
        try:
            request = Request(
                index,
                exchange,
                base,
                self._text(path, slots_of_path(path), index),
                [
                    (name, self._text(value, slots_of_header(name, value), index))
                    for name, value in exchange.request_headers
                ],
                self._body(exchange.request_body, index),
            )
            for text in (request.path, *(text for _, text in request.headers), request.body):
                if text is not None:
                    text.word()
        except Unquotable as problem:
            raise Unreproducible(f"A request of it holds {problem}.") from problem
        return request

    def _under(self, url: str) -> tuple[str, str]:
        for name, base in self._bases:
            if url.startswith(base + "/") or url == base:
                return name, url[len(base) :]
        raise Unreproducible("It asks for an address outside the base URLs.")

    def _body(self, body: bytes, index: int) -> Text | None:
        if not body:
            return None
        try:
            text = body.decode()
        except UnicodeDecodeError as problem:
            raise Unreproducible("A request of it has a body that is no text.") from problem
        return self._text(text, slots_of_body(text), index)

    def _text(self, text: str, slots: Sequence[Slot], index: int) -> Text:
        parts: list[str | Expression] = []
        position = 0
        for slot in slots:
            if (pieces := self._resolver.pieces(slot, index)) is not None:
                parts += [text[position : slot.start], Expression(pieces, slot.encoding)]
                position = slot.end
        return Text([*parts, text[position:]])
