"""The HTTP client: follows no redirect, keeps no cookie, records every exchange.

Cookies belong to devices, never to the client, so that a replay is always on a bare one.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import httpcore
import httpx

from harness.core.exchange import GATEWAY_ERRORS, Exchange, Headers, NoAnswer, is_safe, origin_of
from harness.core.findings import HarnessError
from harness.core.redaction import redact
from harness.wire.bounds import BoundedBackend, Bounds
from harness.wire.connections import Connections
from harness.wire.failures import CONNECT_LIMIT, LOST_VERBATIM, NONE_CAME, no_answer
from harness.wire.gate import OPEN, Gate
from harness.wire.header_text import on_wire, readable
from harness.wire.heartbeat import Heartbeat, Known
from harness.wire.proxy import Proxy
from harness.wire.secret_scanner import SecretScanner
from harness.wire.throttle import ThrottleBudget
from harness.wire.together import Outgoing, ask_together
from harness.wire.transcript import Transcript
from harness.wire.trust import Trust
from harness.wire.verbatim import Answer, ask

ANSWER_LIMIT = 15.0
"""Seconds to wait for a whole answer."""

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of an answer that are read, as they come and decoded; an endless stream ends here."""

_GATEWAY_PAUSE = 1.0
"""Seconds before a gateway that could reach nothing is asked once more."""


