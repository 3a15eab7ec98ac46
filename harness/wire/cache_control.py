"""The ``Cache-Control`` header, taken apart as RFC 9111 says."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.wire.dates import unix_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange

_DIRECTIVE = re.compile(r"""([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]*))?""")


@dataclass(frozen=True)
class CacheControl:
    """The directives of an answer by their names in lower case.

    The value is a directive's argument, without quotes; None where it has none. The first of a name counts.
    """

    directives: Mapping[str, str | None]

    def bare(self, name: str) -> bool:
        """Whether the directive is there without an argument.

        ``private=True`` is another thing than ``private``: it speaks of a field called True (RFC 9111 section
        5.2.2.7), and ``no-store`` has no argument at all (section 5.2.2.5).
        """
        return name in self.directives and self.directives[name] is None

    def seconds(self, name: str) -> int | None:
        """A directive's number of seconds, or None where it gives none."""
        value = self.directives.get(name)
        return int(value) if value is not None and re.fullmatch(r"\d{1,10}", value) else None

    @property
    def forbids_storing(self) -> bool:
        """Whether no cache may store the answer."""
        return self.bare("no-store")

    @property
    def limits_storing(self) -> bool:
        """Whether it is kept from shared caches, or asked for each time."""
        return any(self.bare(name) for name in ("no-store", "private", "no-cache"))

    def keeps_field_out(self, name: str) -> bool:
        """Whether a stored answer must not be used with that header field."""
        fields = [self.directives.get(directive) or "" for directive in ("no-cache", "private")]
        return name in {one.strip().lower() for listed in fields for one in listed.split(",")}


def cache_control(exchange: Exchange) -> CacheControl:
    """The directives of an answer, whatever they are worth."""
    found: dict[str, str | None] = {}
    for name, argument in _DIRECTIVE.findall(", ".join(exchange.all_headers("cache-control"))):
        value = argument[1:-1] if argument.startswith('"') else argument
        found.setdefault(name.lower(), value or None)
    return CacheControl(found)


def is_fresh_for_a_while(exchange: Exchange) -> bool:
    """Whether the answer says that caches may use it again without asking."""
    control = cache_control(exchange)
    if control.forbids_storing or control.bare("no-cache"):
        return False
    lifetimes = [control.seconds(name) for name in ("s-maxage", "max-age")]
    if any(seconds is not None for seconds in lifetimes):
        return any(lifetimes)
    return is_in_future(exchange.header("expires") or "")


def varies_by(exchange: Exchange, field: str) -> bool:
    """Whether ``Vary`` names a request header, or everything."""
    named = {one.strip().lower() for one in ",".join(exchange.all_headers("vary")).split(",")}
    return bool(named & {"*", field.lower()})


def is_in_future(date: str) -> bool:
    """Whether a date is one, and is still to come."""
    moment = unix_time(date)
    return moment is not None and moment > time.time()
