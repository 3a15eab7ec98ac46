"""Exchanges as passive rules look at them, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.deployment.answer import matches
from harness.deployment.held import is_given, whole_name
from harness.wire.cookies import SetCookie, bare_name, parse_set_cookie
from harness.wire.secret_scanner import passwords_in

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.recognition import Declared
    from harness.profile.target import Target

_PASSWORDS = ("{password}", "{new_password}")
_FORGED = ("host", "forwarded", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "x-real-ip")
"""Request headers that only an attack sets: what an answer says of hosts and schemes may be its making."""


@dataclass(frozen=True, eq=False)
class Seen:
    """An exchange, and the places of the profile that it is for.

    ``handed_out`` are the tokens that answers of the run gave to scripts, of this one and of others.
    """

    exchange: Exchange
    declared: tuple[Declared, ...]
    target: Target
    handed_out: frozenset[str] | set[str] = frozenset()

    @cached_property
    def places(self) -> frozenset[str]:
        """The names of these places."""
        return frozenset(one.place for one in self.declared)

    @cached_property
    def is_ordinary(self) -> bool:
        """Whether the request said nothing false of host and scheme."""
        return not any(name.lower() in _FORGED for name, _ in self.exchange.request_headers)

    @cached_property
    def succeeded(self) -> bool:
        """Whether an operation was done, or a page came."""
        if not httpx.codes.is_success(self.exchange.status):
            return False
        operations = [one.operation for one in self.declared if one.operation is not None]
        return not operations or any(matches(one.outcomes.success, self.exchange) for one in operations)

    @property
    def is_error(self) -> bool:
        """Whether it is an error, by status or in the profile's words."""
        in_words = httpx.codes.is_success(self.exchange.status) and bool(self.declared) and not self.succeeded
        return in_words or httpx.codes.is_error(self.exchange.status)

    @cached_property
    def media_type(self) -> str:
        """The type of the body without parameters, or empty."""
        return (self.exchange.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def is_page(self) -> bool:
        """Whether the body is labelled HTML."""
        return self.media_type in ("text/html", "application/xhtml+xml")

    @property
    def host(self) -> str:
        """The host that was asked."""
        return urlsplit(self.exchange.url).hostname or ""

    @cached_property
    def sent_cookies(self) -> dict[str, str]:
        """The cookies of the request by name."""
        pairs = [pair.partition("=") for line in self.exchange.sent("cookie") for pair in line.split(";")]
        return {name.strip(): value.strip() for name, _, value in pairs}

    def cookies_sent(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Name and value of the request's cookies under these names."""
        return [pair for pair in self.sent_cookies.items() if whole_name(bare_name(pair[0])) in names]

    def cookies_set(self, names: Collection[str]) -> list[SetCookie]:
        """The cookies that the answer sets under one of these names."""
        return [one for one in self.cookies if whole_name(bare_name(one.name)) in names]

    @cached_property
    def carriers(self) -> list[str]:
        """The headers of the request that may say who sends it."""
        token = self.target.profile.credentials.token
        names = dict.fromkeys(["Authorization", "Cookie", *([token.header] if token is not None else [])])
        return [name for name in names if self.exchange.sent(name.lower())]

    @property
    def tokens(self) -> list[str]:
        """What these headers have but for cookies, without a scheme."""
        headers = [name.lower() for name in self.carriers if name != "Cookie"]
        return [value.rpartition(" ")[2] for name in headers for value in self.exchange.sent(name)]

    @cached_property
    def passwords(self) -> list[str]:
        """The passwords of the request, by the names of their fields."""
        operations = [one.operation for one in self.declared if one.operation is not None]
        templates = [template for one in operations for template in (one.body, one.form)]
        fields = {name for template in templates for name in _asking(template)}
        return passwords_in(self.exchange.request_body, fields)

    @property
    def is_anonymous(self) -> bool:
        """Whether the request has neither credential, query nor body."""
        return not self.carriers and not self.exchange.request_body and "?" not in self.exchange.url

    @cached_property
    def cookies(self) -> list[SetCookie]:
        """The cookies that the answer sets to a value."""
        parsed = [parse_set_cookie(raw) for raw in self.exchange.set_cookies]
        return [one for one in parsed if one is not None and is_given(one)]

    @property
    def name(self) -> str:
        """Method and address, without the query."""
        return f"{self.exchange.method} {self.exchange.url.partition('?')[0]}"


def _asking(template: object) -> Iterator[str]:
    """The fields of a template that take a password."""
    if isinstance(template, dict):
        for name, value in template.items():
            if isinstance(value, str) and any(word in value for word in _PASSWORDS):
                yield name
            yield from _asking(value)


@dataclass(frozen=True)
class Breach:
    """An exchange that breaks a rule, and what is wrong with it.

    ``beside`` are those that it is compared with.
    """

    seen: Seen
    came: str
    beside: tuple[Exchange, ...] = ()


def always(_: Target) -> bool:
    """Whether it is so for every deployment: yes."""
    return True


@dataclass(frozen=True)
class Rule:
    """What no exchange of the run may show.

    ``subject`` is what has to be seen for a verdict, and ``concerns`` whether an exchange is that. ``expected``
    follows the word "expected". ``absence`` says why the deployment can have none.
    """

    subject: str
    expected: str
    concerns: Callable[[Seen], bool]
    breaches: Callable[[Sequence[Seen]], Iterable[Breach]]
    absence: Callable[[Target], str | None] = lambda _: None
    rare: Callable[[Target], bool] = lambda _: False
    """Whether the deployment may rightly have none, so that the rule does not apply where none was seen."""


def each(judge: Callable[[Seen], str | None]) -> Callable[[Sequence[Seen]], Iterator[Breach]]:
    """A rule's breaches where each exchange is judged alone."""

    def found(every: Sequence[Seen]) -> Iterator[Breach]:
        for seen in every:
            if (came := judge(seen)) is not None:
                yield Breach(seen, came)

    return found
