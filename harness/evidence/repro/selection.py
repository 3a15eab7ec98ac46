"""Which of a scenario's exchanges a script sends again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from harness.core.exchange import is_safe
from harness.evidence.repro.parts import path_of

if TYPE_CHECKING:
    from harness.evidence.repro.history import History
    from harness.evidence.repro.slices import Slice

_LOOKS = 3
"""The last exchanges that are sent again also where they changed nothing."""

Needed = Callable[[Iterable[int]], "Slice"]
"""Exchanges, with all that they need."""


class Selection:
    """What to send again of a scenario.

    The verdict fell in ``step``, by the exchanges ``deciding``.

    ``here`` has its exchanges, each with its step. The answers of those in ``telling`` are compared; those in
    ``wanted`` are sent.
    """

    def __init__(
        self, said: History, here: Mapping[int, str], step: str, deciding: Sequence[int], needed: Needed
    ) -> None:
        self._said, self._history, self._here = said, said.exchanges, here
        last_step = [index for index in sorted(here) if here[index] == step]
        self.telling = {*deciding, *self._last_reads(last_step, max(deciding))}
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
            request = (exchange.method, exchange.url, *exchange.request_headers)
            if path_of(exchange) in paths and request not in asked:
                asked.add(request)
                yield index

    def _concerned(self, repeated: Sequence[int], needed: Needed) -> Iterator[int]:
        """All changes, and the requests of people who take part."""
        concerned = {drawn.value for drawn in needed(self.telling).drawn}
        shown = "\n".join(self._history[index].everything for index in self.telling)
        for index in repeated:
            whose = {drawn.value for drawn in needed([index]).drawn} if self._reads(index) else set()
            if not whose or whose & concerned or any(value in shown for value in whose):
                yield index
