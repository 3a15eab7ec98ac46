"""The people of one worker: shared ones, reused ones, new ones."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.access import ends_soon
from harness.deployment.credential import ANONYMOUS
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Unrecognised
from harness.deployment.held import holds_session
from harness.deployment.people import Device, Person, PersonFactory

if TYPE_CHECKING:
    from harness.core.exchange import Exchange


@dataclass
class Cast:
    """The people of one worker. Shared ones sign up once and are changed by no scenario."""

    factory: PersonFactory
    deployment: Deployment
    shared: dict[str, Person] = field(default_factory=dict)
    everyone: list[Person] = field(default_factory=list)
    hopeless: Unavailable | None = None
    silent: Unavailable | None = None
    doubted: set[str] = field(default_factory=set)
    spare: Person | None = None
    refused_lengths: dict[int, Exchange] = field(default_factory=dict)

    def doubt(self) -> None:
        """Have each shared person asked who they are before their next use: one may have been signed out.

        Whoever was lent is not lent again: what their password is, nobody can say.
        """
        self.doubted = set(self.shared)
        self.spare = None

    def share(self, alias: str) -> Person:
        """The shared person of that name, signed in on a first device.

        Where one account could not be made no other is tried: the reason is the same for every scenario.
        """
        _raise_anew(self.hopeless)
        try:
            return self._share(alias)
        except Unavailable as reason:
            self.hopeless = reason
            raise

    def _share(self, alias: str) -> Person:
        person = self.shared.get(alias)
        if person is None:
            person = self.create(alias)
            self._must_tell_apart(person)
            self.shared[alias] = person
        device = person.device("first device")
        if not holds_session(self.deployment.target, device) or self._token_ends_soon(device):
            self.deployment.sessions.sign_in_verified(device)
        elif alias in self.doubted:
            self._sign_in_again_if_signed_out(device)
        self.doubted.discard(alias)
        return person

    def _token_ends_soon(self, device: Device) -> bool:
        is_session = self.deployment.target.profile.credentials.session.kind == "token"
        return is_session and device.access_token is not None and ends_soon(device.access_token)

    def _sign_in_again_if_signed_out(self, device: Device) -> None:
        session = self.deployment.access.browser_session(device)
        if not self.deployment.identity.is_session_of(device.person, session, device.who):
            device.access_token = None
            self.deployment.sessions.sign_in_verified(device)

    def _must_tell_apart(self, person: Person) -> None:
        stranger = self.deployment.identity.who_is(ANONYMOUS, "a browser without cookies")
        if stranger is not None:
            raise Unrecognised(
                f"the session endpoint tells a browser without cookies that it is {stranger.email}: being signed "
                f"in as {person.alias} can't be told from being nobody."
            )

    def lend(self, alias: str) -> Person:
        """Somebody whom one scenario at a time may change; lent on, changed, while all goes well.

        A scenario that changes an account has to leave the person's own data true: the password, for one.
        """
        if self.spare is None or not self.spare.has_account:
            self.spare = self.create(alias)
        self._sign_in_again_if_signed_out(self.spare.device("first device"))
        return self.spare

    def create(self, alias: str) -> Person:
        """Somebody new, with an account and signed in on a first device."""
        person = self.imagine(alias)
        try:
            self.deployment.sessions.open_account(person)
        except NoAnswer as silent:
            if silent.timed_out:
                # Every other scenario would wait as long.
                self.silent = Unavailable(f"an account could not be made: {silent}.")
                _raise_anew(self.silent)
            raise
        return person

    def imagine(self, alias: str) -> Person:
        """Somebody new without an account."""
        _raise_anew(self.silent)
        person = self.factory.person(alias)
        self.everyone.append(person)
        return person

    def dismiss(self) -> None:
        """Delete every account, where the profile says how and the person is still signed in somewhere."""
        if self.deployment.target.profile.operations.delete_user is None:
            return
        for person in self.everyone:
            self._delete(person)

    def _delete(self, person: Person) -> None:
        target = self.deployment.target
        signed_in = [device for device in person.devices.values() if holds_session(target, device)]
        if person.has_account and signed_in:
            with contextlib.suppress(NoAnswer, Unavailable):
                self.deployment.access.on_device("delete_user", signed_in[-1], person.values)


def _raise_anew(reason: Unavailable | None) -> None:
    if reason is not None:
        # Else its traceback would grow each time.
        raise reason.with_traceback(None)
