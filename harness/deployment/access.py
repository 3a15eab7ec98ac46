"""What a device presents: its session, its access token.

Operations are carried out with them as the device's own page or app does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, assert_never

from harness.core.exchange import is_safe
from harness.deployment import csrf, held
from harness.deployment.credential import Credential
from harness.deployment.errors import Missing
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.tampered import UNTAMPERED
from harness.tokens.jws import Jwt, NotAJwt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.operations import Operations
    from harness.deployment.tampered import Tampering
    from harness.profile.operation import Base, Operation
    from harness.profile.tasks import Tasks

_FRESH_ENOUGH = 5.0
"""Seconds of life that a token kept from before must still have to be used again."""


@dataclass(frozen=True)
class Access:
    """Carries out operations as a device's own page or app does."""

    operations: Operations

    def on_device(
        self,
        name: str,
        device: Device,
        values: Mapping[str, str],
        tampering: Tampering = UNTAMPERED,
        *,
        caches: bool = False,
    ) -> Exchange:
        """Carry out an operation from the device.

        Cookies and tokens that come back are kept on it. ``caches`` sends what only caches to one that reads, too.
        """
        credential = self._of_device(device, self.operations.operation(name), caches=caches)
        if device.refresh_token is not None:
            values = {"refresh_token": device.refresh_token, **values}
        exchange = self.operations.call(name, device.who, values, credential, tampering)
        device.keep_cookies(exchange)
        if name == "change_password" and self.operations.target.profile.credentials.session_cookie is not None:
            device.access_token = None  # It may have ended with the session that it was issued to.
        held.keep_tokens(self.operations.target, device, name, exchange)
        csrf.keep(self.operations.target, device, name, exchange)
        return exchange

    def once_on_device(
        self,
        name: str,
        device: Device,
        values: Mapping[str, str],
        tampering: Tampering = UNTAMPERED,
        respelled: Callable[[str], str] = lambda path: path,
    ) -> Exchange:
        """Carry out an operation from the device; a 429 is an answer."""
        credential = self.ready(name, device)
        exchange = self.operations.call_once(name, device.who, values, credential, tampering, respelled)
        device.keep_cookies(exchange)
        held.keep_tokens(self.operations.target, device, name, exchange)
        return exchange

    def ready(self, name: str, device: Device) -> Credential:
        """What the device presents to that operation."""
        return self._of_device(device, self.operations.operation(name), caches=False)

    def _of_device(self, device: Device, operation: Operation, *, caches: bool) -> Credential:
        match operation.credential:
            case "session":
                carried = self._session_header(device)
            case "token":
                carried = self.bearer(self.access_token(device), device.who)
            case "none" | None:
                carried = Credential(device.who)
            case _:
                assert_never(operation.credential)
        if not is_safe(operation.method):
            # First, for it may set a cookie.
            carried = csrf.for_browser(self.operations, device, carried, operation.base, operation.path)
        url = self.operations.target.url(operation.base, operation.path)
        if is_safe(operation.method) and not caches:
            return self._of_truth(device, carried, url)
        return _in_browser(device, carried, url)

    # --- the session ---

    def _session_header(self, device: Device) -> Credential:
        session = self.operations.target.profile.credentials.session_cookie
        if session is not None or device.access_token is None:
            return Credential(device.who)
        return self.bearer(device.access_token, device.who)

    def browser_session(self, device: Device) -> Credential:
        """What tells the session endpoint who the device is, without caches.

        Whoever looks whether somebody is signed in, or at an effect, asks with this: a cookie that caches the
        session would answer for what the server has changed or ended meanwhile.
        """
        return self.sent_to(self.operations.url("session"), device)

    def sent_to(self, url: str, device: Device) -> Credential:
        """What the device sends there to say who it is, without caches."""
        return self._of_truth(device, self._session_header(device), url)

    def whole_jar(self, device: Device, url: str | None = None) -> Credential:
        """All that the device's browser sends there, caches included.

        To the session endpoint if no address is given. It is for what a browser does and an attacker has, never
        for a look at an effect.
        """
        return _in_browser(device, self._session_header(device), url or self.operations.url("session"))

    def sent_by_any_page(self, device: Device, url: str) -> Credential:
        """The cookies that the device's browser sends there, whoever's page causes it.

        No page of another site has a token that is presented in a header.
        """
        return _in_browser(device, Credential(device.who), self._reached(device, url))

    def _of_truth(self, device: Device, carried: Credential, url: str) -> Credential:
        whole = _in_browser(device, carried, url)
        return held.without_caches(self.operations.target, whole)

    def captured_session(self, device: Device) -> Credential:
        """A frozen copy of the session, without cookies that cache it."""
        return held.session_alone(self.operations.target, device)

    # --- the access token ---

    def access_token(self, device: Device) -> str:
        """An access token of the device's owner.

        Another one is asked for when the one at hand is about to end.
        """
        if device.access_token is None or ends_soon(device.access_token):
            return self.issue_token(device)
        return device.access_token

    def issue_token(self, device: Device) -> str:
        """Ask for a new access token.

        Raises Absent when the deployment has none, Missing when none comes, NotThere where there is no such
        operation. The device then keeps what it has.
        """
        issuer = held.declared_token(self.operations.target).issued_by
        # Whoever is signed in already may be refused.
        asking = Device(device.person, device.name) if issuer == "sign_in" else device
        exchange = self.on_device(issuer, asking, device.person.values)
        token = held.token_in(self.operations.target, exchange)
        if token is None:
            self.operations.must_be_there(issuer, exchange)
            raise Missing(
                f'"{issuer}" gave {device.who} no access token where credentials.token says; it was answered '
                f"{quoted(exchange)}.",
                f"Check credentials.token and operations.{issuer} in the profile.",
                [exchange],
            )
        device.become(asking)
        return token

    def bearer(self, token: str, label: str) -> Credential:
        """A token as the profile says that requests carry it."""
        return held.presented(self.operations.target, token, label)

    def resource_credential(self, device: Device, declared: Tasks) -> Credential:
        """The access token or the session, whichever opens these tasks."""
        return self.opening(device, declared.credential, declared.base, declared.list.path)

    def opening(
        self, device: Device, credential: Literal["token", "session"], base: Base, path: str
    ) -> Credential:
        """The access token or the session, whichever opens what is there."""
        match credential:
            case "token":
                bearer = self.bearer(self.access_token(device), f"{device.who}'s token")
                return csrf.for_client(self.operations, device, bearer, base, path)
            case "session":
                # First, for it may set a cookie.
                carried = self._session_header(device)
                carried = csrf.for_browser(self.operations, device, carried, base, path)
                url = self.operations.target.url(base, path)
                return self._of_truth(device, carried, self._reached(device, url))
            case _:
                assert_never(credential)

    def _reached(self, device: Device, url: str) -> str:
        # A gateway may pass the session on to an address that no browser sends it to.
        return url if device.jar.sent_to(url) else self.operations.url("session")


def _in_browser(device: Device, carried: Credential, url: str) -> Credential:
    """The credential with the device's cookies for that address."""
    return replace(carried, cookies={**device.jar.cookies_for(url), **carried.cookies})


def ends_soon(token: str) -> bool:
    """Whether a token is a JWT that has expired or soon will.

    Soon means that a request with it may come too late.
    """
    try:
        parsed = Jwt.parse(token)
    except NotAJwt:
        return False
    half = parsed.lifetime / 2 if parsed.lifetime is not None else _FRESH_ENOUGH
    return parsed.ends - time.time() < min(_FRESH_ENOUGH, half)
