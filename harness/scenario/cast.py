"""The people of one worker: shared ones, reused ones, new ones."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.access import ends_soon
from harness.deployment.credential import ANONYMOUS
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Unrecognised
from harness.deployment.held import holds_session
from harness.deployment.people import Device, Person, PersonFactory
from harness.deployment.removal import Removal
from harness.scenario.memory import Memory

if TYPE_CHECKING:
    from harness.core.exchange import Exchange


_MOST_TASKS_LEFT = 40
"""A person with more is replaced: a list may give so many at a time, and what comes after them is not on it."""


@dataclass
class Cast:
    """The people of one worker.

    Shared ones sign up once, and no scenario changes them.
    """

    factory: PersonFactory
    deployment: Deployment
    shared: dict[str, Person] = field(default_factory=dict)
    everyone: list[Person] = field(default_factory=list)
    sign_up_error: Unavailable | None = None
    timeout_error: Unavailable | None = None
    claims_error: Unavailable | None = None
    reused: Person | None = None
    doubted: Person | None = None
    """Whom scenarios reused until one could not be judged."""
    needed: list[Person] = field(default_factory=list)
    """New people of the scenario that runs."""
    left_behind: list[Person] = field(default_factory=list)
    """New people of scenarios that passed, whom no scenario needs any more."""
    memory: Memory = field(default_factory=Memory)
    """What scenarios hand on to later ones of the same worker."""
    _claims_tried: bool = False
    _returns: int = 0

    def recheck(self, *, keeps_others: bool = False, may_be_as_before: bool = False) -> None:
        """Have each shared person's session checked before their next use.

        A scenario may have signed one out. Nobody else is used again, since their passwords are unknown, unless
        ``keeps_others`` says that nothing unexpected happened. ``may_be_as_before`` has the reused person tried
        before another one is signed up.
        """
        for person in self.shared.values():
            person.in_doubt = True
        if self._returns != self.deployment.client.heartbeat.returns:
            # What failed while the deployment was down is tried again.
            self._returns = self.deployment.client.heartbeat.returns
            self.sign_up_error = self.timeout_error = None
        if not keeps_others:
            self.doubted = self.reused if may_be_as_before else None
            self.reused = None
            self.needed.clear()
            self.left_behind.clear()

    def leave_behind(self) -> None:
        """Let later scenarios have the new people of one that ended."""
        self.left_behind += self.needed
        self.needed.clear()

    def share(self, alias: str) -> Person:
        """The shared person of that name, signed in on a first device.

        After one failed sign-up no other is tried: the reason is the same for every scenario.
        """
        _raise_again(self.sign_up_error)
        person = self.shared.get(alias)
        if person is None or person.tasks_left > _MOST_TASKS_LEFT:
            person = self._new_shared(alias)
        device = person.device("first device")
        if not holds_session(self.deployment.target, device) or self._token_ends_soon(device):
            self.deployment.sessions.sign_in_verified(device)
            person.in_doubt = False
        else:
            self.recover(person)
        return person

    def recover(self, person: Person) -> None:
        """Have a person signed in on the first device.

        Their session there is checked if it may have ended.
        """
        if person.in_doubt:
            self._sign_in_again_if_signed_out(person.device("first device"))
            person.in_doubt = False

    def _new_shared(self, alias: str) -> Person:
        try:
            person = self._with_account(alias)
            self._must_tell_apart(person)
        except Unavailable as reason:
            self.sign_up_error = reason
            raise
        self.shared[alias] = person
        return person

    def _token_ends_soon(self, device: Device) -> bool:
        is_session = self.deployment.target.profile.credentials.session_cookie is None
        return is_session and device.access_token is not None and ends_soon(device.access_token)

    def _sign_in_again_if_signed_out(self, device: Device) -> None:
        session = self.deployment.access.browser_session(device)
        if not self.deployment.identity.is_session_of(device.person, session, device.who):
            self.deployment.sessions.sign_in_verified(device)

    def _must_tell_apart(self, person: Person) -> None:
        anonymous = self.deployment.identity.who_is(ANONYMOUS, "a browser without cookies")
        if anonymous is not None:
            raise Unrecognised(
                f"the session endpoint says that a browser without cookies is {anonymous.called}, so it does not "
                f"show whether {person.alias} is signed in."
            )

    def reuse(self, alias: str) -> Person:
        """A person whom one scenario after another may change, while each passes.

        A scenario that changes the account updates the person: the password, for one.
        """
        if self.reused is None or not self.reused.has_account:
            self.reused = self._as_before() or self._spare(alias)
        self._sign_in_again_if_signed_out(self.reused.device("first device"))
        return self.reused

    def _as_before(self) -> Person | None:
        """The doubted person, if password and name are still their own."""
        person, self.doubted = self.doubted, None
        if person is None or not person.has_account:
            return None
        device = Device(person, "first device")
        try:
            self.deployment.sessions.sign_in_verified(device)
            identity = self.deployment.identity.who_is(self.deployment.access.browser_session(device), device.who)
        except (NoAnswer, Unavailable):
            return None
        if identity is None or identity.name not in (None, person.name):
            return None
        person.device("first device").become(device)
        return person

    def throwaway(self, alias: str) -> Person:
        """A person for wrong passwords, after which no scenario needs them.

        Nobody has tried one before: an earlier scenario's new person, or another one.
        """
        return self._spare(alias)

    def _spare(self, alias: str) -> Person:
        """An earlier scenario's new person, or another one."""
        if not self.left_behind:
            return self._with_account(alias)
        person = self.left_behind.pop()
        person.alias = alias
        device = person.device("first device")
        if not holds_session(self.deployment.target, device):
            self.deployment.sessions.sign_in_verified(device)
        return person

    def new_account(self, alias: str) -> Person:
        """A new person, with an account, signed in on a first device."""
        person = self._with_account(alias)
        self.needed.append(person)
        return person

    def _with_account(self, alias: str) -> Person:
        try:
            person = self._opened(alias)
        except (NoAnswer, Unavailable) as error:
            if not _may_pass(error):
                raise
            person = self._opened_at_last(alias)
        self.must_refuse_claims()
        return person

    def _opened(self, alias: str) -> Person:
        person = self.new_person(alias)
        self.deployment.sessions.open_account(person)
        return person

    def _opened_at_last(self, alias: str) -> Person:
        """Another account, after one that failed by chance.

        It was too slow, or the deployment broke.

        Where that is too slow as well, every other scenario would wait as long.
        """
        try:
            return self._opened(alias)
        except NoAnswer as error:
            if error.timed_out:
                remedy = "Find out what takes so long, or give it more with --answer-limit SECONDS."
                self.timeout_error = Unavailable(f"no account could be created, twice: {error}.", remedy)
                _raise_again(self.timeout_error)
            raise

    def must_refuse_claims(self) -> None:
        """Raise Unrecognised if a person without an account can sign in.

        Where that is so, no session shows that a password was asked for. One is tried for all scenarios.
        """
        _raise_again(self.claims_error)
        if self._claims_tried:
            return
        self._claims_tried = True
        device = Device(self.factory.person("Eve"), "browser")
        with contextlib.suppress(NoAnswer):
            answer = self.deployment.sessions.guess(device, device.person.password)
            self.claims_error = self._claimed(device, answer)
        _raise_again(self.claims_error)

    def _claimed(self, device: Device, answer: Exchange) -> Unavailable | None:
        if not holds_session(self.deployment.target, device):
            return None
        identity = self.deployment.identity.who_is(self.deployment.access.browser_session(device), device.who)
        if identity is None:
            return None
        return Unrecognised(
            f"a sign-in with {device.person.email}, an address without an account, was answered {answer.status} "
            f"and signs in as {identity.called}: no session shows that a password was asked for.",
            "Whoever asks is signed in, or operations.sign_in in the profile is something else.",
            [answer],
        )

    def new_person(self, alias: str) -> Person:
        """A new person without an account."""
        return self._cast(self.factory.person(alias))

    def long_addressed(self, alias: str, *, in_subdomain: bool) -> Person:
        """A new person with a long address, without an account."""
        return self._cast(self.factory.long_addressed(alias, in_subdomain=in_subdomain))

    def _cast(self, person: Person) -> Person:
        _raise_again(self.timeout_error)
        self.everyone.append(person)
        return person

    def delete_accounts(self) -> None:
        """Delete every account that can be deleted.

        The profile has to say how.
        """
        if self.deployment.target.profile.operations.delete_user is None:
            return
        for person in self.everyone:
            # Who does not answer once would be waited for each time; the journal lists the rest.
            if person.has_account and Removal(self.deployment, person).timed_out:
                return


def _may_pass(error: NoAnswer | Unavailable) -> bool:
    """Whether another try may end otherwise.

    It was too slow, or the deployment broke.
    """
    if isinstance(error, NoAnswer):
        return error.timed_out
    return any(httpx.codes.is_server_error(exchange.status) for exchange in error.exchanges[-1:])


def _raise_again(reason: Unavailable | None) -> None:
    if reason is not None:
        # Otherwise its traceback would grow each time.
        raise reason.with_traceback(None)
