"""The operations and pages of one target, with any credential."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.exchange import is_safe
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.destination import destination_of, is_sign_in
from harness.deployment.journal import NOWHERE, Journal
from harness.deployment.presence import must_be_there
from harness.deployment.request import perform, prepared
from harness.deployment.tampered import UNTAMPERED
from harness.wire.request import FORM, Fields, Request
from harness.wire.together import Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from harness.core.exchange import Exchange, Headers, NoAnswer
    from harness.deployment.people import Device
    from harness.deployment.tampered import Tampering
    from harness.profile.operation import Base, Operation
    from harness.profile.pages import Pages
    from harness.profile.target import Target
    from harness.wire.client import Client

_AS_A_BROWSER = (("Accept", "text/html,application/xhtml+xml"),)


@dataclass
class Operations:
    """What a target can do.

    ``asked`` counts by name how often an operation was asked for; accounts are written down in ``journal``.
    """

    target: Target
    client: Client
    asked: Counter[str] = field(default_factory=Counter)
    journal: Journal = NOWHERE

    @property
    def pages(self) -> Pages:
        """The profile's pages. Raises Absent when the deployment has none."""
        pages = self.target.profile.pages
        if pages is None:
            raise Absent("The profile declares no pages.")
        return pages

    def operation(self, name: str) -> Operation:
        """An operation of the profile.

        Raises Absent when the deployment has none of that name.
        """
        found: Operation | None = getattr(self.target.profile.operations, name)
        if found is None:
            raise Absent(f'The profile declares no operation "{name}".')
        return found

    def url(self, name: str) -> str:
        """The address of an operation whose path asks for nothing."""
        operation = self.operation(name)
        return self.target.url(operation.base, operation.path)

    def call(
        self,
        name: str,
        who: str,
        values: Mapping[str, str],
        credential: Credential = ANONYMOUS,
        tampering: Tampering = UNTAMPERED,
    ) -> Exchange:
        """Carry out the operation ``name`` and return the exchange, whatever it says."""
        self.asked[name] += 1
        if "new_password" in values and "email" in values:
            # Whoever asks: a faulty deployment may do it.
            self.journal.changing(values["email"], values["new_password"])
        exchange = perform(self.target, self.client, who, self.operation(name), values, credential, tampering)
        if name == "session" and credential is ANONYMOUS and tampering is UNTAMPERED:
            self.client.heartbeat.learn(exchange)
        return exchange

    def call_once(
        self,
        name: str,
        who: str,
        values: Mapping[str, str],
        credential: Credential = ANONYMOUS,
        tampering: Tampering = UNTAMPERED,
        respelled: Callable[[str], str] = lambda path: path,
    ) -> Exchange:
        """Carry out the operation once; no 429 is waited out.

        ``respelled`` makes another path of its own.
        """
        self.asked[name] += 1
        operation = self.operation(name)
        operation = operation.model_copy(update={"path": respelled(operation.path)})
        ready = prepared(self.target, operation, values, credential, tampering)
        return self.client.send_once(who, ready.method, ready.url, ready.headers, ready.body)

    def call_together(
        self, name: str, who: str, calls: Sequence[tuple[Mapping[str, str], Credential]]
    ) -> list[Exchange | NoAnswer]:
        """Carry out the operation several times at the same moment.

        Each call has its values and its credential. Returns what came, in their order; an answer may be missing.
        """
        self.asked[name] += len(calls)
        operation = self.operation(name)
        ready = [prepared(self.target, operation, values, credential) for values, credential in calls]
        return self.client.send_together(
            [Outgoing(who, one.method, one.url, one.headers, one.body) for one in ready]
        )

    def must_be_there(self, name: str, exchange: Exchange) -> None:
        """Raise NotThere if an owner's own request found no such operation."""
        must_be_there(self.target, self.client, f"operations.{name}", self.operation(name), exchange)

    def page(self, path: str, who: str, credential: Credential, extra: Headers = ()) -> Exchange:
        """GET a page as a browser does, without following redirects; see `follow`.

        ``extra`` are further headers.
        """
        return self.document(self.target.url("web", path), who, credential, extra)

    def document(
        self, url: str, who: str, credential: Credential, extra: Headers = (), method: str = "GET"
    ) -> Exchange:
        """Ask for one of the deployment's addresses as a browser does.

        What is no GET is an empty form of the deployment's own page.
        """
        accepts = any(name.lower() == "accept" for name, _ in extra)
        headers = (*(() if accepts else _AS_A_BROWSER), *extra)
        request = Request(method, url, headers=headers)
        if not is_safe(method):
            request = replace(
                request, headers=(*headers, ("Origin", self.target.origin)), content=Fields({}, FORM)
            )
        return self.client.send(who, *credential.onto(request).encoded())

    def visit(self, device: Device, path: str, headers: Headers = (), base: Base = "web") -> Exchange:
        """GET a path with the device's cookies; keep what it sets."""
        url = self.target.url(base, path)
        held = Credential(device.who, device.jar.cookies_for(url))
        exchange = self.client.send(device.who, *held.onto(Request("GET", url, headers=tuple(headers))).encoded())
        device.keep_cookies(exchange)
        return exchange

    def to_sign_in(self, exchange: Exchange) -> bool:
        """Whether an answer sends the visitor to the sign-in page."""
        destination = destination_of(self.target, exchange)
        return (
            httpx.codes.is_redirect(exchange.status)
            and destination is not None
            and is_sign_in(self.target, destination)
        )
