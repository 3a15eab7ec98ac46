"""The exchanges of one scenario, each with its step and its person."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.record import Record
from harness.core.redaction import redact
from harness.core.text import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.core.exchange import Exchange

BODY_KEPT = 4000
"""Characters of a body that reports keep."""
_BODY_SHOWN = 400
_ANSWERED_SHOWN = ("location", "set-cookie", "www-authenticate", "retry-after", "cache-control", "content-type")
_SENT_SHOWN = ("authorization", "cookie", "origin", "content-type")
_EARLIER = "before this scenario"


class RecordedExchange(Record):
    """One request and its answer as reports keep it.

    It is text only, secrets are masked and long bodies cut.
    """

    step: str
    """The step that it belongs to, keyword and text."""
    who: str
    """Whose device sent it, such as "Ann's laptop"."""
    method: str
    url: str
    request_headers: list[tuple[str, str]]
    """Those that the suite set by itself, in order."""
    request_body: str
    status: int
    headers: list[tuple[str, str]]
    body: str
    body_bytes: int
    """Length of the answer's whole body."""
    milliseconds: int
    decides: bool
    """Whether the verdict rests on it: the control, the attempt, or the answer that was wrong."""


@dataclass
class Transcript:
    """The exchanges of one scenario, oldest first, with their steps."""

    step: str = ""
    entries: list[tuple[str, Exchange]] = field(default_factory=list)

    def record(self, exchange: Exchange) -> None:
        """Note an exchange under the step that is running."""
        self.entries.append((self.step, exchange))

    @contextlib.contextmanager
    def aside(self, step: str) -> Iterator[None]:
        """Note what is said meanwhile under other words than the running step's.

        It explains a verdict and decides none.
        """
        running, self.step = self.step, f"({step})"
        try:
            yield
        finally:
            self.step = running

    def recorded(self, deciding: Sequence[Exchange] = ()) -> list[RecordedExchange]:
        """Every exchange, as reports keep it.

        Those that decide but belong to an earlier scenario come first.
        """
        decisive = {id(exchange) for exchange in deciding}
        here = {id(exchange) for _, exchange in self.entries}
        entries = [(_EARLIER, exchange) for exchange in deciding if id(exchange) not in here] + self.entries
        return [recorded(exchange, step, decides=id(exchange) in decisive) for step, exchange in entries]


def recorded(exchange: Exchange, step: str = "", *, decides: bool = False) -> RecordedExchange:
    """An exchange as reports keep it."""
    return RecordedExchange(
        step=step,
        who=exchange.who,
        method=exchange.method,
        url=redact(exchange.url),
        request_headers=_masked(exchange.request_headers),
        request_body=_kept(exchange.request_body),
        status=exchange.status,
        headers=_masked(exchange.headers),
        body=_kept(exchange.body),
        body_bytes=len(exchange.body),
        milliseconds=round(exchange.elapsed * 1000),
        decides=decides,
    )


def describe(exchange: RecordedExchange) -> str:
    """What matters of an exchange as lines of text, long bodies cut."""
    lines = [f"> {exchange.method} {exchange.url}    ({exchange.who})"]
    lines += [f">   {name}: {value}" for name, value in exchange.request_headers if name.lower() in _SENT_SHOWN]
    if exchange.request_body:
        lines.append(f">   {_shortened(exchange.request_body, len(exchange.request_body))}")
    lines.append(f"< {exchange.status}    ({exchange.milliseconds} ms)")
    lines += [f"<   {name}: {value}" for name, value in exchange.headers if name.lower() in _ANSWERED_SHOWN]
    if exchange.body:
        lines.append(f"<   {_shortened(exchange.body, exchange.body_bytes)}")
    return "\n".join(lines)


def _masked(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, redact(value)) for name, value in headers]


def _kept(body: bytes) -> str:
    # Masked whole: a secret that is cut in two would be no longer recognised.
    return redact(body.decode("utf-8", "replace"))[:BODY_KEPT]


def _shortened(body: str, size: int) -> str:
    text = one_line(body)
    shown = shortened(text, _BODY_SHOWN)
    return shown if shown == text else f"{shown} ({size} bytes)"
