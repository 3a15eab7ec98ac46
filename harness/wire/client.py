"""The HTTP client: follows no redirect, keeps no cookie, records every exchange.

Cookies belong to devices, never to the client, so that a replay is always on a bare one.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy

import h11
import httpcore
import httpx

from harness.core.exchange import Exchange, Headers, NoAnswer, origin_of
from harness.core.findings import HarnessError
from harness.wire.bounds import BoundedBackend, BoundedTransport, Bounds
from harness.wire.compression import DecodingError, decoded
from harness.wire.secret_scanner import SecretScanner
from harness.wire.throttle import ThrottleBudget
from harness.wire.transcript import Transcript
from harness.wire.trust import Trust
from harness.wire.verbatim import Answer, ask

CONNECT_LIMIT = 5.0
"""Seconds to wait for a connection."""

ANSWER_LIMIT = 15.0
"""Seconds to wait for a whole answer."""

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of an answer that are read, as they come and decoded; an endless stream ends here."""

_LOST = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
_LOST_VERBATIM = (httpcore.ReadError, httpcore.WriteError, h11.RemoteProtocolError)
"""A connection that ended without an answer, which may be asked once more on another."""


@dataclass
class Client:
    """Sends requests to the target's own origins and to nothing else.

    ``transcript`` is the running scenario's; ``history`` is all that was said since the client was made;
    ``answer_limit`` are the seconds that an exchange may take as a whole.
    """

    origins: frozenset[str]
    throttle: ThrottleBudget
    transcript: Transcript = field(default_factory=Transcript)
    history: list[Exchange] = field(default_factory=list)
    is_throttled: Callable[[Exchange], bool] = lambda exchange: exchange.status == httpx.codes.TOO_MANY_REQUESTS

    answer_limit: float = field(default_factory=lambda: ANSWER_LIMIT)
    trust: Trust = field(default_factory=Trust)

    def __post_init__(self) -> None:
        self._scanner = SecretScanner()
        self._bounds = Bounds(self.answer_limit)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self.trust.context()

    @cached_property
    def _client(self) -> httpx.Client:
        return self._new_client(httpx.Limits(keepalive_expiry=1.0))

    @cached_property
    def _without_kept_connections(self) -> httpx.Client:
        return self._new_client(httpx.Limits(max_keepalive_connections=0))

    def _new_client(self, limits: httpx.Limits) -> httpx.Client:
        return httpx.Client(
            transport=BoundedTransport(self._tls, limits, self._bounds),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(self.answer_limit, connect=CONNECT_LIMIT),
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()
        self._without_kept_connections.close()

    def send(self, who: str, method: str, url: str, headers: Headers = (), body: bytes | None = None) -> Exchange:
        """Send a request and record the exchange; waits out a 429.

        Once also a 503 that says for how long.

        Raises NoAnswer when nothing whole came back, Throttled when throttled past the budget.
        """
        self._own(url)
        attempt = 0
        while True:
            exchange = self._exchange(who, method, url, headers, body)
            self.record(exchange)
            if self.is_throttled(exchange):
                self.throttle.wait(exchange, attempt)
            elif attempt or not self.throttle.wait_out(exchange):
                return exchange
            attempt += 1

    def send_verbatim(self, who: str, method: str, url: str, headers: Sequence[tuple[str, bytes]]) -> Exchange:
        """Send header values that httpx refuses: raw bytes, trailing spaces, repeats."""
        self._own(url)
        started = self._begin()
        try:
            answer = self._verbatim(method, url, headers)
        except (httpcore.TimeoutException, httpcore.NetworkError, h11.RemoteProtocolError, OSError) as error:
            raise self._no_answer(method, url, error) from error
        exchange = Exchange(
            who,
            method,
            url,
            [(name, value.decode("latin-1")) for name, value in headers],
            b"",
            answer.status,
            _readable(answer.headers),
            answer.body,
            time.monotonic() - started,
        )
        self.record(exchange)
        return exchange

    def _verbatim(self, method: str, url: str, headers: Sequence[tuple[str, bytes]]) -> Answer:
        def once() -> Answer:
            backend = BoundedBackend(self._bounds)
            return ask(backend, self._tls, method, url, headers, BODY_LIMIT, CONNECT_LIMIT)

        try:
            return once()
        except _LOST_VERBATIM:
            return once()

    def _begin(self) -> float:
        self._bounds.begin()
        return time.monotonic()

    def _no_answer(self, method: str, url: str, error: Exception) -> NoAnswer:
        if isinstance(error, httpx.ConnectTimeout | httpcore.ConnectTimeout):
            why = f"no connection within {CONNECT_LIMIT:.0f} s"
        elif isinstance(error, httpx.TimeoutException | httpcore.TimeoutException | TimeoutError):
            why = f"no whole answer within {self.answer_limit:.0f} s"
        else:
            said = str(error) or type(error).__name__
            why = f"connection closed ({said})" if isinstance(error, _LOST_VERBATIM) else said
            return NoAnswer(method, url, why, timed_out=False)
        return NoAnswer(method, url, why, timed_out=True)

    def pause(self, seconds: float) -> None:
        """Let so much time pass before the next request."""
        time.sleep(seconds)

    def record(self, exchange: Exchange) -> None:
        """Note an exchange, also one of the browser's."""
        self._scanner.scan(exchange)
        self.transcript.record(exchange)
        self.history.append(exchange)

    def _own(self, url: str) -> None:
        if (origin := origin_of(url)) not in self.origins:
            raise HarnessError(f"a request to {origin} was stopped: it is not one of the target's origins")

    def _response(self, request: httpx.Request) -> httpx.Response:
        """The answer's head, on another connection where one was closed without any.

        A server may close a kept connection at any moment (RFC 9112 section 9.3.1), after a crash above all.
        """
        try:
            return self._client.send(request, stream=True)
        except _LOST:
            return self._without_kept_connections.send(request, stream=True)

    def _exchange(self, who: str, method: str, url: str, headers: Headers, body: bytes | None) -> Exchange:
        sent = [(on_wire(name), on_wire(value)) for name, value in headers]
        request = self._client.build_request(method, url, headers=sent, content=body)
        started = self._begin()
        try:
            response = self._response(request)
            try:
                content = _read(response)
            finally:
                response.close()
        except (httpx.HTTPError, DecodingError) as error:
            raise self._no_answer(method, url, error) from error
        return Exchange(
            who,
            method,
            url,
            list(headers),
            body or b"",
            response.status_code,
            _readable(response.headers.raw),
            content,
            time.monotonic() - started,
        )


def on_wire(text: str) -> bytes:
    """Text of a header as bytes.

    What came in an answer goes back as it came.

    Any byte may stand in a header (RFC 9110 section 5.5); they are read as Latin-1. What is no Latin-1 was not
    read there, and goes as UTF-8.
    """
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _readable(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_raw():
        content += chunk
        if len(content) >= BODY_LIMIT:
            break
    named = ",".join(response.headers.get_list("content-encoding"))
    encodings = [one.strip().lower() for one in named.split(",")]
    return decoded(bytes(content), encodings, BODY_LIMIT)[:BODY_LIMIT]
