"""A cookie jar like a browser's (RFC 6265bis sections 5.6 to 5.8).

``http.cookiejar`` keeps ``Secure`` cookies from http://localhost and never sends them back, which turns
a signed-in client into an anonymous one without a word; so the suite has its own, one per device.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from harness.wire.dates import unix_time

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

    @property
    def ending(self) -> str:
        """What it says of its end, as ``Max-Age=60``, or empty."""
        said = {name: self.attributes.get(name.lower()) for name in ("Max-Age", "Expires")}
        return ", ".join(f"{name}={value}" for name, value in said.items() if value is not None)

    def lifetime(self, now: float) -> float | None:
        """Seconds to live from ``now`` (Unix time); None for a session cookie."""
        if _WHOLE_SECONDS.fullmatch(self.attributes.get("max-age", "")):
            return float(self.attributes["max-age"])
        if "expires" in self.attributes:
            moment = unix_time(self.attributes["expires"])
            return moment - now if moment is not None else None
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
    """A cookie's name without the prefix ``__Host-`` or ``__Secure-``."""
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


@dataclass(frozen=True)
class Kept:
    """A cookie as a jar keeps it."""

    cookie: SetCookie
    host: str
    """Its domain, or the host that set it."""
    host_only: bool
    """Whether only that very host gets it: it was set without Domain."""
    path: str
    expires: float | None

    @property
    def name(self) -> str:
        """The cookie's name."""
        return self.cookie.name

    @property
    def bare_name(self) -> str:
        """The name without the prefix ``__Host-`` or ``__Secure-``."""
        return bare_name(self.name)

    @property
    def value(self) -> str:
        """The cookie's value."""
        return self.cookie.value

    @property
    def alive(self) -> bool:
        """Whether its end has not come yet."""
        return self.expires is None or self.expires > time.time()

    def with_value(self, value: str) -> Kept:
        """The same with another value, until the browser closes."""
        return replace(self, cookie=replace(self.cookie, value=value), expires=None)


@dataclass
class CookieJar:
    """The cookies of one device.

    They are looked up as browsers do: by name, domain and path, for the URL in question.
    """

    _stored: dict[tuple[str, str, bool, str], Kept] = field(default_factory=dict)
    _deleted: dict[str, str] = field(default_factory=dict)
    """The URL whose answer deleted a cookie, by its bare name."""

    def store(self, headers: list[str], url: str) -> None:
        """Take in the ``Set-Cookie`` headers of an answer from ``url``."""
        for header in headers:
            if (cookie := parse_set_cookie(header)) is not None:
                self._store_one(cookie, url)

    def _store_one(self, cookie: SetCookie, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        domain = cookie.attributes.get("domain", "").removeprefix(".").lower()
        if domain and not domain_matches(host, domain):
            return
        if (cookie.secure and not is_trustworthy(url)) or not prefix_holds(cookie):
            return
        now = time.time()
        path = cookie.path if cookie.path.startswith("/") else _default_path(parts.path)
        lifetime = cookie.lifetime(now)
        expires = None if lifetime is None else now + lifetime
        kept = Kept(cookie, domain or host, not domain, path, expires)
        if not kept.alive and self._key(kept) in self._stored:
            self._deleted[bare_name(kept.name)] = url
        self.keep(kept)

    def keep(self, kept: Kept) -> None:
        """Keep a cookie, or forget the one that it ends.

        It takes the place of one with its name, domain and path.
        """
        if kept.alive:
            self._stored[self._key(kept)] = kept
            self._deleted.pop(bare_name(kept.name), None)
        else:
            self._stored.pop(self._key(kept), None)

    def _key(self, kept: Kept) -> tuple[str, str, bool, str]:
        return kept.name, kept.host, kept.host_only, kept.path

    @property
    def alive(self) -> list[Kept]:
        """Every cookie that has not ended, whatever URL it is for."""
        return [kept for kept in self._stored.values() if kept.alive]

    def sent_to(self, url: str) -> list[Kept]:
        """What a browser would send to ``url``, in its order.

        RFC 6265bis section 5.8.3.
        """
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path or "/"
        fitting = [
            kept
            for kept in self.alive
            if (kept.host == host if kept.host_only else domain_matches(host, kept.host))
            and _path_matches(path, kept.path)
            and (not kept.cookie.secure or is_trustworthy(url))
        ]
        return sorted(fitting, key=lambda kept: -len(kept.path))

    def cookies_for(self, url: str) -> dict[str, str]:
        """The cookies that a browser would send to ``url``, in its order.

        Of several with one name there is only the first, which is the one that servers read.
        """
        cookies: dict[str, str] = {}
        for kept in self.sent_to(url):
            cookies.setdefault(kept.name, kept.value)
        return cookies

    def find(self, name: str, url: str) -> Kept | None:
        """The first cookie of that bare name for ``url``."""
        return next((kept for kept in self.sent_to(url) if bare_name(kept.name) == name), None)

    def named(self, name: str, url: str) -> SetCookie | None:
        """The first cookie of exactly that name for ``url``."""
        return next((kept.cookie for kept in self.sent_to(url) if kept.name == name), None)

    def absence(self, name: str, url: str) -> str | None:
        """Why a cookie that was there isn't sent to ``url``.

        None where it never was.
        """
        if (deleted_by := self._deleted.get(name)) is not None:
            return f"the answer to {deleted_by} deleted it"
        kept = next((one for one in self._stored.values() if bare_name(one.name) == name), None)
        if kept is None:
            return None
        if kept.expires is not None and not kept.alive:
            return f"its time was over {time.time() - kept.expires:.0f} s ago ({kept.cookie.ending})"
        return f"it is kept for {kept.host}{kept.path} and not for {url}"

    def close_browser(self) -> None:
        """Forget the cookies that end with the browser (RFC 6265bis section 5.7).

        They are those without an end of their own.
        """
        self._stored = {key: kept for key, kept in self._stored.items() if kept.expires is not None}

    def frozen(self) -> CookieJar:
        """A copy in which no cookie ends by itself."""
        return CookieJar({self._key(kept): replace(kept, expires=None) for kept in self.alive})

    def clear(self) -> None:
        """Forget everything."""
        self._stored.clear()
        self._deleted.clear()


def cookie_header(cookies: Mapping[str, str]) -> str:
    """The ``Cookie`` header's value for these cookies."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def is_trustworthy(url: str) -> bool:
    """Whether browsers treat an address as secure: https, or this machine."""
    return urlsplit(url).scheme == "https" or is_loopback(urlsplit(url).hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    address = _address(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_address(host: str) -> bool:
    """Whether a host is an IP address: no domain lies below it."""
    return _address(host) is not None


def domain_matches(host: str, domain: str) -> bool:
    """Whether a cookie of that domain goes to the host."""
    return host == domain or (host.endswith("." + domain) and not is_address(host))


def _path_matches(path: str, cookie_path: str) -> bool:
    return path == cookie_path or path.startswith(cookie_path.rstrip("/") + "/")


def _default_path(path: str) -> str:
    return path.rsplit("/", 1)[0] or "/"


def prefix_holds(cookie: SetCookie) -> bool:
    """Whether a cookie is as the prefix of its name demands."""
    lower = cookie.name.lower()
    if lower.startswith("__secure-"):
        return cookie.secure
    if lower.startswith("__host-"):
        return cookie.secure and cookie.path == "/" and "domain" not in cookie.attributes
    return True
