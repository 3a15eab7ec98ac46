"""Stands between the suite and a server and keeps every byte: a test's own knowledge of each secret."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus, urlsplit

from harness.flows.common_passwords import COMMON
from harness.flows.odd_credentials import IN_SQL

_SHORTEST_PASSWORD, _SHORTEST_TOKEN, _LONGEST = 6, 12, 4096
"""Shorter and longer ones are tried on purpose: one character, and more than any header holds."""
_PASSWORDS = (re.compile(r'"(?:\w*[pP]assword)": ?"([^"]+)"'), re.compile(r"\bpassword=([^&\s]+)"))
_TOKENS = (
    re.compile(r'"\w*[tT]oken": ?"([^"]+)"'),
    re.compile(r"(?im)^authorization: .*?([^ \r\n]+)\r?$"),
    re.compile(r"(?im)^set-cookie: [^=\r\n]+=([^;\r\n]+)"),
)
_NAMES = re.compile(r"(?im)^set-cookie: ([^=\r\n]+)=")
_COOKIES = re.compile(r"(?im)^cookie: ([^\r\n]+)")


@dataclass
class Wiretap:
    """A TCP proxy on the loopback interface; ``upstream`` is a base URL, known once the server has started."""

    upstream: str = ""
    heard: list[bytes] = field(default_factory=list)
    url: str = ""

    def secrets(self) -> set[str]:
        """Every password, token and cookie value that went through, as it was spelt."""
        text = b"\n".join(self.heard).decode("latin-1")
        passwords = {unquote_plus(found) for pattern in _PASSWORDS for found in pattern.findall(text)}
        tokens = {found for pattern in _TOKENS for found in pattern.findall(text)}
        pairs = [pair.partition("=") for line in _COOKIES.findall(text) for pair in line.split("; ")]
        # Other cookies are claims that an attempt makes up, such as somebody's id.
        given = set(_NAMES.findall(text))
        tokens |= {value for name, _, value in pairs if name in given}
        return {
            one
            for one in passwords
            if _SHORTEST_PASSWORD <= len(one) <= _LONGEST and one not in (*COMMON, *IN_SQL)
        } | {one for one in tokens if _SHORTEST_TOKEN <= len(one) <= _LONGEST}


def spellings(secret: str) -> set[str]:
    """How a secret may stand in an artefact: raw, percent-encoded, in base64, and a JWT by its parts."""
    found = {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode().rstrip("=")}
    if secret.count(".") == 2:
        found |= {part for part in secret.split(".") if len(part) >= _SHORTEST_TOKEN}
    return found


@contextlib.contextmanager
def tapping() -> Iterator[Wiretap]:
    """Listen on a free port and pass on to ``upstream`` for as long as the context."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        tap = Wiretap(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        threading.Thread(target=_accept, args=(listener, tap), daemon=True).start()
        yield tap
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, tap: Wiretap) -> None:
    with contextlib.suppress(OSError):
        while True:
            client = listener.accept()[0]
            parts = urlsplit(tap.upstream)
            server = socket.create_connection((parts.hostname, parts.port))
            for source, sink in ((client, server), (server, client)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=_pump, args=(source, sink, tap), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, tap: Wiretap) -> None:
    with contextlib.suppress(OSError):
        while received := source.recv(65536):
            tap.heard.append(received)
            sink.sendall(received)
        sink.shutdown(socket.SHUT_WR)
