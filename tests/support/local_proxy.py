"""A small proxy on the loopback interface, which notes what it was asked and may want a password."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_CHUNK = 64 * 1024
_OF_THE_HOP = ("proxy-authorization", "proxy-connection", "connection", "transfer-encoding")


@dataclass
class LocalProxy:
    """A running proxy: its port, and each request that it let through."""

    port: int
    password: str = ""
    """User and password that it wants, with a colon between them."""
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _may_pass(self) -> bool:
        noted = self.server.noted
        wanted = f"Basic {base64.b64encode(noted.password.encode()).decode()}"
        if noted.password and self.headers.get("Proxy-Authorization") != wanted:
            noted.refused.append(f"{self.command} {self.path}")
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False
        noted.asked.append(f"{self.command} {self.path}")
        return True

    def do_CONNECT(self) -> None:
        """Connect to the host, and hand on bytes in both directions."""
        if not self._may_pass():
            return
        host, _, port = self.path.rpartition(":")
        self.close_connection = True
        with contextlib.suppress(OSError), socket.create_connection((host.strip("[]"), int(port))) as there:
            self.send_response(200)
            self.end_headers()
            ends = {self.connection: there, there: self.connection}
            while True:
                for ready in select.select(list(ends), [], [])[0]:
                    came = ready.recv(_CHUNK)
                    if not came:
                        return
                    ends[ready].sendall(came)

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._may_pass():
            return
        parts = urlsplit(self.path)
        there = HTTPConnection(parts.hostname or "", parts.port or 80)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        there.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in _OF_THE_HOP:
                there.putheader(name, value)
        there.endheaders(body or None)
        came = there.getresponse()
        content = came.read()
        self.send_response_only(came.status)
        for name, value in came.getheaders():
            if name.lower() not in (*_OF_THE_HOP, "content-length"):
                self.send_header(name, value)
        if self.command != "HEAD" and came.status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        there.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_TRACE = _forward  # noqa: N815

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.noted = LocalProxy(self.server_port, password)


@contextlib.contextmanager
def proxying(password: str = "") -> Iterator[LocalProxy]:
    """A proxy on a free port of 127.0.0.1, for as long as the context."""
    server = _Server(password)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.noted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
