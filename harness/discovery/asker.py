"""Asking a deployment harmless questions, and not too many of them."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from harness.core.exchange import NoAnswer, origin_of
from harness.profile.operation import by_base
from harness.profile.toml.strings import BareCookieName, takes
from harness.wire.cookies import bare_name, parse_set_cookie
from harness.wire.throttle import Throttled

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.profile.operation import Base
    from harness.wire.client import Client

MOST_REQUESTS = 60
"""Requests that a discovery sends at most."""
PATIENCE = 90.0
"""Seconds after which nothing more is asked; an answer that is under way is still waited for."""
_SILENT = 2
"""Unanswered requests after which an origin is not asked again."""
_WHO = "discovery"


@dataclass(frozen=True)
class Addresses:
    """The deployment's two base URLs, without trailing slash.

    ``api`` is ``web`` where there is one only.
    """

    web: str
    api: str

    @property
    def bases(self) -> tuple[Base, ...]:
        """The bases that differ."""
        return ("web",) if self.web == self.api else ("web", "api")

    def of(self, base: Base) -> str:
        """The base's URL."""
        # An auth server of its own is not looked for.
        return by_base(base, web=self.web, api=self.api, auth=self.web)

    def path_of(self, base: Base, link: str, seen_at: str) -> str | None:
        """The path below a base that a link leads to.

        ``seen_at`` is the page with the link. None if the link leaves the base.
        """
        try:
            url = urljoin(self.of(base) + seen_at, link.strip())
            if origin_of(url) != origin_of(self.of(base)):
                return None
        except ValueError:
            return None
        path, below = urlsplit(url).path or "/", urlsplit(self.of(base)).path
        # No braces: in a profile they stand for something else.
        plain = re.fullmatch(r"/[!-z|~]{0,200}", path.removeprefix(below))
        return plain[0] if plain and path.startswith(f"{below}/") else None


@dataclass
class Asker:
    """Sends each request once and remembers its answer.

    ``cookies`` are the bare names of all cookies that were set to a value, oldest first.
    """

    client: Client
    addresses: Addresses
    asked: int = 0
    cookies: dict[str, None] = field(default_factory=dict)
    throttled: bool = False
    _answers: dict[tuple[str, str, Headers, bytes | None], Exchange | None] = field(default_factory=dict)
    _unanswered: Counter[str] = field(default_factory=Counter)
    _silences: dict[str, NoAnswer] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    def get(self, base: Base, path: str) -> Exchange | None:
        """What a GET as a browser sends it answers; see `ask`."""
        return self.ask(base, "GET", path, (("Accept", "text/html, application/json;q=0.9"),))

    def ask(
        self, base: Base, method: str, path: str, headers: Headers = (), body: bytes | None = None
    ) -> Exchange | None:
        """The answer.

        None where there is none, or where enough has been asked.
        """
        url = self.addresses.of(base) + path
        key = (method, url, tuple(headers), body)
        if key not in self._answers:
            if self.exhausted or self._unanswered[origin_of(url)] >= _SILENT:
                return None
            self._answers[key] = self._send(*key)
        return self._answers[key]

    @property
    def exhausted(self) -> bool:
        """Whether as much was asked as may be."""
        return self.asked >= MOST_REQUESTS or time.monotonic() - self._since > PATIENCE

    def silence(self, base: Base, path: str) -> NoAnswer | None:
        """Why no answer came to the last request there, if none did."""
        return self._silences.get(self.addresses.of(base) + path)

    def _send(self, method: str, url: str, headers: Headers, body: bytes | None) -> Exchange | None:
        self.asked += 1
        try:
            exchange = self.client.send(_WHO, method, url, headers, body)
        except NoAnswer as silence:
            self._unanswered[origin_of(url)] += 1
            self._silences[url] = silence
            return None
        except Throttled:  # waiting is not worth it here
            self.throttled = True
            return None
        for raw in exchange.set_cookies:
            if (
                (cookie := parse_set_cookie(raw))
                and cookie.value
                and takes(BareCookieName, bare_name(cookie.name))
            ):
                self.cookies[bare_name(cookie.name)] = None
        return exchange
