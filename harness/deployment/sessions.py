"""Accounts and sessions: sign up, sign in, sign out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.answer import matches
from harness.deployment.errors import NotSignedIn
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.sign_ins import SignIns
from harness.deployment.tampered import UNTAMPERED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.access import Access
    from harness.deployment.identity import IdentityProbe
    from harness.deployment.operations import Operations
    from harness.deployment.people import Person
    from harness.deployment.tampered import Tampering


@dataclass(frozen=True)
class Sessions:
    """Opens accounts and sessions on devices, and ends them."""

    operations: Operations
    access: Access
    identity: IdentityProbe
    sign_ins: SignIns = field(default_factory=SignIns)

    # --- sign-up ---

    def sign_up(self, person: Person, device: Device, tampering: Tampering = UNTAMPERED) -> Exchange:
        """Ask for an account with the person's data on that device.

        Verifies the address where the answer says that it waits for that. ``person.has_account`` says what came.
        """
        exchange = self._ask_for_account(person, device, tampering)
        if self.is_pending(exchange):
            self.verify(person)
        person.has_account = self.is_admitted(exchange)
        person.signed_up = exchange if person.has_account else person.signed_up
        return exchange

    def sign_up_unverified(self, person: Person, device: Device) -> Exchange:
        """Ask for an account, and leave its address unverified."""
        exchange = self._ask_for_account(person, device)
        person.has_account = self.is_admitted(exchange)
        return exchange

    def _ask_for_account(self, person: Person, device: Device, tampering: Tampering = UNTAMPERED) -> Exchange:
        journal = self.operations.journal
        journal.asked(person.email, person.password)
        exchange = self.access.on_device("sign_up", device, person.values, tampering)
        (journal.made if self.is_admitted(exchange) else journal.refused)(person.email)
        return exchange

    def sign_up_beside(self, person: Person, device: Device) -> Exchange:
        """Ask for an account whose address may be taken already.

        It is verified where that is possible: for a taken one there may be no message.
        """
        self.operations.journal.asked(person.email, person.password)
        exchange = self.access.on_device("sign_up", device, person.values)
        person.has_account = self.is_admitted(exchange)
        if not person.has_account:
            self.operations.journal.refused(person.email)
        if self.is_pending(exchange):
            with suppress(Unavailable, NoAnswer):
                self.verify(person)
        return exchange

    def sign_up_in_browser(self, person: Person, submit: Callable[[], object]) -> None:
        """Have an account asked for on a page, which ``submit`` does."""
        self.operations.asked["sign_up"] += 1
        self.operations.journal.asked(person.email, person.password)
        submit()

    def note_account(self, person: Person) -> None:
        """Note that there is an account of the person's."""
        person.has_account = True
        self.operations.journal.made(person.email)

    def is_admitted(self, exchange: Exchange) -> bool:
        """Whether a sign-up's answer says that there is an account.

        Its address may wait to be verified.
        """
        outcomes = self.operations.operation("sign_up").outcomes
        return self.is_pending(exchange) or matches(outcomes.success, exchange)

    def is_pending(self, exchange: Exchange) -> bool:
        """Whether an answer says that the address has to be verified."""
        pending = self.operations.operation("sign_up").outcomes.pending_verification
        return pending is not None and matches(pending, exchange)

    def verify(self, person: Person) -> None:
        """Have a new address verified by the profile's own class.

        Raises Unavailable where that can't be done.
        """
        target = self.operations.target
        try:
            target.custom.verify(person.email, self.operations.client)
        except (Unavailable, NoAnswer):
            raise
        except Exception as error:
            # It is not our code, and may raise anything.
            raise Unavailable(
                f"verify() of the profile's class raised {error!r} for a new account.",
                f'Correct the class that custom = "{target.profile.custom}" names.',
                blocker=Blocker.UNFIT,
            ) from error

    # --- the end of an account ---

    def delete_account(self, device: Device) -> Exchange:
        """Ask from the device for the end of its owner's account."""
        self.operations.journal.deleting(device.person.email)
        return self.access.on_device("delete_user", device, device.person.values)

    def note_deleted(self, person: Person) -> None:
        """Note that there is no account of the person's any more."""
        person.has_account = False
        self.operations.journal.deleted(person.email)

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
        if not device.person.has_account:
            self.operations.must_be_there("sign_up", exchange)
            raise NotSignedIn(
                f"sign-up of a new person was answered {quoted(exchange)}, not as the profile says success looks.",
                "Check operations.sign_up in the profile and the deployment's sign-up policy.",
                [exchange],
            )
        if self.signs_in(exchange):
            self._must_be(device, exchange, "signing up")
        else:
            self.sign_in_verified(device)

    def signs_in(self, exchange: Exchange) -> bool:
        """Whether a sign-up that was answered so is declared to sign in.

        Whoever has to verify an address first is signed in by none.
        """
        return self.operations.target.profile.operations.sign_up.signs_in and not self.is_pending(exchange)

    # --- sign-in ---

    def sign_in(self, device: Device, tampering: Tampering = UNTAMPERED) -> Exchange:
        """Sign in on that device with its owner's password.

        Raises LockedOut where that is refused because of wrong ones before it.
        """
        before = device.access_token
        exchange = self._ask(device, device.person.password, tampering)
        if self._is_success(exchange):
            self.sign_ins.note_right(device.person)
            self.sign_ins.issued.note(self.operations.target, device)
            device.person.in_doubt = True
            # What came before is of another session.
            device.access_token = None if device.access_token == before else device.access_token
        elif tampering == UNTAMPERED:
            self.sign_ins.must_not_lock_out(device.person, exchange, self._refusal_of)
        return exchange

    def guess(self, device: Device, password: str, tampering: Tampering = UNTAMPERED) -> Exchange:
        """Try a password on that device that must not sign in."""
        exchange = self._ask(device, password, tampering)
        if not self._is_success(exchange):
            self.sign_ins.note_wrong(device.person, exchange)
        return exchange

    def guess_once(
        self,
        device: Device,
        values: Mapping[str, str],
        tampering: Tampering = UNTAMPERED,
        respelled: Callable[[str], str] = lambda path: path,
    ) -> Exchange:
        """Try a password on that device; no 429 is waited out.

        ``values`` are those in which it is not as its owner signs in.
        """
        exchange = self.access.once_on_device(
            "sign_in", device, {**device.person.values, **values}, tampering, respelled
        )
        if not self._is_success(exchange):
            self.sign_ins.note_wrong(device.person, exchange)
        return exchange

    def _ask(self, device: Device, password: str, tampering: Tampering = UNTAMPERED) -> Exchange:
        values = {**device.person.values, "password": password}
        return self.access.on_device("sign_in", device, values, tampering)

    def _is_success(self, exchange: Exchange) -> bool:
        return matches(self.operations.operation("sign_in").outcomes.success, exchange)

    def _refusal_of(self, person: Person) -> Exchange | None:
        """The answer to the person's right password.

        None where it signs in.
        """
        exchange = self._ask(Device(person, "second device"), person.password)
        return None if self._is_success(exchange) else exchange

    def sign_out(self, device: Device) -> Exchange:
        """Sign out on that device.

        Raises NotThere where there is no such operation.
        """
        exchange = self.access.on_device("sign_out", device, device.person.values)
        self.operations.must_be_there("sign_out", exchange)
        device.access_token, device.person.in_doubt = None, True
        return exchange

    def sign_in_verified(self, device: Device, tampering: Tampering = UNTAMPERED) -> Exchange:
        """Sign in and make sure that it worked.

        Raises NotSignedIn when it didn't: the device is then as it was. Nothing is sent that the device has, for a
        deployment may refuse those who are signed in already.
        """
        fresh = Device(device.person, device.name)
        exchange = self.sign_in(fresh, tampering)
        self.operations.must_be_there("sign_in", exchange)
        self._must_be(fresh, exchange, "signing in with the right password")
        device.become(fresh)
        return exchange

    def _must_be(self, device: Device, exchange: Exchange, after: str) -> None:
        # All of it, as the browser has it: nothing is older than this sign-in.
        identity = self.identity.who_is(self.access.whole_jar(device), device.who)
        if identity is None or not identity.is_of(device.person):
            who = "nobody" if identity is None else identity.called
            raise NotSignedIn(
                f"after {after} {device.who} is signed in as {who}; it was answered {quoted(exchange)}.",
                "The scenarios about sign-up and sign-in say what is wrong.",
                [exchange],
            )
        self.identity.learn(device.person, identity)
