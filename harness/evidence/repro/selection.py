"""Which of a scenario's exchanges a script sends again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.exchange import is_safe
from harness.evidence.repro.parts import path_of

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.evidence.repro.history import History
    from harness.evidence.repro.slices import Slice

_LOOKS = 3
"""The last exchanges that are sent again also where they changed nothing."""

Needed = Callable[[Iterable[int]], "Slice"]
"""Exchanges, with all that they need."""


@dataclass(frozen=True)
class Preparing:
    """The exchanges of Given steps.

    ``is_creation`` says which requests make something and do no more.
    """

    numbers: Collection[int] = ()
    is_creation: Callable[[Exchange], bool] = lambda _: False


class Selection:
    """What to send again of a scenario.

    The verdict fell in ``step``, by the exchanges ``deciding`` and by what was compared in ``compared``.

    ``here`` has its exchanges, each with its step. The answers of those in ``telling`` are compared; those in
    ``wanted`` are sent.
    """

    def __init__(
        self,
        said: History,
        here: Mapping[int, str],
        step: str,
        deciding: Sequence[int],
        needed: Needed,
        compared: Collection[int] = (),
        preparing: Preparing = Preparing(),
    ) -> None:
        self._said, self._history, self._here, self._preparing = said, said.exchanges, here, preparing
        last_step = [index for index in sorted(here) if here[index] == step]
        self.telling = {*deciding, *compared, *self._last_reads(last_step, max(deciding))}
        looks = {index for index in last_step[-_LOOKS:] if self._reads(index)}
        # What came after the last look can have changed nothing that was seen.
        repeated = list(self._repeated(max(self.telling | looks)))
        self.wanted = self.telling | looks | set(self._concerned(repeated, needed))

    def _reads(self, index: int) -> bool:
        return is_safe(self._history[index].method) and not self._said.is_waited_out(index)

    def _last_reads(self, last_step: Sequence[int], after: int) -> set[int]:
        """The last request of the verdict's step: it shows the attack's effect."""
        found: dict[str, int] = {}
        for index in reversed(last_step):
            exchange = self._history[index]
            other = found and path_of(exchange) != path_of(self._history[max(found.values())])
            # A list may have several pages, each with an address of its own.
            if index <= after or not is_safe(exchange.method) or other or exchange.url in found:
                break
            found[exchange.url] = index
        return set(found.values())

    def _repeated(self, until: int) -> Iterator[int]:
        """All changes, and between them one request to each telling path."""
        paths = {path_of(self._history[index]) for index in self.telling}
        asked: set[tuple[object, ...]] = set()
        for index in sorted(self._here):
            exchange = self._history[index]
            if index > until or self._said.is_waited_out(index):
                continue
            if not is_safe(exchange.method):
                asked.clear()
                yield index
                continue
            request = _request(exchange)
            if path_of(exchange) in paths and request not in asked:
                asked.add(request)
                yield index

    def _concerned(self, repeated: Sequence[int], needed: Needed) -> Iterator[int]:
        """The changes and looks that the answers can show.

        Of what a Given prepared, others' accounts can't, nor can a task of which nothing is shown.
        """
        concerned = {drawn.value for drawn in needed(self.telling).drawn}
        shown = "\n".join(self._history[index].everything for index in self.telling)
        asked = [_request(self._history[index]) for index in self.telling]
        for index in repeated:
            is_given = index in self._preparing.numbers
            if not is_given and not self._reads(index):
                yield index
                continue
            exchange, drawn = self._history[index], {drawn.value for drawn in needed([index]).drawn}
            if drawn and not drawn & concerned and not any(value in shown for value in drawn):
                continue
            if not is_given:
                yield index
            elif self._reads(index):
                # What the same people see before the attack tells nothing, unless it is asked for in the same way.
                if not drawn <= concerned or _request(exchange) in asked:
                    yield index
            elif not self._preparing.is_creation(exchange) or _body_is_in(shown, exchange, drawn):
                yield index


def _body_is_in(shown: str, exchange: Exchange, drawn: set[str]) -> bool:
    """Whether something that the suite drew for the body can be seen."""
    own = [value for value in drawn if value in exchange.request_body.decode("utf-8", "replace")]
    return not own or any(value in shown for value in own)


def _request(exchange: Exchange) -> tuple[object, ...]:
    return exchange.method, exchange.url, *exchange.request_headers
