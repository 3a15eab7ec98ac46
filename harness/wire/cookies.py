"""A cookie jar like a browser's (RFC 6265bis sections 5.6 to 5.8).

``http.cookiejar`` keeps ``Secure`` cookies from http://localhost and never sends them back, which turns
a signed-in client into an anonymous one without a word; so the suite has its own, one per device.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

_WHOLE_SECONDS = re.compile(r"-?[0-9]+")
_PREFIXES = ("__Host-", "__Secure-")


@dataclass(frozen=True)
class SetCookie:
    """One ``Set-Cookie`` header, parsed."""

    name: str
    value: str
    attributes: dict[str, str]
    """By their names in lower case."""
    raw: str
    """The header as it was sent."""

    @property
    def secure(self) -> bool:
        """Whether it travels over https only."""
        return "secure" in self.attributes

    @property
    def same_site(self) -> str:
        """``strict``, ``lax``, ``none`` or empty when the attribute is absent."""
        return self.attributes.get("samesite", "").lower()

    @property
    def path(self) -> str:
        """The Path attribute as sent, or empty."""
        return self.attributes.get("path", "")

    def lifetime(self, now: float) -> float | None:
        """Seconds to live from ``now`` (Unix time); None for a session cookie."""
        if _WHOLE_SECONDS.fullmatch(self.attributes.get("max-age", "")):
            return float(self.attributes["max-age"])
        if "expires" in self.attributes:
            try:
                return parsedate_to_datetime(self.attributes["expires"]).timestamp() - now
            except ValueError:
                return None
        return None


def parse_set_cookie(header: str) -> SetCookie | None:
    """A ``Set-Cookie`` value parsed (RFC 6265bis section 5.6); None without a name."""
    pair, *rest = header.split(";")
    name, equals, value = pair.partition("=")
    if not equals or not name.strip():
        return None
    attributes: dict[str, str] = {}
    for part in rest:
        key, _, content = part.partition("=")
        attributes[key.strip().lower()] = content.strip()
    return SetCookie(name.strip(), value.strip(), attributes, header)


def bare_name(name: str) -> str:
    """A cookie's name without the ``__Host-`` or ``__Secure-`` prefix that https adds."""
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


@dataclass
class _Stored:
    cookie: SetCookie
    host: str
    host_only: bool
    path: str
    expires: float | None


@dataclass
class CookieJar:
    """The cookies of one device."""

    _stored: dict[tuple[str, str, bool, str], _Stored] = field(default_factory=dict)

    def store(self, headers: list[str], url: str) -> None:
        """Take in the ``Set-Cookie`` headers of an answer from ``url``."""
        for header in headers:
            if (cookie := parse_set_cookie(header)) is not None:
                self._store_one(cookie, url)

    def _store_one(self, cookie: SetCookie, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        domain = cookie.attributes.get("domain", "").removeprefix(".").lower()
        if domain and not _domain_matches(host, domain):
            return
        if (cookie.secure and not _trustworthy(url)) or not _prefix_holds(cookie):
            return
        now = time.time()
        path = cookie.path if cookie.path.startswith("/") else _default_path(parts.path)
        key = (cookie.name, domain or host, not domain, path)
        lifetime = cookie.lifetime(now)
        if lifetime is not None and lifetime <= 0:
            self._stored.pop(key, None)
            return
        expires = None if lifetime is None else now + lifetime
        self._stored[key] = _Stored(cookie, domain or host, not domain, path, expires)

    def _sendable(self, url: str) -> list[SetCookie]:
        parts = urlsplit(url)
        host, path, now = parts.hostname or "", parts.path or "/", time.time()
        fitting = [
            stored
            for stored in self._stored.values()
            if (stored.host == host if stored.host_only else _domain_matches(host, stored.host))
            and _path_matches(path, stored.path)
            and (not stored.cookie.secure or _trustworthy(url))
            and (stored.expires is None or stored.expires > now)
        ]
        return [stored.cookie for stored in sorted(fitting, key=lambda stored: -len(stored.path))]

    def cookies_for(self, url: str) -> dict[str, str]:
        """The cookies that a browser would send to ``url``, in its order.

        Of several with one name there is only the first, which is the one that servers read.
        """
        cookies: dict[str, str] = {}
        for cookie in self._sendable(url):
            cookies.setdefault(cookie.name, cookie.value)
        return cookies

    def find(self, name: str) -> SetCookie | None:
        """The live cookie of that name, with a prefix or without."""
        now = time.time()
        for stored in self._stored.values():
            alive = stored.expires is None or stored.expires > now
            if alive and bare_name(stored.cookie.name) == name:
                return stored.cookie
        return None

    def named(self, name: str) -> SetCookie | None:
        """The stored cookie of exactly that name."""
        return next((stored.cookie for stored in self._stored.values() if stored.cookie.name == name), None)

    def clear(self) -> None:
        """Forget everything."""
        self._stored.clear()


def cookie_header(cookies: Mapping[str, str]) -> str:
    """The ``Cookie`` header's value for these cookies."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _trustworthy(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = _address(host)
    is_loopback = address.is_loopback if address else host == "localhost" or host.endswith(".localhost")
    return parts.scheme == "https" or is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _domain_matches(host: str, domain: str) -> bool:
    return host == domain or (host.endswith("." + domain) and _address(host) is None)


def _path_matches(path: str, cookie_path: str) -> bool:
    return path == cookie_path or path.startswith(cookie_path.rstrip("/") + "/")


def _default_path(path: str) -> str:
    return path.rsplit("/", 1)[0] or "/"


def _prefix_holds(cookie: SetCookie) -> bool:
    lower = cookie.name.lower()
    if lower.startswith("__secure-"):
        return cookie.secure
    if lower.startswith("__host-"):
        return cookie.secure and cookie.path == "/" and "domain" not in cookie.attributes
    return True
