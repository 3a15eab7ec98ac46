"""A small server on the loopback interface whose answers a test writes, and which notes what it was asked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """One request as it came in; header names are lower case."""

    method: str
    path: str
    headers: dict[str, list[str]]
    body: bytes


Answer = Callable[["Handler"], object]


@dataclass
class Server:
    """A running server: its base URL and what it was asked so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Notes the request and lets the test's function answer it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def say(self, status: int, body: bytes = b"", *headers: tuple[str, str]) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def say_forever(self, chunk: bytes, *, between: Callable[[], object] = lambda: None) -> None:
        """Send a body without end until the client goes away; ``between`` runs after each chunk."""
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            while not self.server.stopping.is_set():
                self.wfile.write(chunk)
                between()

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def _do(self) -> None:
        headers: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.noted.asked.append(Asked(self.command, self.path, headers, body))
        self.server.answer(self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _do  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.stopping = threading.Event()
        self.noted = Server(f"http://127.0.0.1:{self.server_port}")


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1 that answers as told, for as long as the context."""
    server = _Server(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.noted
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
