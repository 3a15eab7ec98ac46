"""A place that a credential opens: its address, control and attempts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import httpx

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment.quotation import quoted
from harness.deployment.refusal import Attempt

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.deployment.credential import Credential
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Device, Person


@dataclass(frozen=True)
class Place(ABC):
    """Something of a person's that only the right credential opens."""

    deployment: Deployment

    word: ClassVar[str]
    """What feature files call it."""
    by_session: ClassVar[bool] = True
    """Whether the session opens it, and not the access token."""

    @property
    def absence(self) -> str | None:
        """Why the deployment has no such place, or None."""
        return None

    def key(self, _owner: str) -> str:
        """The name of the control that a refusal of that person's needs."""
        return self.word

    @abstractmethod
    def url(self, owner: Person) -> str:
        """The address of that person's."""

    @abstractmethod
    def refuses(self, exchange: Exchange) -> bool:
        """Whether an answer that is no 4xx is a refusal here."""

    @abstractmethod
    def _ask(self, who: str, credential: Credential, owner: Person, extra: Headers) -> Exchange: ...

    def open(self, who: str, credential: Credential, owner: Person, extra: Headers = ()) -> Exchange:
        """Ask for the owner's with a frozen credential.

        ``extra`` are further request headers, for pages.

        Raises Absent when the deployment has no such place.
        """
        if (absence := self.absence) is not None:
            raise Absent(absence)
        return self._ask(who, credential, owner, extra)

    def opened(self, exchange: Exchange, owner: Person) -> bool:
        """Whether the answer shows what only a credential of ``owner`` opens."""
        is_success = httpx.codes.is_success(exchange.status)
        return is_success and any(canary in exchange.text for canary in owner.canaries)

    def credential(self, device: Device) -> Credential:
        """What the browser of a signed-in device sends there."""
        return self.deployment.access.whole_jar(device, self.url(device.person))

    def control(self, who: str, credential: Credential, owner: Person) -> Callable[[], Exchange]:
        """A check that the credential opens it; see `Judge.control`."""

        def check() -> Exchange:
            exchange = self.open(who, credential, owner)
            if not self.opened(exchange, owner):
                raise Unmet(
                    f"that {credential.label} opens the {self.word}",
                    f"it was answered {quoted(exchange)}",
                    [exchange],
                )
            return exchange

        return check

    def attempt(self, who: str, credential: Credential, owner: Person, what: str, extra: Headers = ()) -> Attempt:
        """Try to open it with something that must not open it."""
        exchange = self.open(who, credential, owner, extra)
        return Attempt(
            key=self.key(owner.alias),
            what=what,
            exchange=exchange,
            hidden=tuple(owner.canaries),
            effect=lambda: f"it opened the {self.word}" if self.opened(exchange, owner) else None,
            also_refusal=self.refuses,
        )
