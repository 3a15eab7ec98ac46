"""The HTTP client: follows no redirect, keeps no cookie, records every exchange.

Cookies belong to devices, never to the client, so that a replay is always on a bare one.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from harness.core.exchange import Exchange, Headers, NoAnswer, origin_of
from harness.core.findings import HarnessError
from harness.wire.secret_scanner import SecretScanner
from harness.wire.throttle import ThrottleBudget
from harness.wire.transcript import Transcript

CONNECT_LIMIT = 5.0
"""Seconds to wait for a connection."""

ANSWER_LIMIT = 15.0
"""Seconds to wait for a whole answer."""

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of an answer that are read; an endless stream ends here."""

_CHUNK = 64 * 1024


@dataclass
class Client:
    """Sends requests to the target's own origins and to nothing else.

    ``transcript`` is the running scenario's; ``history`` is all that was said since the client was made.
    """

    origins: frozenset[str]
    throttle: ThrottleBudget
    transcript: Transcript = field(default_factory=Transcript)
    history: list[Exchange] = field(default_factory=list)
    is_throttled: Callable[[Exchange], bool] = lambda exchange: exchange.status == httpx.codes.TOO_MANY_REQUESTS

    def __post_init__(self) -> None:
        self._scanner = SecretScanner()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    @cached_property
    def _client(self) -> httpx.Client:
        return self._new_client(httpx.Limits(keepalive_expiry=1.0))

    @cached_property
    def _without_kept_connections(self) -> httpx.Client:
        return self._new_client(httpx.Limits(max_keepalive_connections=0))

    def _new_client(self, limits: httpx.Limits) -> httpx.Client:
        return httpx.Client(
            verify=self._tls,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(ANSWER_LIMIT, connect=CONNECT_LIMIT),
            limits=limits,
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
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=ANSWER_LIMIT, context=self._tls)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=ANSWER_LIMIT)
        )
        started = time.monotonic()
        try:
            connection.putrequest(method, parts.path + (f"?{parts.query}" if parts.query else ""))
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            content = _read_verbatim(answer, started)
        except (OSError, http.client.HTTPException) as error:
            timed_out = isinstance(error, TimeoutError)
            why = f"no answer within {ANSWER_LIMIT:.0f} s" if timed_out else f"connection closed ({error!r})"
            raise NoAnswer(method, url, why, timed_out=timed_out) from error
        finally:
            connection.close()
        exchange = Exchange(
            who,
            method,
            url,
            [(name, value.decode("latin-1")) for name, value in headers],
            b"",
            answer.status,
            answer.getheaders(),
            content,
            time.monotonic() - started,
        )
        self.record(exchange)
        return exchange

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
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            return self._without_kept_connections.send(request, stream=True)

    def _exchange(self, who: str, method: str, url: str, headers: Headers, body: bytes | None) -> Exchange:
        request = self._client.build_request(method, url, headers=list(headers), content=body)
        started = time.monotonic()
        try:
            response = self._response(request)
            try:
                content = _read(response, started)
            finally:
                response.close()
        except httpx.ConnectTimeout as error:
            why = f"no connection within {CONNECT_LIMIT:.0f} s"
            raise NoAnswer(method, url, why, timed_out=True) from error
        except httpx.TimeoutException as error:
            why = f"no whole answer within {ANSWER_LIMIT:.0f} s"
            raise NoAnswer(method, url, why, timed_out=True) from error
        except httpx.HTTPError as error:
            raise NoAnswer(method, url, str(error) or type(error).__name__, timed_out=False) from error
        return Exchange(
            who,
            method,
            url,
            list(headers),
            body or b"",
            response.status_code,
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw],
            content,
            time.monotonic() - started,
        )


def _read(response: httpx.Response, started: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) >= BODY_LIMIT:
            break
        if time.monotonic() - started > ANSWER_LIMIT:
            raise httpx.ReadTimeout("the answer trickles")
    return bytes(content[:BODY_LIMIT])


def _read_verbatim(answer: http.client.HTTPResponse, started: float) -> bytes:
    content = bytearray()
    while len(content) < BODY_LIMIT and (chunk := answer.read1(_CHUNK)):
        content += chunk
        if time.monotonic() - started > ANSWER_LIMIT:
            raise TimeoutError("the answer trickles")
    if answer.length and len(content) < BODY_LIMIT:
        raise http.client.IncompleteRead(bytes(content), answer.length)
    return bytes(content)