@dataclass
class Client:
    """Sends requests to the target's own origins and to nothing else.

    ``transcript`` is the running scenario's; ``history`` is all that was said since the client was made;
    ``answer_limit`` are the seconds that an exchange may take as a whole.
    """

    origins: frozenset[str]
    throttle: ThrottleBudget
    transcript: Transcript = field(default_factory=Transcript, repr=False)
    history: list[Exchange] = field(default_factory=list, repr=False)
    is_throttled: Callable[[Exchange], bool] = lambda exchange: exchange.status == httpx.codes.TOO_MANY_REQUESTS

    answer_limit: float = field(default_factory=lambda: ANSWER_LIMIT)
    trust: Trust = field(default_factory=Trust)
    gate: Gate = OPEN
    """What lets every request through, beside its own headers; no record of one has it."""
    proxy: Proxy | None = None
    asks_silence_again: bool = True
    """Whether what changes nothing is asked once more where no answer came in time."""
    clear_origin: str | None = None
    """The deployment's http address: `send_in_clear` alone goes there, with nothing that is secret."""

    def __post_init__(self) -> None:
        self._scanner = SecretScanner()
        self._bounds = Bounds(self.answer_limit)
        self.heartbeat = Heartbeat(self._ask_known, self.pause, self.throttle.announce)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self.trust.context()

    @cached_property
    def _connections(self) -> Connections:
        return Connections(
            self._tls,
            self._bounds,
            CONNECT_LIMIT,
            BODY_LIMIT,
            asks_silence_again=self.asks_silence_again,
            proxy=self.proxy,
        )

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    def send(self, who: str, method: str, url: str, headers: Headers = (), body: bytes | None = None) -> Exchange:
        """Send a request and record the exchange; waits out a 429.

        Asks once more where a gateway says that it reached nothing.

        Raises NoAnswer when nothing whole came back, Throttled when throttled past the budget, Outage when the run
        stopped asking.
        """
        self._may_ask(url)
        attempt = 0
        while True:
            exchange = self._exchange(who, method, url, headers, body)
            self.record(exchange)
            is_throttled = self.is_throttled(exchange)
            self.heartbeat.note(exchange, in_trouble=is_throttled)
            if is_throttled:
                self.throttle.wait(exchange, attempt)
            elif attempt or not (self.throttle.wait_out(exchange) or self._bridged(exchange)):
                return exchange
            attempt += 1

    def send_once(
        self, who: str, method: str, url: str, headers: Headers = (), body: bytes | None = None
    ) -> Exchange:
        """Send a request once and record the exchange, a 429 too.

        Raises NoAnswer when nothing whole came back, Outage when the run stopped asking.
        """
        self._may_ask(url)
        exchange = self._exchange(who, method, url, headers, body)
        self.record(exchange)
        self.heartbeat.note(exchange, in_trouble=self.is_throttled(exchange))
        return exchange

    def ask_aside(self, who: str, url: str) -> Exchange:
        """GET an address once, without a record of it.

        Raises NoAnswer when nothing whole came.
        """
        self._own(url)
        return self._exchange(who, "GET", url, (), None)

    def send_in_clear(self, who: str, url: str, headers: Headers = ()) -> Exchange:
        """GET something once over plain http, and record the exchange.

        Raises HarnessError for another origin, and for a request that has a cookie or a known secret.
        Raises NoAnswer when nothing whole came back.
        """
        if origin_of(url) != self.clear_origin:
            raise HarnessError(f"a request to {origin_of(url)} was stopped: it is not the target's http address")
        said = [url, *(value for _, value in headers)]
        if any(name.lower() == "cookie" for name, _ in headers) or any(redact(text) != text for text in said):
            raise HarnessError("a request over plain http was stopped: it has a credential")
        self.heartbeat.must_go_on()
        exchange = self._exchange(who, "GET", url, headers, None)
        self.record(exchange)
        return exchange

    def _bridged(self, exchange: Exchange) -> bool:
        """Whether it waited for a gateway that reached nothing.

        Then the request may be sent again. After a 502 or 504 something may have been done already; so that is for
        safe methods only.
        """
        is_down = exchange.status == httpx.codes.SERVICE_UNAVAILABLE
        if exchange.status not in GATEWAY_ERRORS or not (is_down or is_safe(exchange.method)):
            return False
        if exchange.header("retry-after") is not None:
            return False  # longer than the run may wait
        self.pause(_GATEWAY_PAUSE)
        return True

    def _ask_known(self, known: Known) -> Exchange:
        with self.transcript.aside("whether the deployment is still there"):
            return self.send(
                known.who, known.method, known.url, known.headers, known.body.encode("latin-1") or None
            )

    def send_verbatim(self, who: str, method: str, url: str, headers: Sequence[tuple[str, bytes]]) -> Exchange:
        """Send header values that httpx refuses: raw bytes, trailing spaces, repeats.

        Asks once more where a gateway says that it reached nothing.
        """
        self._may_ask(url)
        exchange = self._exchange_verbatim(who, method, url, headers)
        if self.throttle.wait_out(exchange) or self._bridged(exchange):
            return self._exchange_verbatim(who, method, url, headers)
        return exchange

    def _exchange_verbatim(
        self, who: str, method: str, url: str, headers: Sequence[tuple[str, bytes]]
    ) -> Exchange:
        shown = [(name, value.decode("latin-1")) for name, value in headers]
        more = [(name, value.encode()) for name, value in self.gate.beside([name for name, _ in headers])]
        sent = [*headers, *more]
        exchange = self._answered(who, method, url, shown, b"", lambda: self._verbatim(method, url, sent))
        self.record(exchange)
        self.heartbeat.note(exchange, in_trouble=self.is_throttled(exchange))
        return exchange

    def _verbatim(self, method: str, url: str, headers: Sequence[tuple[str, bytes]]) -> Answer:
        def once() -> Answer:
            self._bounds.begin()
            backend = BoundedBackend(self._bounds)
            return ask(backend, self._tls, method, url, headers, BODY_LIMIT, CONNECT_LIMIT, self.proxy)

        try:
            return once()
        except (*LOST_VERBATIM, httpcore.ReadTimeout):
            return once()

    def send_together(self, requests: Sequence[Outgoing]) -> list[Exchange | NoAnswer]:
        """Send requests at the same moment, one connection each.

        None is sent again: a 429 is an answer like any other, and a lost one stands in its place in the result,
        which is in the order of the requests. What was said is recorded in the order in which the answers came.
        """
        for request in requests:
            self._may_ask(request.url)
        self.heartbeat.asked += len(requests)
        outcomes = self._exchange_together(requests)
        for exchange in sorted((one for one in outcomes if isinstance(one, Exchange)), key=lambda one: one.ended):
            self.record(exchange)
            self.heartbeat.note(exchange, in_trouble=self.is_throttled(exchange))
        return outcomes

    def _exchange_together(self, requests: Sequence[Outgoing]) -> list[Exchange | NoAnswer]:
        return ask_together(requests, self._tls, self.answer_limit, BODY_LIMIT, self.gate, self.proxy)

    def pause(self, seconds: float) -> None:
        """Let so much time pass before the next request."""
        time.sleep(seconds)

    def record(self, exchange: Exchange) -> None:
        """Note an exchange, also one of the browser's."""
        self._scanner.scan(exchange)
        self.transcript.record(exchange)
        self.history.append(exchange)

    def _may_ask(self, url: str) -> None:
        self._own(url)
        self.heartbeat.must_go_on()

    def _own(self, url: str) -> None:
        if (origin := origin_of(url)) not in self.origins:
            raise HarnessError(f"a request to {origin} was stopped: it is not one of the target's origins")

    def _exchange(self, who: str, method: str, url: str, headers: Headers, body: bytes | None) -> Exchange:
        # What lets requests through is a secret, and plain http is for none.
        gate = OPEN if origin_of(url) == self.clear_origin else self.gate
        more = gate.beside([name for name, _ in headers])
        sent = [(on_wire(name), on_wire(value)) for name, value in (*headers, *more)]
        return self._answered(
            who, method, url, list(headers), body or b"", lambda: self._connections.ask(method, url, sent, body)
        )

    def _answered(
        self, who: str, method: str, url: str, headers: Headers, body: bytes, ask: Callable[[], Answer]
    ) -> Exchange:
        """The exchange in which ``ask`` gets the answer.

        Raises NoAnswer where it gets none.
        """
        self.heartbeat.asked += 1
        started = time.monotonic()
        try:
            came = ask()
        except NONE_CAME as error:
            raise no_answer(method, url, error, self.answer_limit, self.proxy) from error
        return Exchange(
            who,
            method,
            url,
            headers,
            body,
            came.status,
            readable(came.headers),
            came.body,
            time.monotonic() - started,
            resent=came.resent,
        )
