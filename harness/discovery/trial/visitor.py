"""A browser or app that tries operations without a profile."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.core.exchange import NoAnswer, is_safe
from harness.core.redaction import register
from harness.deployment.errors import Missing
from harness.deployment.extraction import value_at, whole
from harness.deployment.template import render
from harness.profile.extraction import Extraction
from harness.profile.operation import by_base
from harness.wire.cookies import CookieJar
from harness.wire.request import FORM, Fields, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange, Headers
    from harness.deployment.people import Person
    from harness.discovery.asker import Addresses
    from harness.wire.client import Client

Table = dict[str, Any]

MOST_REQUESTS = 120
"""Requests that a trial sends at most."""
PATIENCE = 120.0
"""Seconds after which nothing more is tried."""


@dataclass
class Trial:
    """What all visitors send requests through, and how many may be sent."""

    client: Client
    addresses: Addresses
    origin: str
    """The public origin, which every request that changes something names."""
    csrf: Table | None = None
    """``[csrf]`` as the draft has it."""
    sent: int = 0
    _since: float = field(default_factory=time.monotonic)

    @property
    def exhausted(self) -> bool:
        """Whether as much was tried as may be."""
        return self.sent >= MOST_REQUESTS or time.monotonic() - self._since > PATIENCE


@dataclass
class Visitor:
    """A device of the one person who tries everything."""

    trial: Trial
    person: Person
    name: str
    jar: CookieJar = field(default_factory=CookieJar)
    headers: tuple[tuple[str, str], ...] = ()
    """What presents the token, once there is one."""

    def send(self, operation: Table, **values: str) -> Exchange | None:
        """Carry out an operation.

        None where no answer came, enough was sent, or the operation asks for what isn't known.
        """
        method, base = operation["method"], operation.get("base", "web")
        known = {**self.person.values, **values}
        try:
            url = self.trial.addresses.of(base) + render(operation["path"], known)
            content = _content(operation, known)
        except Missing:
            return None
        headers = [*operation.get("headers", {}).items(), *self.headers]
        if not is_safe(method):
            if by_base(base, web=True, api=bool(self.jar.cookies_for(url)), auth=True):
                headers.append(("Origin", self.trial.origin))
            added, beside = self._csrf(url)
            headers += added
            content = _with(content, beside)
        return self._sent(Request(method, url, content=content, headers=tuple(headers)))

    def get(self, base: str, path: str, *, as_json: bool = True) -> Exchange | None:
        """GET a path as an app or a browser does."""
        accept = "application/json" if as_json else "text/html,application/xhtml+xml"
        return self.send({"method": "GET", "path": path, "base": base, "headers": {"Accept": accept}})

    def without(self, *names: str) -> Visitor:
        """The same visitor without these cookies, by their bare names."""
        jar = CookieJar()
        for kept in self.jar.alive:
            if kept.bare_name not in names:
                jar.keep(kept)
        return Visitor(self.trial, self.person, self.name, jar, self.headers)

    def frozen(self) -> Visitor:
        """A copy that keeps what it has, whatever becomes of the session."""
        return Visitor(self.trial, self.person, self.name, self.jar.frozen(), self.headers)

    def stranger(self) -> Visitor:
        """A visitor who has nothing."""
        return Visitor(self.trial, self.person, "an anonymous client")

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that are held, by their bare names."""
        return {kept.bare_name: kept.value for kept in self.jar.alive}

    def _sent(self, request: Request) -> Exchange | None:
        if self.trial.exhausted:
            return None
        ready = request.adding(cookies=self.jar.cookies_for(request.url)).encoded()
        self.trial.sent += 1
        try:
            answer = self.trial.client.send(self.name, ready.method, ready.url, ready.headers, ready.body)
        except NoAnswer:
            return None
        self.jar.store(answer.set_cookies, answer.url)
        return answer

    def csrf_value(self, url: str = "") -> str | None:
        """The CSRF token for a request to that address."""
        csrf = self.trial.csrf
        if csrf is None:
            return None
        return self._fetched(csrf) if csrf["kind"] == "fetched" else self._from_cookie(csrf, url)

    def _csrf(self, url: str) -> tuple[Headers, Mapping[str, str]]:
        csrf, value = self.trial.csrf, self.csrf_value(url)
        if csrf is None or value is None:
            return (), {}
        register(value, "CSRF token")
        return ([(csrf["header"], value)], {}) if "header" in csrf else ([], {csrf["field"]: value})

    def _fetched(self, csrf: Table) -> str | None:
        answer = self.get("web", csrf["fetch"], as_json="pointer" in csrf)
        places = {key: csrf[key] for key in ("pointer", "css", "attribute", "pattern") if key in csrf}
        return value_at(whole(answer), Extraction(**places)) if answer is not None else None

    def _from_cookie(self, csrf: Table, url: str) -> str | None:
        kept = self.jar.find(csrf["cookie"], url)
        if kept is None and "fetch" in csrf:
            self.get("web", csrf["fetch"])
            kept = self.jar.find(csrf["cookie"], url)
        return kept.value if kept is not None else None


def _content(operation: Table, values: Mapping[str, str]) -> Fields | None:
    if "form" in operation:
        return Fields(render(operation["form"], values), FORM)
    return Fields(render(operation["json"], values)) if "json" in operation else None


def _with(content: Fields | None, beside: Mapping[str, str]) -> Fields | None:
    if not beside:
        return content
    return (content or Fields({})).with_fields(beside)
