"""The way to a page, with redirects followed within the deployment."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.core.exchange import origin_of
from harness.core.text import listed
from harness.deployment.destination import destination_of, is_sign_in
from harness.wire.cookies import parse_set_cookie

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.deployment.credential import Credential
    from harness.deployment.operations import Operations

MOST_REDIRECTS = 20
"""Redirects that are followed, as many as browsers do."""


@dataclass(frozen=True)
class Trail:
    """The answers on the way to a page, the last one last.

    ``circle`` are the paths between which the way goes on for ever, ``outside`` is where it leaves the deployment.
    ``to_sign_in`` says that it leads to the sign-in page.
    """

    exchanges: tuple[Exchange, ...]
    circle: tuple[str, ...] = ()
    outside: str | None = None
    to_sign_in: bool = False

    @property
    def end(self) -> Exchange:
        """The last answer."""
        return self.exchanges[-1]

    @property
    def circles(self) -> str:
        """Between which paths it goes round, as a sentence ends."""
        if len(self.circle) == 1:
            return f"sent back to {self.circle[0]} again and again"
        return f"sent round in circles between {listed(sorted(self.circle), 'and')}"


def follow(
    operations: Operations,
    path: str,
    who: str,
    credential: Credential,
    extra: Headers = (),
    *,
    through_sign_in: bool = False,
    method: str = "GET",
) -> Trail:
    """Ask for a page, and GET the pages that it leads to.

    Each request carries the credential, and the cookies that were set on the way. Without ``through_sign_in`` the
    sign-in page is not asked for: that the way leads there is enough.
    """
    target = operations.target
    url, carried = target.url("web", path), dict(credential.cookies)
    exchanges: list[Exchange] = []
    visited: list[tuple[str, dict[str, str]]] = []
    while True:
        visited.append((url, dict(carried)))
        exchanges.append(operations.document(url, who, replace(credential, cookies=dict(carried)), extra, method))
        method = "GET"
        _keep(carried, exchanges[-1])
        following = destination_of(target, exchanges[-1])
        if following is None:
            return Trail(tuple(exchanges), to_sign_in=is_sign_in(target, url))
        if origin_of(following) not in target.origins:
            return Trail(tuple(exchanges), outside=following, to_sign_in=is_sign_in(target, following))
        if (following, carried) in visited or len(visited) > MOST_REDIRECTS:
            return Trail(tuple(exchanges), circle=_circle([one for one, _ in visited], following))
        if is_sign_in(target, following) and not through_sign_in:
            return Trail(tuple(exchanges), to_sign_in=True)
        url = following


def _circle(visited: list[str], following: str) -> tuple[str, ...]:
    """The paths from the first visit of ``following`` on, each once."""
    start = visited.index(following) if following in visited else 0
    return tuple(dict.fromkeys(urlsplit(url).path or "/" for url in visited[start:]))


def _keep(carried: dict[str, str], exchange: Exchange) -> None:
    for cookie in filter(None, map(parse_set_cookie, exchange.set_cookies)):
        lifetime = cookie.lifetime(time.time())
        if cookie.value and (lifetime is None or lifetime > 0):
            carried[cookie.name] = cookie.value
        else:
            carried.pop(cookie.name, None)
