"""A proxy between this machine and the deployment.

What is asked over http it forwards (RFC 9112 section 3.2.2); for https it makes a tunnel (RFC 9110 section 9.3.6).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

import h11
import httpcore

from harness.core.redaction import register

_CHUNK = 16 * 1024


@dataclass(frozen=True)
class Proxy:
    """A proxy that speaks HTTP, with its user and password, if any."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.user:
            register(self._encoded, "proxy's password")

    @property
    def address(self) -> str:
        """Host and port."""
        return _authority(self.host, self.port)

    @property
    def url(self) -> str:
        """The URL, without user and password."""
        return f"http://{self.address}"

    @property
    def _encoded(self) -> str:
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """What the proxy itself reads."""
        return [(b"Proxy-Authorization", f"Basic {self._encoded}".encode())] if self.user else []


def _authority(host: str, port: int) -> str:
    """Host and port, as a URL has them (RFC 3986 section 3.2)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def forwarded(proxy: Proxy | None, scheme: str) -> bool:
    """Whether a proxy is asked for the whole URL."""
    return proxy is not None and scheme == "http"


def open_tunnel(stream: httpcore.NetworkStream, host: str, port: int, proxy: Proxy) -> None:
    """Have the proxy connect the stream to a host. Raises httpcore.ProxyError."""
    parser = h11.Connection(h11.CLIENT)
    name = _authority(host, port)
    headers = [(b"Host", name.encode()), *proxy.headers]
    stream.write(parser.send(h11.Request(method="CONNECT", target=name, headers=headers)) or b"")
    stream.write(parser.send(h11.EndOfMessage()) or b"")
    while not isinstance(event := parser.next_event(), h11.Response):
        if event is h11.NEED_DATA:
            came = stream.read(_CHUNK)
            if not came:
                raise httpcore.ProxyError("it closed the connection")
            parser.receive_data(came)
    if not 200 <= event.status_code < 300:
        raise httpcore.ProxyError(f"{event.status_code} {event.reason.decode('ascii', 'replace')}".strip())
