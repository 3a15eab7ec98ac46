"""An HTTP listener that notes who asks it.

It answers and never asks: a request to it is the finding.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_Answer = Callable[[str, str, str], tuple[bytes, str] | None]
"""Content and type for a method, a path and who asks."""

_IDLE_SECONDS = 2.0
"""How long a connection may say nothing."""
_PORT_SECONDS = 5.0
"""How long another worker may hold the port that the user gave."""
_PAUSE = 0.05
_MOST_VISITS = 100


@dataclass(frozen=True)
class Place:
    """Where to listen; the port 0 is a free one."""

    host: str
    port: int


def place_of(word: str) -> Place:
    """A place written as HOST:PORT. Raises ValueError for what is none."""
    parts = urlsplit(f"//{word}")
    if parts.port is None or not parts.hostname or parts.netloc != word or parts.username is not None:
        raise ValueError(word)
    return Place(parts.hostname, parts.port)


@dataclass(frozen=True)
class Visit:
    """A request for something that was served."""

    method: str
    path: str
    peer: str


class Listener:
    """Serves what it is given, and notes who asks for it.

    What was never served is answered 404 and not noted: it may be anybody's.
    """

    def __init__(self, place: Place) -> None:
        """Listen. Raises OSError where that can't be done."""
        self.visits: list[Visit] = []
        self._served: dict[str, tuple[bytes, str]] = {}
        self._host = f"[{place.host}]" if ":" in place.host else place.host
        self._server = _bound(place, self._answer)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_PAUSE,), daemon=True)
        self._thread.start()

    def serve(self, path: str, content: bytes, kind: str) -> None:
        """Answer requests for a path with that content."""
        self._served[path] = (content, kind)

    def url(self, path: str, user: str = "") -> str:
        """The address of a path, with a user name where given."""
        return f"http://{user}{'@' if user else ''}{self._host}:{self._server.server_address[1]}{path}"

    def close(self) -> None:
        """Stop listening, and end every connection."""
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()

    def _answer(self, method: str, path: str, peer: str) -> tuple[bytes, str] | None:
        found = self._served.get(path)
        if found is not None and len(self.visits) < _MOST_VISITS:
            self.visits.append(Visit(method, path, peer))
        return found


class _Handler(BaseHTTPRequestHandler):
    timeout = _IDLE_SECONDS
    server: _Server

    def _do(self) -> None:
        found = self.server.answer(self.command, self.path.partition("?")[0], str(self.client_address[0]))
        content, kind = found if found is not None else (b"", "text/plain")
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = _do  # noqa: N815 - the library's names

    def handle_one_request(self) -> None:
        with contextlib.suppress(OSError):
            super().handle_one_request()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    """So that closing waits for them."""

    def __init__(self, place: Place, answer: _Answer) -> None:
        self.address_family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        self.answer = answer
        self._connections: set[socket.socket] = set()
        super().__init__((place.host, place.port), _Handler)

    def server_bind(self) -> None:
        """Bind without looking for the machine's name, which may take a while."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's own
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - the library's own
        self._connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """End what is still open, whatever it is at."""
        for connection in [*self._connections]:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that broke."""


def _bound(place: Place, answer: _Answer) -> _Server:
    until = time.monotonic() + _PORT_SECONDS
    while True:
        try:
            return _Server(place, answer)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
