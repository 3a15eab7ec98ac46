"""Deletes accounts by all that is known of their owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.core.redaction import publish, register
from harness.deployment.answer import matches
from harness.deployment.errors import NotSignedIn
from harness.deployment.held import holds_session
from harness.deployment.journal import State
from harness.deployment.people import Device, Person
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from harness.deployment.deployment import Deployment
    from harness.deployment.journal import Account


class Removal:
    """Deletes one person's account, once; ``came`` says what came.

    ``is_deleted`` is whether the deployment says so, ``is_refused`` whether it refused each password,
    ``timed_out`` whether it did not answer in time.
    """

    def __init__(self, deployment: Deployment, person: Person, passwords: Iterable[str] = ()) -> None:
        self._deployment = deployment
        self._person = person
        self._passwords = tuple(passwords) or (person.password,)
        self.is_refused = self.timed_out = False
        self.came = ""
        self.is_deleted = self._was_deleted()

    def _was_deleted(self) -> bool:
        done = self._deployment.operation("delete_user").outcomes.success
        for device in self._devices():
            try:
                answer = self._deployment.sessions.delete_account(device)
            except (NoAnswer, Unavailable) as error:
                self.came, self.timed_out = str(error), _has_timed_out(error)
                continue
            if matches(done, answer):
                self._deployment.sessions.note_deleted(self._person)
                self.came = "deleted"
                return True
            self.came = f"its deletion was answered {quoted(answer)}, not as the profile says success looks"
        return False

    def _devices(self) -> Iterator[Device]:
        """Devices on which the owner is signed in, then a new one."""
        target = self._deployment.target
        # The latest may hold no more than a guest's session.
        for device in reversed(self._person.devices.values()):
            if holds_session(target, device):
                yield device
        for password in self._passwords:
            self._person.password = password
            device = Device(self._person, "new device")
            try:
                self._deployment.sessions.sign_in_verified(device)
            except NotSignedIn as failed:
                self.is_refused = self._says_wrong(failed)
                self.came = self.came or failed.reason
                continue
            except (NoAnswer, Unavailable) as error:
                self.came, self.timed_out = self.came or str(error), _has_timed_out(error)
                continue
            self.is_refused = False
            yield device
            return

    def _says_wrong(self, failed: NotSignedIn) -> bool:
        wrong = self._deployment.operation("sign_in").outcomes.bad_credentials
        return bool(failed.exchanges) and matches(wrong, failed.exchanges[-1])


def _has_timed_out(error: Exception) -> bool:
    return isinstance(error, NoAnswer) and error.timed_out


def removed(deployment: Deployment, account: Account) -> tuple[bool, str]:
    """Whether an account of the journal is gone, and what came.

    It is deleted, if it is there.
    """
    if not account.passwords:
        return False, f"{account.state}; its password was not written down. Delete it by other means."
    for password in account.passwords:
        register(password, "password")
    person = Person("the owner", "", publish(account.email), account.passwords[-1], "", has_account=True)
    removal = Removal(deployment, person, reversed(account.passwords))
    if removal.is_deleted:
        return True, removal.came
    if removal.is_refused and account.state is State.ASKED:
        deployment.journal.refused(account.email)
        return True, "it was never made: no password signs in"
    if removal.is_refused and account.state is State.DELETING:
        deployment.journal.deleted(account.email)
        return True, "it was deleted by the run: no password signs in any more"
    return False, f"{removal.came} Try again later, or delete it by other means and remove its line."
