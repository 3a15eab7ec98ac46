"""Requests whose header values are sent as they are.

A client's library refuses many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import h11
import httpcore

from harness.wire.proxy import forwarded, open_tunnel

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from harness.wire.proxy import Proxy

HEAD_LIMIT = 1024 * 1024
"""Bytes of an answer's head; browsers take some hundred kB."""
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """Status, headers and body as they came.

    ``resent`` is whether the request was sent twice for it.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    resent: bool = False


def ask(
    backend: httpcore.NetworkBackend,
    tls: ssl.SSLContext,
    method: str,
    url: str,
    headers: Sequence[tuple[str, bytes]],
    body_limit: int,
    connect_limit: float,
    proxy: Proxy | None = None,
) -> Answer:
    """Send the request on a connection of its own.

    ``body_limit`` are bytes, ``connect_limit`` seconds. Raises httpcore's errors, and h11.RemoteProtocolError for
    what is no HTTP.
    """
    parts = urlsplit(url)
    stream = connected(backend, tls, parts, connect_limit, proxy)
    try:
        stream.write(_request(method, parts, headers, proxy))
        return answer_on(stream, method, body_limit)
    finally:
        stream.close()


def connected(
    backend: httpcore.NetworkBackend,
    tls: ssl.SSLContext,
    parts: SplitResult,
    limit: float,
    proxy: Proxy | None = None,
) -> httpcore.NetworkStream:
    """A connection to the URL's host, or to the proxy that forwards.

    ``limit`` are seconds.
    """
    is_secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if is_secure else 80)
    stream = backend.connect_tcp(*((host, port) if proxy is None else (proxy.host, proxy.port)), limit)
    if proxy is not None and is_secure:
        open_tunnel(stream, host, port, proxy)
    return stream.start_tls(tls, host, limit) if is_secure else stream


def _request(method: str, parts: SplitResult, headers: Sequence[tuple[str, bytes]], proxy: Proxy | None) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    lines = [f"Host: {host}".encode()]
    if proxy is not None and forwarded(proxy, parts.scheme):
        target = f"{parts.scheme}://{host}{target}"
        lines += [b"%s: %s" % one for one in proxy.headers]
    lines.insert(0, f"{method} {target} HTTP/1.1".encode())
    lines += [b"Accept-Encoding: identity", *(name.encode() + b": " + value for name, value in headers)]
    return b"\r\n".join([*lines, b"", b""])


def answer_on(stream: httpcore.NetworkStream, method: str, body_limit: int) -> Answer:
    """The answer to a request of that method."""
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_LIMIT)
    # What the answer is to: HEAD has none of the body that its headers announce.
    parser.send(h11.Request(method=method, target="/", headers=[("Host", "-")]))
    parser.send(h11.EndOfMessage())
    head, content = None, bytearray()
    while len(content) < body_limit:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            came = stream.read(_CHUNK)
            if not came and head is None:
                raise h11.RemoteProtocolError("without an answer")
            parser.receive_data(came)
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            content += event.data
        elif not isinstance(event, h11.InformationalResponse):
            break
    if head is None:
        raise h11.RemoteProtocolError("without an answer")
    return Answer(head.status_code, list(head.headers.raw_items()), bytes(content[:body_limit]))
