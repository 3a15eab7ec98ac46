"""The HTTP client: follows no redirect, keeps no cookie, records every exchange, waits when told to.

Cookies belong to devices (`harness.actors`), never to the client, so that a replay is always on a bare one.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpx

from harness.evidence.catching import Catcher
from harness.evidence.transcript import Transcript
from harness.verdict import HarnessError, NotTested

CONNECT_LIMIT = 5.0
"""Seconds to wait for a connection."""
ANSWER_LIMIT = 15.0
"""Seconds to wait for a whole answer."""
BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of an answer that are read; an endless stream ends here."""
_CHUNK = 64 * 1024
_FIRST_WAIT = 2.0
_SHORTEST_WAIT = 1.0
_LONGEST_WAIT = 60.0

Headers = Sequence[tuple[str, str]]


class NoAnswer(Exception):  # noqa: N818 - what happened, in the words of a report
    """No whole answer came: refused, reset, or not within the named limit."""

    def __init__(self, method: str, url: str, why: str, *, timed_out: bool) -> None:
        self.timed_out = timed_out
        super().__init__(f"{method} {url}: {why}")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. ``elapsed`` is in seconds; ``who`` is a person's device.

    ``ended`` is when the answer was there, in seconds of a clock that only tells how long things took.
    """

    who: str
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    status: int
    headers: Headers
    body: bytes
    elapsed: float
    ended: float = field(default_factory=time.monotonic, compare=False)

    @property
    def text(self) -> str:
        """The answer's body, decoded leniently."""
        return self.body.decode("utf-8", "replace")

    @property
    def everything(self) -> str:
        """Header lines and body as one text, to look for what must not be there."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers) + "\n" + self.text

    def json(self) -> Any:  # noqa: ANN401 - JSON is any
        """The body as JSON; raises ValueError when it isn't."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next(iter(self.all_headers(name)), None)

    def all_headers(self, name: str) -> list[str]:
        """Each header of that name, as sent."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def sent(self, name: str) -> list[str]:
        """Each header of that name in the request."""
        return [value for key, value in self.request_headers if key.lower() == name]

    @property
    def set_cookies(self) -> list[str]:
        """The raw ``Set-Cookie`` headers."""
        return self.all_headers("set-cookie")


@dataclass
class ThrottleBudget:
    """Seconds that a run may spend waiting because the deployment said 429."""

    limit: float
    used: float = 0.0
    announce: Callable[[str], None] = lambda _: None

    def wait(self, exchange: Exchange, attempt: int) -> None:
        """Wait as long as the answer asks for, or raise NotTested when the budget can't pay for it."""
        pause = retry_after(exchange)
        # At least a little even where none is asked for: otherwise the budget would never be used up.
        seconds = min(2.0**attempt * _FIRST_WAIT, _LONGEST_WAIT) if pause is None else max(pause, _SHORTEST_WAIT)
        if self.used + seconds > self.limit:
            raise NotTested(
                f"the deployment throttles ({exchange.method} {urlsplit(exchange.url).path}: {exchange.status}) "
                f"and the {self.limit:.0f} s that may be spent on waiting are used up.",
                "Give more with --throttle-budget SECONDS, or raise the deployment's limits for the suite.",
                [exchange],
            )
        path = urlsplit(exchange.url).path
        self.announce(f"throttled by {path}: waiting {seconds:.0f} s ({self.used:.0f} of {self.limit:.0f} s used)")
        self.used += seconds
        time.sleep(seconds)


def retry_after(exchange: Exchange) -> float | None:
    """Seconds from ``Retry-After`` (RFC 9110 section 10.2.3, both forms) or ``X-Retry-After``."""
    for name in ("retry-after", "x-retry-after"):
        value = exchange.header(name)
        if value is None:
            continue
        if value.strip().isascii() and value.strip().isdigit():
            return float(value)
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        except ValueError:
            continue
    return None


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
        self._catcher = Catcher()
        self._tls = ssl.create_default_context()
        self._client = httpx.Client(
            verify=self._tls,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(ANSWER_LIMIT, connect=CONNECT_LIMIT),
            limits=httpx.Limits(keepalive_expiry=1.0),
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def send(self, who: str, method: str, url: str, headers: Headers = (), body: bytes | None = None) -> Exchange:
        """Send one request and record the exchange; a 429 is waited out within the budget.

        Raises NoAnswer when nothing whole came back, NotTested when throttled past the budget.
        """
        self._own(url)
        attempt = 0
        while True:
            exchange = self._exchange(who, method, url, headers, body)
            self.record(exchange)
            if not self.is_throttled(exchange):
                return exchange
            self.throttle.wait(exchange, attempt)
            attempt += 1

    def send_verbatim(self, who: str, method: str, url: str, headers: Sequence[tuple[str, bytes]]) -> Exchange:
        """Send header values that well-behaved clients refuse to send: raw bytes, trailing blanks, repeats."""
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

    def record(self, exchange: Exchange) -> None:
        """Note an exchange, whoever made it."""
        self._catcher.catch(exchange)
        self.transcript.record(exchange)
        self.history.append(exchange)

    def _own(self, url: str) -> None:
        if (origin := origin_of(url)) not in self.origins:
            raise HarnessError(f"a request to {origin} was stopped: it is not one of the target's origins")

    def _exchange(self, who: str, method: str, url: str, headers: Headers, body: bytes | None) -> Exchange:
        request = self._client.build_request(method, url, headers=list(headers), content=body)
        started = time.monotonic()
        try:
            response = self._client.send(request, stream=True)
            try:
                content = _read(response, started)
            finally:
                response.close()
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


def origin_of(url: str) -> str:
    """The origin (RFC 6454) of a URL: scheme, host and a port that isn't the scheme's own."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
