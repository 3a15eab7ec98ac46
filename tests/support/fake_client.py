"""A client without a network: the test writes the answers, and reads what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harness.core.exchange import Exchange, Headers, NoAnswer
from harness.wire.client import Client
from harness.wire.gate import OPEN, Gate
from harness.wire.throttle import ThrottleBudget
from harness.wire.together import Outgoing

WEB = "http://127.0.0.1:3000"
API = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Answer:
    """What a server says; a ``body`` that is neither bytes nor text is sent as JSON."""

    status: int = 200
    body: Any = b""
    headers: Headers = ()

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass(frozen=True)
class Sent:
    """One request as it was sent."""

    who: str
    method: str
    url: str
    headers: Headers
    body: bytes

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the query."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    def header(self, name: str) -> str | None:
        """The only header of that name, or None. Raises ValueError when there are several."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        if len(found) > 1:
            raise ValueError(f"{name} was sent {len(found)} times")
        return found[0] if found else None

    @property
    def cookies(self) -> dict[str, str]:
        """Name and value of each cookie."""
        pairs = (pair.partition("=") for pair in (self.header("cookie") or "").split("; "))
        return {name: value for name, _, value in pairs if name}

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the body, of a form or of JSON."""
        if "json" in (self.header("content-type") or ""):
            found: dict[str, Any] = json.loads(self.body)
            return found
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


Server = Callable[[Sent], Answer]


class FakeClient(Client):
    """Hands each request to ``server``; everything else (origins, waits, records) is the real client's."""

    def __init__(
        self, server: Server, origins: Sequence[str] = (WEB, API), budget: float = 0.0, gate: Gate = OPEN
    ) -> None:
        super().__init__(frozenset(origins), ThrottleBudget(budget), gate=gate)
        self.server = server
        self.sent: list[Sent] = []
        self.paused: list[float] = []

    def _exchange(self, who: str, method: str, url: str, headers: Headers, body: bytes | None) -> Exchange:
        more = self.gate.beside([name for name, _ in headers])
        self.sent.append(Sent(who, method, url, (*headers, *more), body or b""))
        answer = self.server(self.sent[-1])
        return Exchange(
            who, method, url, list(headers), body or b"", answer.status, list(answer.headers), answer.content, 0.0
        )

    def _exchange_together(self, requests: Sequence[Outgoing]) -> list[Exchange | NoAnswer]:
        """One after another, which is one of the orders in which requests at the same moment may come."""
        return [
            replace(self._exchange(one.who, one.method, one.url, one.headers, one.body), together=True)
            for one in requests
        ]

    def pause(self, seconds: float) -> None:
        """Note how long would be waited."""
        self.paused.append(seconds)

    def send_verbatim(self, who: str, method: str, url: str, headers: Sequence[tuple[str, bytes]]) -> Exchange:
        """Send header values byte by byte; here they are kept as Latin-1."""
        self._own(url)
        exchange = self._exchange(who, method, url, [(name, raw.decode("latin-1")) for name, raw in headers], None)
        self.record(exchange)
        return exchange
