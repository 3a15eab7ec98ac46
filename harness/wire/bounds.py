"""One deadline and one limit of bytes for an exchange.

Kept at the socket, for it as a whole.

A limit for each read is none: a server that sends a byte now and then, or one interim answer after another, never
meets it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl

    from harness.wire.proxy import Proxy

RAW_LIMIT = 8 * 1024 * 1024
"""Bytes of one answer that are read from the wire, head, framing and interim answers included."""


class TooMuch(httpcore.ReadError):
    """An answer has more bytes than are read."""


@dataclass
class Bounds:
    """What one exchange may still take; `begin` starts it.

    ``seconds`` are for the whole exchange.
    """

    seconds: float
    _ends: float = float("inf")
    _left: int = RAW_LIMIT

    def begin(self) -> None:
        """Start the clock and the count again."""
        self._ends = time.monotonic() + self.seconds
        self._left = RAW_LIMIT

    def remaining(self, timeout: float | None) -> float:
        """Seconds that one more operation may take. Raises httpcore.ReadTimeout at the end."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the exchange as a whole")
        return left if timeout is None else min(left, timeout)

    def count(self, size: int) -> None:
        """Note bytes that came. Raises TooMuch past the limit."""
        self._left -= size
        if self._left < 0:
            raise TooMuch(f"the answer has more than {RAW_LIMIT // 1024 // 1024} MB on the wire")


class BoundedBackend(httpcore.SyncBackend):
    """Connections whose every read and write counts against the bounds."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """As the base class; the stream is bounded."""
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return BoundedStream(stream, self.bounds)


class BoundedStream(httpcore.NetworkStream):
    """A connection that ends where the bounds do."""

    def __init__(self, stream: httpcore.NetworkStream, bounds: Bounds) -> None:
        self._stream, self._bounds = stream, bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes. Raises httpcore.ReadTimeout or TooMuch at the bounds."""
        came = self._stream.read(max_bytes, self._bounds.remaining(timeout))
        self._bounds.count(len(came))
        return came

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes. Raises httpcore.ReadTimeout at the bounds."""
        self._stream.write(buffer, self._bounds.remaining(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection with TLS, as bounded."""
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return BoundedStream(secured, self._bounds)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the base class's signature
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)


class BoundedTransport(httpx.HTTPTransport):
    """The library's own, on connections that are bounded."""

    def __init__(
        self, tls: ssl.SSLContext, limits: httpx.Limits, bounds: Bounds, proxy: Proxy | None = None
    ) -> None:
        super().__init__(verify=tls, trust_env=False, limits=limits)
        self._pool = _pool(tls, limits, bounds, proxy)


def _pool(
    tls: ssl.SSLContext, limits: httpx.Limits, bounds: Bounds, proxy: Proxy | None
) -> httpcore.ConnectionPool:
    common: dict[str, Any] = {
        "ssl_context": tls,
        "max_connections": limits.max_connections,
        "max_keepalive_connections": limits.max_keepalive_connections,
        "keepalive_expiry": limits.keepalive_expiry,
        "network_backend": BoundedBackend(bounds),
    }
    if proxy is None:
        return httpcore.ConnectionPool(**common)
    return httpcore.HTTPProxy(proxy.url, proxy_headers=proxy.headers, **common)
