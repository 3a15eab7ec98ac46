"""Accounts and sessions: sign up, sign in, sign out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.deployment.answer import matches
from harness.deployment.errors import NotSignedIn
from harness.deployment.tampered import UNTAMPERED

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.access import Access
    from harness.deployment.identity import IdentityProbe
    from harness.deployment.operations import Operations
    from harness.deployment.people import Device, Person
    from harness.deployment.tampered import Tampering


@dataclass(frozen=True)
class Sessions:
    """Opens accounts and sessions on devices, and ends them."""

    operations: Operations
    access: Access
    identity: IdentityProbe

    def sign_up(self, person: Person, device: Device, tampering: Tampering = UNTAMPERED) -> Exchange:
        """Ask for an account with the person's data on that device."""
        return self.access.on_device("sign_up", device, person.values, tampering)

    def sign_in(
        self, device: Device, *, password: str | None = None, tampering: Tampering = UNTAMPERED
    ) -> Exchange:
        """Sign in on that device as its owner.

        ``password`` is sent in place of the owner's.
        """
        values = {**device.person.values, "password": password or device.person.password}
        device.access_token = None
        return self.access.on_device("sign_in", device, values, tampering)

    def sign_out(self, device: Device) -> Exchange:
        """Sign out on that device."""
        exchange = self.access.on_device("sign_out", device, device.person.values)
        device.access_token = None
        return exchange

    def open_account(self, person: Person) -> Device:
        """Make the account and leave its owner signed in.

        That is on a first device. Raises NotSignedIn when it can't be.
        """
        device = person.device("first device")
        self.complete_sign_up(device, self.sign_up(person, device))
        return device

    def complete_sign_up(self, device: Device, exchange: Exchange) -> None:
        """Leave the device's owner signed in there after a sign-up.

        Raises NotSignedIn when that can't be.
        """
        person, sign_up = device.person, self.operations.target.profile.operations.sign_up
        pending = sign_up.outcomes.pending_verification
        if pending is not None and matches(pending, exchange):
            self.operations.target.custom.verify(person.email, self.operations.client)
        elif not matches(sign_up.outcomes.success, exchange):
            raise NotSignedIn(
                f"sign-up of a new person was answered {exchange.status}, not as the profile says success looks.",
                "Check operations.sign_up in the profile and the deployment's sign-up policy.",
                [exchange],
            )
        person.has_account, person.signed_up = True, exchange
        if sign_up.signs_in:
            self._must_be(device, exchange, "signing up")
        else:
            self.sign_in_verified(device)

    def sign_in_verified(self, device: Device) -> Exchange:
        """Sign in and make sure that it worked.

        Raises NotSignedIn when it didn't.
        """
        exchange = self.sign_in(device)
        self._must_be(device, exchange, "signing in with the right password")
        return exchange

    def _must_be(self, device: Device, exchange: Exchange, after: str) -> None:
        identity = self.identity.who_is(self.access.browser_session(device), device.who)
        if identity is None or not identity.is_of(device.person):
            who = "nobody" if identity is None else identity.email
            raise NotSignedIn(
                f"after {after} (status {exchange.status}) {device.who} is signed in as {who}.",
                "The scenarios about sign-up and sign-in say what is wrong.",
                [exchange],
            )
        device.person.id = identity.id or ""
