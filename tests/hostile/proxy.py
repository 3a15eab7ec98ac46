"""A proxy on the loopback interface that stands in front of a correct backend and spoils its answers."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from tests.support.limits import LIMIT_SECONDS

_CHUNK = 64 * 1024
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: the kernel sends RST instead of FIN."""

Pairs = list[tuple[str, str]]


@dataclass
class Reply:
    """An answer of the backend, to be changed and sent on."""

    status: int
    headers: Pairs
    body: bytes
    reason: str = "OK"

    def without(self, *names: str) -> Pairs:
        """Its headers but those."""
        return [(name, value) for name, value in self.headers if name.lower() not in names]

    def of(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def encoded(self, body: bytes | None = None) -> bytes:
        """As it goes over the wire, its length stated."""
        content = self.body if body is None else body
        headers = [*self.without("content-length", "transfer-encoding"), ("Content-Length", str(len(content)))]
        return self.head(headers) + content

    def head(self, headers: Pairs) -> bytes:
        """The status line and these headers."""
        lines = [f"HTTP/1.1 {self.status} {self.reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogatepass")


@dataclass
class Memory:
    """What a hostile server knows: its count of requests, and whatever a kind notes."""

    asked: int = 0
    notes: dict[str, Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)


@dataclass
class Call:
    """One request, and how to answer it; ``number`` counts from 1."""

    connection: socket.socket
    backend: str
    memory: Memory
    number: int
    method: str
    path: str
    head: bytes
    body: bytes

    def forward(self) -> Reply:
        """What the backend answers. Raises ConnectionError where it says nothing."""
        parts = urlsplit(self.backend)
        with socket.create_connection((parts.hostname, parts.port), LIMIT_SECONDS) as upstream:
            upstream.sendall(self.head + self.body)
            response = HTTPResponse(upstream, method=self.method)
            try:
                response.begin()
                content = response.read()
            except HTTPException as error:
                raise ConnectionError(str(error)) from error
            headers = [(name, value) for name, value in response.getheaders() if name.lower() != "connection"]
            return Reply(response.status, headers, content, response.reason)

    def pass_on(self, reply: Reply | None = None) -> None:
        """Send the backend's answer on, or a changed one."""
        answer = reply or self.forward()
        # An answer to HEAD has the headers alone.
        self.send(answer.head(answer.headers) if self.method == "HEAD" else answer.encoded())

    def say(
        self, status: int, body: bytes = b"", *headers: tuple[str, str], kind: str = "application/json"
    ) -> None:
        """Send an answer of its own."""
        self.pass_on(Reply(status, [("Content-Type", kind), *headers], body, "Said"))

    def send(self, content: bytes) -> None:
        """Send these bytes."""
        self.connection.sendall(content)

    def drip(self, pieces: Iterator[bytes], pause: float) -> None:
        """Send one piece after another, until the client goes or the run is over."""
        for piece in pieces:
            self.send(piece)
            if self.memory.over.wait(pause):
                return

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def reset(self) -> None:
        """Break the connection off with a RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.connection.close()

    def wait(self, seconds: float) -> None:
        """Do nothing for so long, or until the run is over."""
        self.memory.over.wait(seconds)


Answer = Callable[[Call], object]


class Proxy:
    """Listens on one port; the kind that answers can be changed."""

    def __init__(self) -> None:
        self.backend = ""
        self.answer: Answer = Call.pass_on
        self.memory = Memory()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @contextlib.contextmanager
    def being(self, answer: Answer) -> Iterator[Memory]:
        """Answer so for as long as the context."""
        self.answer, self.memory = answer, Memory()
        try:
            yield self.memory
        finally:
            self.memory.over.set()
            self.answer = Call.pass_on

    def close(self) -> None:
        """Listen no longer."""
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # The client goes when it has had enough, and a kind closes as it likes.
        with connection, contextlib.suppress(OSError):
            pending = b""
            while connection.fileno() >= 0:
                head, pending = _until(connection, pending, b"\r\n\r\n")
                if not head:
                    return
                size = _length(head)
                while len(pending) < size:
                    pending += connection.recv(_CHUNK)
                body, pending = pending[:size], pending[size:]
                self.answer(self._call(connection, head, body))

    def _call(self, connection: socket.socket, head: bytes, body: bytes) -> Call:
        memory = self.memory
        with memory.lock:
            memory.asked += 1
            number = memory.asked
        method, path, *_ = [*head.split(b"\r\n", 1)[0].decode("latin-1").split(" "), "", ""]
        return Call(connection, self.backend, memory, number, method, path, head, body)


def _until(connection: socket.socket, pending: bytes, end: bytes) -> tuple[bytes, bytes]:
    while end not in pending:
        came = connection.recv(_CHUNK)
        if not came:
            return b"", b""
        pending += came
    head, _, rest = pending.partition(end)
    return head + end, rest


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
