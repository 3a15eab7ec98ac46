"""What workers say during a run, for the user's terminal.

xdist has no way for it: what a worker prints is lost, and its reports come when a scenario has ended.
"""

from __future__ import annotations

import contextlib
import hmac
import re
import secrets
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.redaction import redact
from harness.core.text import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Callable

Address = tuple[int, str]
"""A port of the loopback interface, and the key of who listens there."""
QUIET_SECONDS = 5.0
"""So long the like of an announcement is not repeated, whatever worker makes it."""
_END = "\0"
_LONGEST = 400
"""Characters of one."""
_DATAGRAM = 4096
"""Bytes that one takes at most, its key and the UTF-8 of its characters."""
_NUMBERS = re.compile(r"\d+")


@dataclass
class Announcements:
    """A socket that workers send to, and its thread.

    It is of the loopback interface and belongs to the process that the user started. However that ends it is gone
    as well: no file stands for it.
    """

    announce: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _key: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    _said: dict[str, float] = field(default_factory=dict)
    _socket: socket.socket | None = None
    _reader: threading.Thread | None = None

    def open(self) -> Address:
        """Where workers send, and the key that says it is they.

        The socket is made at the first call.
        """
        if self._socket is None:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.bind(("127.0.0.1", 0))
            self._reader = threading.Thread(target=self._read, args=(self._socket,), daemon=True)
            self._reader.start()
        return self._socket.getsockname()[1], self._key

    def close(self) -> None:
        """End the thread and the socket."""
        if self._socket is not None and self._reader is not None:
            _send(self.open(), _END)
            self._reader.join(QUIET_SECONDS)
            self._socket.close()
            self._socket = None

    def take(self, line: str) -> None:
        """Announce a worker's line, unless the like of it was just said."""
        kind, now = _NUMBERS.sub("*", line), self.clock()
        if now - self._said.get(kind, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._said[kind] = now
            self.announce(line)

    def _read(self, incoming: socket.socket) -> None:
        while True:
            key, _, line = incoming.recv(_DATAGRAM).decode("utf-8", "replace").partition(" ")
            if not hmac.compare_digest(key.encode(), self._key.encode()):
                continue
            if line == _END:
                return
            self.take(line)


def send(to: Address, text: str) -> None:
    """Hand a line to the process that the user started, masked.

    Where that is gone, or does not read, the line is lost.
    """
    _send(to, shortened(one_line(redact(text)), _LONGEST))


def _send(to: Address, line: str) -> None:
    port, key = to
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outgoing:
        outgoing.sendto(f"{key} {line}".encode(), ("127.0.0.1", port))
