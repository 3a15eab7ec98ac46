"""Deleting an account by all that is known of its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.answer import matches
from harness.deployment.errors import NotSignedIn
from harness.deployment.held import holds_session
from harness.deployment.people import Device
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Person


class Removal:
    """Deletes one person's account, once; ``came`` says what came.

    ``is_deleted`` is whether the deployment says so, ``is_refused`` whether it refused each password.
    """

    def __init__(self, deployment: Deployment, person: Person, passwords: Iterable[str] = ()) -> None:
        self._deployment = deployment
        self._person = person
        self._passwords = tuple(passwords) or (person.password,)
        self.is_refused = False
        self.came = ""
        self.is_deleted = self._was_deleted()

    def _was_deleted(self) -> bool:
        done = self._deployment.operation("delete_user").outcomes.success
        for device in self._devices():
            try:
                answer = self._deployment.sessions.delete_account(device)
            except (NoAnswer, Unavailable) as error:
                self.came = str(error)
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
                self.came = self.came or str(error)
                continue
            self.is_refused = False
            yield device
            return

    def _says_wrong(self, failed: NotSignedIn) -> bool:
        wrong = self._deployment.operation("sign_in").outcomes.bad_credentials
        return bool(failed.exchanges) and matches(wrong, failed.exchanges[-1])
