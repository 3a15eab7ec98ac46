"""Who the session endpoint says is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.deployment.answer import matches
from harness.deployment.credential import Credential
from harness.deployment.errors import Unrecognised
from harness.deployment.extraction import nothing_at, value_at, whole
from harness.deployment.mismatch import mismatch
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.operations import Operations
    from harness.deployment.people import Person

_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass(frozen=True)
class Identity:
    """Who the session endpoint says is there."""

    id: str | None
    email: str
    name: str | None

    def is_of(self, person: Person) -> bool:
        """Whether it is that person; addresses are compared whatever their case."""
        return self.email.lower() == person.email.lower()


@dataclass(frozen=True)
class IdentityProbe:
    """Asks the session endpoint who is there."""

    operations: Operations

    def who_is(self, credential: Credential, who: str) -> Identity | None:
        """Who holds that credential; None for nobody.

        Raises Unrecognised when the answer is neither of the two the profile describes.
        """
        return self.identity_in(self.operations.call("session", who, {}, credential))

    def is_session_of(self, person: Person, credential: Credential, who: str) -> bool:
        """Whether the credential is that person's; raises as `who_is` does."""
        identity = self.who_is(credential, who)
        return identity is not None and identity.is_of(person)

    def needed(self, person: Person, cookies: Mapping[str, str]) -> list[str]:
        """Which of the cookies the person needs to be signed in.

        Found by elimination.
        """
        needed = dict(cookies)
        for name in cookies:
            without = {key: value for key, value in needed.items() if key != name}
            if self.is_session_of(person, Credential("some of the cookies", without), "an attacker"):
                needed = without
        return list(needed)

    def identity_in(self, exchange: Exchange) -> Identity | None:
        """The identity in an answer of the session endpoint; see `who_is`."""
        identity = self.named_in(exchange)
        unauthenticated = self.operations.operation("session").outcomes.unauthenticated
        refused = matches(unauthenticated, exchange) or exchange.status in _REFUSED
        if identity is not None or refused:
            return identity
        raise Unrecognised(
            f"the session endpoint answered {quoted(exchange)}, which is neither a signed-in answer "
            f"({self._why_nobody(exchange)}) nor an anonymous one ({mismatch(unauthenticated, exchange)}).",
            "Check operations.session in the profile.",
            [exchange],
        )

    def _why_nobody(self, exchange: Exchange) -> str:
        session = self.operations.target.profile.operations.session
        why = mismatch(session.outcomes.success, exchange)
        email = session.identity.email
        return why or f"a success, but {nothing_at(email, exchange)} (operations.session.identity.email)"

    def named_in(self, exchange: Exchange) -> Identity | None:
        """The identity in an answer of the session endpoint, or None.

        None whatever else the answer is.
        """
        session = self.operations.target.profile.operations.session
        answer, wanted = whole(exchange), session.identity
        email = value_at(answer, wanted.email)
        if email is None or not matches(session.outcomes.success, exchange):
            return None
        return Identity(
            value_at(answer, wanted.id) if wanted.id is not None else None,
            email,
            value_at(answer, wanted.name) if wanted.name is not None else None,
        )
