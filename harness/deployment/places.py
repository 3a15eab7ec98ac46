"""Places that a session opens: the session endpoint, the token endpoint, protected pages, the task list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.findings import HarnessError, NotApplicable, Unmet
from harness.deployment.answer import matches, refuses
from harness.deployment.credential import Credential
from harness.deployment.held import token_in
from harness.deployment.refusal import Attempt
from harness.deployment.tasks import TaskApi
from harness.wire.request import Request

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Person
    from harness.profile.profile import Pages

_AS_A_BROWSER = (("Accept", "text/html,application/xhtml+xml"),)


@dataclass
class Places:
    """Opens a place with a session and tells whether it opened for its owner."""

    deployment: Deployment

    def open(self, place: str, who: str, credential: Credential, owner: Person, extra: Headers = ()) -> Exchange:
        """Ask for a place of the owner's with a frozen session. ``extra`` are further request headers."""
        match place:
            case "session endpoint":
                return self.deployment.call("session", who, {}, credential)
            case "token endpoint":
                return self.deployment.call(self._token_operation(), who, {}, credential)
            case "protected page":
                return self.page(self.pages.protected[0], who, credential, extra)
            case "task list":
                return self.proxy.call("list", who, credential, owner).exchange
        raise HarnessError(f'there is no place "{place}"')

    @property
    def pages(self) -> Pages:
        """The profile's pages. Raises NotApplicable when the deployment has none."""
        return self.deployment.pages

    @property
    def proxy(self) -> TaskApi:
        """The task list as the front end serves it to a session."""
        return TaskApi(self.deployment, "proxy")

    def page(self, path: str, who: str, credential: Credential, extra: Headers = ()) -> Exchange:
        """GET a page as a browser does, without following where it leads."""
        url = self.deployment.target.url("web", path)
        accepts = any(name.lower() == "accept" for name, _ in extra)
        request = Request("GET", url, headers=(*(() if accepts else _AS_A_BROWSER), *extra))
        return self.deployment.client.send(who, *credential.onto(request).encoded())

    def opened(self, place: str, exchange: Exchange, owner: Person) -> bool:
        """Whether the answer shows what only a session of ``owner`` opens."""
        match place:
            case "session endpoint":
                identity = self.deployment.named_in(exchange)
                return identity is not None and identity.is_of(owner)
            case "token endpoint":
                return token_in(self.deployment.target, exchange) is not None
        is_success = httpx.codes.is_success(exchange.status)
        return is_success and any(canary in exchange.text for canary in owner.canaries)

    def control(self, place: str, who: str, credential: Credential, owner: Person) -> Callable[[], Exchange]:
        """A check that the place opens for its owner with that session; see `Judge.control`."""

        def check() -> Exchange:
            exchange = self.open(place, who, credential, owner)
            if not self.opened(place, exchange, owner):
                raise Unmet(
                    f"that {credential.label} opens the {place}", f"it was answered {exchange.status}", [exchange]
                )
            return exchange

        return check

    def attempt(
        self, place: str, who: str, credential: Credential, owner: Person, what: str, extra: Headers = ()
    ) -> Attempt:
        """Try to open a place with something that must not open it."""
        exchange = self.open(place, who, credential, owner, extra)
        return Attempt(
            key=place,
            what=what,
            exchange=exchange,
            hidden=tuple(owner.canaries),
            effect=lambda: f"it opened the {place}" if self.opened(place, exchange, owner) else None,
            also_refusal=lambda answer: self._refuses(place, answer),
        )

    def page_attempt(self, exchange: Exchange, owner: Person, what: str) -> Attempt:
        """What a stranger was answered for a protected page, to be judged by what it carries."""
        return Attempt(
            key="protected page",
            what=what,
            exchange=exchange,
            hidden=tuple(owner.canaries),
            also_refusal=lambda answer: self._refuses("protected page", answer),
        )

    def _refuses(self, place: str, exchange: Exchange) -> bool:
        if place == "session endpoint":
            session = self.deployment.operation("session")
            return matches(session.outcomes.unauthenticated, exchange) or refuses(session, exchange)
        if place == "task list":
            return refuses(self.proxy.operation("list"), exchange) or self.deployment.to_sign_in(exchange)
        if place == "token endpoint":
            return refuses(self.deployment.operation(self._token_operation()), exchange)
        if place == "protected page":
            # A shell without anything private may be served to anybody: the browser scenarios judge the rest.
            return httpx.codes.is_success(exchange.status) or httpx.codes.is_redirect(exchange.status)
        return self.deployment.to_sign_in(exchange)

    def _token_operation(self) -> str:
        declared = self.deployment.target.profile.credentials.token
        if declared is None or declared.issued_by == "sign_in":
            raise NotApplicable("The profile declares no endpoint where a session gets a token.")
        return declared.issued_by
