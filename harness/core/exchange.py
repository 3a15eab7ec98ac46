"""One request and its answer, or why none came."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harness.core.text import encodable

Headers = Sequence[tuple[str, str]]

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class NoAnswer(Exception):  # noqa: N818 - what happened, in the words of a report
    """No whole answer came: refused, reset, or not within the named limit.

    ``why`` is the reason alone, ``asked`` is method and URL; ``reached`` is whether there was a connection at all.
    """

    def __init__(self, method: str, url: str, why: str, *, timed_out: bool, reached: bool = True) -> None:
        self.asked = f"{method} {url}"
        self.reached = reached
        self.why = why
        self.timed_out = timed_out
        super().__init__(f"{self.asked}: {why}")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    who: str
    """Whose device sent it."""
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    status: int
    headers: Headers
    body: bytes = field(repr=False)
    elapsed: float
    """Seconds from the request to the whole answer."""
    ended: float = field(default_factory=time.monotonic, compare=False)
    """When the whole answer was there, by the monotonic clock."""
    resent: bool = field(default=False, compare=False)
    """Whether the first answer was lost, so that the request may have been carried out twice."""
    together: bool = field(default=False, compare=False)
    """Whether it was sent at the same moment as others, which no sequence of requests repeats."""
    by_browser: bool = field(default=False, compare=False)
    """Whether a browser sent it: its answer is here without body and without cookies."""

    @property
    def text(self) -> str:
        """The answer's body, decoded leniently."""
        return self.body.decode("utf-8", "replace")

    @property
    def everything(self) -> str:
        """Header lines and body as one text, to search."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers) + "\n" + self.text

    def json(self) -> Any:  # noqa: ANN401 - JSON is any
        """The body as JSON, its texts encodable.

        Raises ValueError where it is none.
        """
        try:
            found = json.loads(self.body)
            # Only an escape can spell what no encoding can.
            return _encodable(found) if b"\\" in self.body else found
        except RecursionError as error:
            raise ValueError("the body is nested too deep for JSON") from error

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next(iter(self.all_headers(name)), None)

    def all_headers(self, name: str) -> list[str]:
        """Each header of that name, as sent."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def sent(self, name: str) -> list[str]:
        """Each header of that name in the request."""
        return [value for key, value in self.request_headers if key.lower() == name]

    @property
    def set_cookies(self) -> list[str]:
        """The raw ``Set-Cookie`` headers."""
        return self.all_headers("set-cookie")


def _encodable(data: Any) -> Any:  # noqa: ANN401 - JSON is any
    if isinstance(data, dict):
        return {encodable(key): _encodable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_encodable(value) for value in data]
    return encodable(data) if isinstance(data, str) else data


GATEWAY_ERRORS = (502, 503, 504)
"""Statuses of a gateway that reaches nothing (RFC 9110 sections 15.6.3 to 15.6.5)."""


def is_safe(method: str) -> bool:
    """Whether a request of that method changes nothing (RFC 9110 section 9.2.1)."""
    return method in _SAFE_METHODS


def origin_of(url: str) -> str:
    """A URL's origin (RFC 6454), without the scheme's default port."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
