"""Several requests at the same moment, one connection each.

Every request is sent but for its last byte; the last bytes go out together. What a server checks before it counts
shows only so: one request after another never meets in between.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.core.exchange import Exchange, NoAnswer
from harness.wire.bounds import BoundedBackend, Bounds
from harness.wire.failures import CONNECT_LIMIT, NONE_CAME, no_answer
from harness.wire.gate import OPEN, Gate
from harness.wire.header_text import on_wire, readable
from harness.wire.proxy import Proxy, forwarded
from harness.wire.verbatim import answer_on, connected

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from harness.core.exchange import Headers


@dataclass(frozen=True)
class Outgoing:
    """A request to be sent at the same moment as others."""

    who: str
    method: str
    url: str
    headers: Headers
    body: bytes | None


def ask_together(
    requests: Sequence[Outgoing],
    tls: ssl.SSLContext,
    answer_limit: float,
    body_limit: int,
    gate: Gate = OPEN,
    proxy: Proxy | None = None,
) -> list[Exchange | NoAnswer]:
    """What came of each request, in their order.

    ``answer_limit`` are seconds for each exchange as a whole, ``body_limit`` bytes. A request whose connection
    can't be made holds up no other. ``gate`` says what each has beside its headers.
    """
    if not requests:
        return []
    start = threading.Barrier(len(requests))
    contents = {id(request): _on_wire(request, gate, proxy) for request in requests}

    def ask(request: Outgoing) -> Exchange | NoAnswer:
        try:
            return _exchange(request, contents[id(request)], start, tls, answer_limit, body_limit, proxy)
        except NONE_CAME as error:
            return no_answer(request.method, request.url, error, answer_limit, proxy)
        finally:
            # Whoever still waits for this one goes ahead; past the start it changes nothing.
            start.abort()

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(ask, requests))


def _exchange(
    request: Outgoing,
    content: bytes,
    start: threading.Barrier,
    tls: ssl.SSLContext,
    answer_limit: float,
    body_limit: int,
    proxy: Proxy | None,
) -> Exchange:
    bounds = Bounds(answer_limit)
    bounds.begin()
    stream = connected(BoundedBackend(bounds), tls, urlsplit(request.url), CONNECT_LIMIT, proxy)
    try:
        stream.write(content[:-1])
        _wait_for_the_others(start)
        started = time.monotonic()
        bounds.begin()
        stream.write(content[-1:])
        came = answer_on(stream, request.method, body_limit)
    finally:
        stream.close()
    return Exchange(
        request.who,
        request.method,
        request.url,
        request.headers,
        request.body or b"",
        came.status,
        readable(came.headers),
        came.body,
        time.monotonic() - started,
        together=True,
    )


def _wait_for_the_others(start: threading.Barrier) -> None:
    try:
        start.wait(CONNECT_LIMIT)
    except threading.BrokenBarrierError:
        return  # One of them could not be connected.


def _on_wire(request: Outgoing, gate: Gate, proxy: Proxy | None) -> bytes:
    """The request as HTTP/1.1.

    With what the client library adds to every other one.
    """
    more = gate.beside([name for name, _ in request.headers])
    headers = [(on_wire(name), on_wire(value)) for name, value in (*request.headers, *more)]
    headers += [(b"Accept-Encoding", b"identity"), (b"Connection", b"close")]
    with httpx.Client(trust_env=False) as library:
        whole = library.build_request(request.method, request.url, headers=headers, content=request.body)
    target = whole.url.raw_path
    if proxy is not None and forwarded(proxy, whole.url.scheme):
        target = b"%s://%s%s" % (whole.url.raw_scheme, whole.url.netloc, target)
        whole.headers.update(proxy.headers)
    lines = [b"%s %s HTTP/1.1" % (whole.method.encode(), target)]
    lines += [b"%s: %s" % (name, value) for name, value in whole.headers.raw]
    return b"\r\n".join([*lines, b"", b""]) + (request.body or b"")
