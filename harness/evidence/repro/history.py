"""All exchanges of a run so far, as texts to search in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_plus

from harness.evidence.repro.extraction import ids_in

if TYPE_CHECKING:
    from harness.core.exchange import Exchange


class History:
    """``exchanges`` are oldest first; the texts have their numbers.

    Those that were throttled had no effect, and were sent again: their texts are
    empty.
    """

    def __init__(
        self, exchanges: Sequence[Exchange], is_throttled: Callable[[Exchange], bool] = lambda _: False
    ) -> None:
        self.exchanges = exchanges
        self._waited_out = [is_throttled(exchange) for exchange in exchanges]

    @cached_property
    def _numbers(self) -> dict[int, int]:
        pairs = zip(enumerate(self.exchanges), self._waited_out, strict=True)
        return {id(exchange): index for (index, exchange), waited_out in pairs if not waited_out}

    def number_of(self, exchange: Exchange) -> int | None:
        """The exchange's number.

        None for one of another run, and for one that was sent again.
        """
        return self._numbers.get(id(exchange))

    @cached_property
    def sent(self) -> list[str]:
        """URL, header values and body of each request, raw and decoded."""
        return self._texts(_request_text)

    @cached_property
    def sent_in_lower_case(self) -> list[str]:
        """The same in lower case."""
        return [text.lower() for text in self.sent]

    @cached_property
    def came(self) -> list[str]:
        """Headers and body of each answer."""
        return self._texts(lambda exchange: exchange.everything)

    @cached_property
    def ids(self) -> list[frozenset[str]]:
        """The ids that each answer hands out."""
        return [ids_in(exchange) for exchange in self.exchanges]

    def _texts(self, text_of: Callable[[Exchange], str]) -> list[str]:
        pairs = zip(self.exchanges, self._waited_out, strict=True)
        return ["" if waited_out else text_of(exchange) for exchange, waited_out in pairs]

    def is_waited_out(self, index: int) -> bool:
        """Whether it was answered by asking to wait."""
        return self._waited_out[index]

    def with_value(self, value: str, before: int) -> list[int]:
        """The earlier exchanges with the value in the request or response.

        In whatever encoding.
        """
        spellings = {value, quote(value, safe=""), unquote(value)}
        return [
            index
            for index in range(before)
            if value in self.sent[index] or any(spelling in self.came[index] for spelling in spellings)
        ]


def _request_text(exchange: Exchange) -> str:
    headers = "\n".join(value for _, value in exchange.request_headers)
    text = f"{exchange.url}\n{headers}\n{exchange.request_body.decode('utf-8', 'replace')}"
    decoded = unquote_plus(text)
    return text if decoded == text else f"{text}\n{decoded}"
