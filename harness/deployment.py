"""The flows of a deployment as people use them: sign up, sign in, who am I, token, refresh, sign out."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import jwt

from harness.evidence.redaction import register
from harness.operations import NOBODY, UNSPOILT, Credential, Spoiling, matches, perform, text_at
from harness.verdict import NotApplicable, NotTested

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.actors import Device, Person
    from harness.http import Client, Exchange
    from harness.target.profile import Operation, Pages
    from harness.target.target import Target

_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
_FRESH_ENOUGH = 5.0
"""Seconds of life that a token kept from before must still have to be used again."""


@dataclass(frozen=True)
class Identity:
    """Who the session endpoint says is there."""

    id: str | None
    email: str
    name: str | None


@dataclass
class Deployment:
    """One target with the client that talks to it."""

    target: Target
    client: Client
    sign_ups: int = 0
    sign_ins: int = 0

    @property
    def pages(self) -> Pages:
        """The profile's pages. Raises NotApplicable when the deployment has none."""
        pages = self.target.profile.pages
        if pages is None:
            raise NotApplicable("The profile declares no pages.")
        return pages

    def operation(self, name: str) -> Operation:
        """An operation of the profile. Raises NotApplicable when the deployment has none of that name."""
        found: Operation | None = getattr(self.target.profile.operations, name)
        if found is None:
            raise NotApplicable(f'The profile "{self.target.profile.name}" declares no operation "{name}".')
        return found

    def call(
        self,
        name: str,
        who: str,
        values: Mapping[str, str],
        credential: Credential = NOBODY,
        spoiling: Spoiling = UNSPOILT,
    ) -> Exchange:
        """Carry out the operation ``name`` and return the exchange, whatever it says."""
        return perform(self.target, self.client, who, self.operation(name), values, credential, spoiling)

    def on_device(
        self, name: str, device: Device, values: Mapping[str, str], spoiling: Spoiling = UNSPOILT
    ) -> Exchange:
        """Like `call`, with the device's cookies; what the answer sets is kept on the device."""
        operation = self.operation(name)
        url = self.target.url(operation.base, operation.path)
        credential = Credential(device.who, device.jar.cookies_for(url))
        exchange = self.call(name, device.who, values, credential, spoiling)
        self.keep_cookies(device, exchange)
        return exchange

    def keep_cookies(self, device: Device, exchange: Exchange) -> None:
        """Store what an answer sets on the device, as a browser does, and mask the values from now on."""
        device.jar.store(exchange.set_cookies, exchange.url)
        for value in device.jar.cookies_for(exchange.url).values():
            register(value, "cookie")

    # --- accounts and sessions ---

    def sign_up(self, person: Person, device: Device, spoiling: Spoiling = UNSPOILT) -> Exchange:
        """Ask for an account with the person's data on that device."""
        self.sign_ups += 1
        exchange = self.on_device("sign_up", device, person.values, spoiling)
        self._keep_body_credentials(device, exchange)
        return exchange

    def sign_in(self, device: Device, *, password: str | None = None, spoiling: Spoiling = UNSPOILT) -> Exchange:
        """Sign in on that device with its owner's address and password, or another password."""
        self.sign_ins += 1
        values = {**device.person.values, "password": password or device.person.password}
        exchange = self.on_device("sign_in", device, values, spoiling)
        self._keep_body_credentials(device, exchange)
        return exchange

    def open_account(self, person: Person) -> Device:
        """Make the account and leave its owner signed in on a first device. Raises NotTested when it can't."""
        device = person.device("first device")
        exchange = self.sign_up(person, device)
        if not matches(self.operation("sign_up").outcomes.success, exchange):
            raise NotTested(
                f"sign-up of a new person was answered {exchange.status}, not as the profile says success looks.",
                "Check operations.sign_up in the profile and the deployment's sign-up policy.",
                [exchange],
            )
        person.has_account = True
        if not self.target.profile.operations.sign_up.signs_in:
            self.sign_in_for_good(device)
        else:
            self._must_be(device, exchange, "signing up")
        return device

    def sign_in_for_good(self, device: Device) -> Exchange:
        """Sign in and make sure that it worked. Raises NotTested when it didn't."""
        exchange = self.sign_in(device)
        self._must_be(device, exchange, "signing in with the right password")
        return exchange

    def _must_be(self, device: Device, exchange: Exchange, after: str) -> None:
        identity = self.who_is(self.browser_session(device), device.who)
        if identity is None or identity.email.lower() != device.person.email.lower():
            who = "nobody" if identity is None else identity.email
            raise NotTested(
                f"after {after} (status {exchange.status}) {device.who} is signed in as {who}.",
                "The scenarios about sign-up and sign-in say what is wrong.",
                [exchange],
            )

    def who_is(self, credential: Credential, who: str) -> Identity | None:
        """Who the session endpoint says holds that credential; None for nobody.

        Raises NotTested when the answer is neither of the two the profile describes.
        """
        return self.identity_in(self.call("session", who, {}, credential))

    def identity_in(self, exchange: Exchange) -> Identity | None:
        """The identity in an answer of the session endpoint; see `who_is`."""
        identity = self.named_in(exchange)
        unauthenticated = self.target.profile.operations.session.outcomes.unauthenticated
        if identity is not None or matches(unauthenticated, exchange) or exchange.status in _REFUSED:
            return identity
        raise NotTested(
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
        """Every cookie that the device's browser would send to the session endpoint."""
        url = self.target.url("web", self.operation("session").path)
        return Credential(device.who, device.jar.cookies_for(url))

    def captured_session(self, device: Device) -> Credential:
        """A frozen copy of the session cookie alone, without those that only cache it."""
        declared = self.target.profile.credentials.session.cookie
        cookie = device.jar.find(declared)
        if cookie is None:
            raise NotTested(
                f'{device.who} holds no cookie "{declared}" although signed in.',
                "Name the deployment's session cookie in credentials.session.cookie of the profile.",
            )
        return Credential(f"a copy of {device.who}'s session", {cookie.name: cookie.value})

    def access_token(self, device: Device) -> str:
        """An access token of the device's owner, asked for anew when the one at hand is about to end."""
        if device.access_token is None or _ends_soon(device.access_token):
            device.access_token = self.issue_token(device)
        return device.access_token

    def issue_token(self, device: Device) -> str:
        """Ask for a new access token. Raises NotApplicable without one, NotTested when none comes."""
        declared = self.target.profile.credentials.token
        if declared is None:
            raise NotApplicable(f'The profile "{self.target.profile.name}" declares no access token.')
        exchange = self.on_device(declared.issued_by, device, device.person.values)
        token = text_at(exchange, declared.pointer)
        if token is None:
            raise NotTested(
                f'"{declared.issued_by}" gave {device.who} no token at {declared.pointer} '
                f"(status {exchange.status}).",
                "Check credentials.token in the profile.",
                [exchange],
            )
        return register(token, "access token")

    def bearer(self, token: str, label: str) -> Credential:
        """A token in the header that the profile says carries it (RFC 6750 section 2.1 by default)."""
        declared = self.target.profile.credentials.token
        if declared is None:
            raise NotApplicable(f'The profile "{self.target.profile.name}" declares no access token.')
        value = f"{declared.scheme} {token}".strip()
        return Credential(label, headers=((declared.header, value),))

    def resource_credential(self, device: Device, kind: str) -> Credential:
        """What opens the task API for the device's owner: the access token or the session."""
        if kind == "token":
            return self.bearer(self.access_token(device), f"{device.who}'s token")
        return self.browser_session(device)

    def _keep_body_credentials(self, device: Device, exchange: Exchange) -> None:
        refresh = self.target.profile.credentials.refresh
        if refresh is not None and (token := text_at(exchange, refresh.pointer)) is not None:
            device.refresh_token = register(token, "refresh token")
        for secret in token_like_strings(exchange):
            register(secret, "token")


def _ends_soon(token: str) -> bool:
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return False
    return float(claims.get("exp", float("inf"))) - time.time() < _FRESH_ENOUGH


def token_like_strings(exchange: Exchange) -> list[str]:
    """Strings under a key that speaks of a token, to be masked wherever they appear."""
    found: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found.extend(value for key, value in pairs if "token" in key.lower() and isinstance(value, str))
        return dict(pairs)

    try:
        json.loads(exchange.body, object_pairs_hook=note)
    except ValueError:
        return []
    return found
