"""Where an answer leads, and whether that is the sign-in page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from harness.core.exchange import origin_of
from harness.wire.document import read_document

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.target import Target


def destination_of(target: Target, exchange: Exchange) -> str | None:
    """The absolute URL that a redirect leads to, or None.

    A page that leads on by itself is a redirect, unless it loads itself again. The origin by which the deployment
    knows itself is the one where it is reached.
    """
    is_redirect = httpx.codes.is_redirect(exchange.status)
    url = _resolved(exchange, exchange.header("location") if is_redirect else _led_to(exchange))
    if url is None or (url == exchange.url and not is_redirect):
        return None
    if origin_of(url) == target.origin:
        web = urlsplit(target.web)
        return urlsplit(url)._replace(scheme=web.scheme, netloc=web.netloc).geturl()
    return url


def _led_to(exchange: Exchange) -> str | None:
    is_page = httpx.codes.is_success(exchange.status) and "html" in (exchange.header("content-type") or "html")
    return read_document(exchange.text).destination if is_page else None


def _resolved(exchange: Exchange, destination: str | None) -> str | None:
    if destination is None:
        return None
    try:
        url = urljoin(exchange.url, destination.strip()).partition("#")[0]
        origin_of(url)  # raises on an impossible host or port
    except ValueError:
        return None
    return url if urlsplit(url).scheme in ("http", "https") else None


def is_sign_in(target: Target, url: str) -> bool:
    """Whether an address is the sign-in page's.

    Its query may say more, and a base path or a language may stand before it.
    """
    pages = target.profile.pages
    if pages is None:
        return False
    wanted, found = urlsplit(target.url("web", pages.sign_in)), urlsplit(url)
    own, here = urlsplit(pages.sign_in).path.rstrip("/"), found.path.rstrip("/")
    is_there = here.endswith(own) if own else here == wanted.path.rstrip("/")
    return is_there and set(parse_qsl(wanted.query)) <= set(parse_qsl(found.query))
