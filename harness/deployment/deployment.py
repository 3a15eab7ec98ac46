"""The flows of a deployment as people use them: sign up, sign in, who am I, token, refresh, sign out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx
import jwt

from harness.core.errors import Absent
from harness.core.exchange import is_safe
from harness.deployment import csrf, held
from harness.deployment.answer import matches, text_at
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.errors import Missing, NotSignedIn, Unrecognised
from harness.deployment.request import perform
from harness.deployment.tampering import UNTAMPERED, Tampering
from harness.wire.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange, Headers
    from harness.deployment.people import Device, Person
    from harness.profile.operation import Base, Operation
    from harness.profile.profile import Pages
    from harness.profile.target import Target
    from harness.wire.client import Client

_AS_A_BROWSER = (("Accept", "text/html,application/xhtml+xml"),)
_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
_FRESH_ENOUGH = 5.0
"""Seconds of life that a token kept from before must still have to be used again."""


@dataclass(frozen=True)
class Identity:
    """Who the session endpoint says is there."""

    id: str | None
    email: str
    name: str | None

    def is_of(self, person: Person) -> bool:
        """Whether it is that person; addresses are compared whatever their case."""
        return self.email.lower() == person.email.lower()


@dataclass
class Deployment:
    """One target with the client that talks to it."""

    target: Target
    client: Client
    sign_ups: int = 0
    sign_ins: int = 0

    @property
    def pages(self) -> Pages:
        """The profile's pages. Raises Absent when the deployment has none."""
        pages = self.target.profile.pages
        if pages is None:
            raise Absent("The profile declares no pages.")
        return pages

    def operation(self, name: str) -> Operation:
        """An operation of the profile. Raises Absent when the deployment has none of that name."""
        found: Operation | None = getattr(self.target.profile.operations, name)
        if found is None:
            raise Absent(f'The profile "{self.target.profile.name}" declares no operation "{name}".')
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
        return perform(self.target, self.client, who, self.operation(name), values, credential, tampering)

    def on_device(
        self, name: str, device: Device, values: Mapping[str, str], tampering: Tampering = UNTAMPERED
    ) -> Exchange:
        """Like `call`, as the device's own page or app does it; what comes back is kept on the device."""
        operation = self.operation(name)
        credential = self._of_device(device, operation)
        if device.refresh_token is not None:
            values = {"refresh_token": device.refresh_token, **values}
        exchange = self.call(name, device.who, values, credential, tampering)
        self.keep_cookies(device, exchange)
        held.keep_tokens(self.target, device, name, exchange)
        return exchange

    def _of_device(self, device: Device, operation: Operation) -> Credential:
        carried = Credential(device.who)
        if operation.credential == "session":
            carried = self._session_header(device, device.who)
        elif operation.credential == "token":
            carried = self.bearer(self.access_token(device), device.who)
        if not is_safe(operation.method):
            # First, for it may set a cookie.
            carried = csrf.proven(self, device, carried, operation.base)
        url = self.target.url(operation.base, operation.path)
        return replace(carried, cookies={**device.jar.cookies_for(url), **carried.cookies})

    def _session_header(self, device: Device, label: str) -> Credential:
        is_token = self.target.profile.credentials.session.kind == "token"
        if not is_token or device.access_token is None:
            return Credential(label)
        return held.presented(self.target, device.access_token, label)

    def visit(self, device: Device, path: str) -> Exchange:
        """GET a path with the device's cookies and keep those that it sets."""
        url = self.target.url("web", path)
        held = Credential(device.who, device.jar.cookies_for(url))
        exchange = self.client.send(device.who, *held.onto(Request("GET", url)).encoded())
        self.keep_cookies(device, exchange)
        return exchange

    def page(self, path: str, who: str, credential: Credential, extra: Headers = ()) -> Exchange:
        """GET a page as a browser does, without following where it leads; ``extra`` are further headers."""
        accepts = any(name.lower() == "accept" for name, _ in extra)
        headers = (*(() if accepts else _AS_A_BROWSER), *extra)
        request = Request("GET", self.target.url("web", path), headers=headers)
        return self.client.send(who, *credential.onto(request).encoded())

    def keep_cookies(self, device: Device, exchange: Exchange) -> None:
        """Store what an answer sets on the device, as a browser does."""
        device.jar.store(exchange.set_cookies, exchange.url)

    # --- accounts and sessions ---

    def sign_up(self, person: Person, device: Device, tampering: Tampering = UNTAMPERED) -> Exchange:
        """Ask for an account with the person's data on that device."""
        self.sign_ups += 1
        exchange = self.on_device("sign_up", device, person.values, tampering)
        csrf.keep_from(self, device, exchange)
        return exchange

    def sign_in(
        self, device: Device, *, password: str | None = None, tampering: Tampering = UNTAMPERED
    ) -> Exchange:
        """Sign in on that device with its owner's address and password, or another password."""
        self.sign_ins += 1
        values = {**device.person.values, "password": password or device.person.password}
        device.access_token = None
        exchange = self.on_device("sign_in", device, values, tampering)
        csrf.keep_from(self, device, exchange)
        return exchange

    def open_account(self, person: Person) -> Device:
        """Make the account and leave its owner signed in on a first device. Raises NotSignedIn when it can't."""
        device = person.device("first device")
        self.admit(device, self.sign_up(person, device))
        return device

    def admit(self, device: Device, exchange: Exchange) -> None:
        """Leave the owner of the device signed in there after a sign-up. Raises NotSignedIn when that can't be."""
        person, outcomes = device.person, self.operation("sign_up").outcomes
        if outcomes.pending_verification is not None and matches(outcomes.pending_verification, exchange):
            self.target.custom.verify(person.email, self.client)
        elif not matches(outcomes.success, exchange):
            raise NotSignedIn(
                f"sign-up of a new person was answered {exchange.status}, not as the profile says success looks.",
                "Check operations.sign_up in the profile and the deployment's sign-up policy.",
                [exchange],
            )
        person.has_account, person.signed_up = True, exchange
        if not self.target.profile.operations.sign_up.signs_in:
            self.sign_in_for_good(device)
        else:
            self._must_be(device, exchange, "signing up")

    def sign_in_for_good(self, device: Device) -> Exchange:
        """Sign in and make sure that it worked. Raises NotSignedIn when it didn't."""
        exchange = self.sign_in(device)
        self._must_be(device, exchange, "signing in with the right password")
        return exchange

    def _must_be(self, device: Device, exchange: Exchange, after: str) -> None:
        identity = self.who_is(self.browser_session(device), device.who)
        if identity is None or not identity.is_of(device.person):
            who = "nobody" if identity is None else identity.email
            raise NotSignedIn(
                f"after {after} (status {exchange.status}) {device.who} is signed in as {who}.",
                "The scenarios about sign-up and sign-in say what is wrong.",
                [exchange],
            )
        device.person.id = identity.id or ""

    def who_is(self, credential: Credential, who: str) -> Identity | None:
        """Who the session endpoint says holds that credential; None for nobody.

        Raises Unrecognised when the answer is neither of the two the profile describes.
        """
        return self.identity_in(self.call("session", who, {}, credential))

    def is_session_of(self, person: Person, credential: Credential, who: str) -> bool:
        """Whether the session endpoint says that the credential is that person's; raises as `who_is` does."""
        identity = self.who_is(credential, who)
        return identity is not None and identity.is_of(person)

    def identity_in(self, exchange: Exchange) -> Identity | None:
        """The identity in an answer of the session endpoint; see `who_is`."""
        identity = self.named_in(exchange)
        unauthenticated = self.target.profile.operations.session.outcomes.unauthenticated
        refused = matches(unauthenticated, exchange) or exchange.status in _REFUSED
        if identity is not None or refused:
            return identity
        raise Unrecognised(
            f"the session endpoint answered {exchange.status}, which is neither a signed-in nor an anonymous "
            "answer as the profile describes them.",
            "Check operations.session in the profile.",
            [exchange],
        )

    def named_in(self, exchange: Exchange) -> Identity | None:
        """The identity in an answer of the session endpoint; None whatever else the answer is."""
        session = self.target.profile.operations.session
        email = text_at(exchange, session.identity.email)
        if email is None or not matches(session.outcomes.success, exchange):
            return None
        wanted = session.identity
        return Identity(
            text_at(exchange, wanted.id) if wanted.id is not None else None,
            email,
            text_at(exchange, wanted.name) if wanted.name is not None else None,
        )

    def sign_out(self, device: Device) -> Exchange:
        """Sign out on that device."""
        exchange = self.on_device("sign_out", device, device.person.values)
        device.access_token = None
        return exchange

    def to_sign_in(self, exchange: Exchange) -> bool:
        """Whether an answer sends the visitor to the sign-in page."""
        pages = self.target.profile.pages
        location = exchange.header("location") or ""
        return pages is not None and httpx.codes.is_redirect(exchange.status) and pages.sign_in in location

    # --- credentials ---

    def browser_session(self, device: Device) -> Credential:
        """All that the device's browser or app would send to the session endpoint to say who it is."""
        return self._in_browser(device, self._session_header(device, device.who))

    def _in_browser(self, device: Device, carried: Credential) -> Credential:
        return replace(carried, cookies={**device.jar.cookies_for(self.url("session")), **carried.cookies})

    def captured_session(self, device: Device) -> Credential:
        """A frozen copy of the session alone, without cookies that only cache it."""
        return held.session_alone(self.target, device)

    def access_token(self, device: Device) -> str:
        """An access token of the device's owner, asked for anew when the one at hand is about to end."""
        if device.access_token is None or ends_soon(device.access_token):
            return self.issue_token(device)
        return device.access_token

    def issue_token(self, device: Device) -> str:
        """Ask for a new access token. Raises Absent without one, Missing when none comes."""
        declared = held.declared_token(self.target)
        if declared.issued_by == "sign_in":
            exchange = self.sign_in_for_good(device)
        else:
            device.access_token = None
            exchange = self.on_device(declared.issued_by, device, device.person.values)
        if device.access_token is None:
            raise Missing(
                f'"{declared.issued_by}" gave {device.who} no access token where credentials.token says.',
                "Check credentials.token in the profile.",
                [exchange],
            )
        return device.access_token

    def bearer(self, token: str, label: str) -> Credential:
        """A token as the profile says that requests carry it."""
        return held.presented(self.target, token, label)

    def resource_credential(self, device: Device, kind: str, base: Base) -> Credential:
        """What opens the task API on that base for the device's owner: the access token or the session."""
        if kind == "token":
            bearer = self.bearer(self.access_token(device), f"{device.who}'s token")
            return csrf.submitted(self, device, bearer, base)
        # First, for it may set a cookie.
        carried = csrf.proven(self, device, self._session_header(device, device.who), base)
        return self._in_browser(device, carried)


def ends_soon(token: str) -> bool:
    """Whether a token is a JWT that is past its end, or so close to it that a request may come too late."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return False
    ends, begins = float(claims.get("exp", float("inf"))), float(claims.get("iat", 0.0))
    return ends - time.time() < min(_FRESH_ENOUGH, (ends - begins) / 2)
