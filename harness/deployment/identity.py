"""Who the session endpoint says is there."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    email: str | None
    name: str | None
    username: str | None = None
    owner: str | None = field(default=None, compare=False)
    """The address of the person whose id it was seen to be."""
    name_is_given: bool = field(default=True, compare=False)
    """Whether the name is the one from sign-up."""

    @property
    def called(self) -> str:
        """Who it is, in the words of the deployment."""
        return self.email or self.username or self.name or f"the user with the id {self.id}"

    def is_of(self, person: Person) -> bool:
        """Whether it is that person.

        By the address, else the user name, whatever their case. Where the answer has neither, by the id once it is
        known, and until then by the name.
        """
        if self.email is not None:
            return self.email.lower() == person.email.lower()
        if self.username is not None:
            return self.username.casefold() == person.values["username"].casefold()
        if self.id is not None and person.id:
            return self.id == person.id
        if self.name is not None and self.name_is_given:
            return self.name == person.name
        return self.owner in (None, person.email.lower())


@dataclass(frozen=True)
class IdentityProbe:
    """Asks the session endpoint who is there."""

    operations: Operations
    owners: dict[str, str] = field(default_factory=dict)
    """Whose each id is, by their address, as far as it was seen."""

    def learn(self, person: Person, identity: Identity) -> None:
        """Note that this is who the person is."""
        person.id = identity.id or ""
        if person.id:
            self.owners[person.id] = person.email.lower()

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
        key, place = session.identity.mark
        return why or f"a success, but {nothing_at(place, exchange)} (operations.session.identity.{key})"

    def named_in(self, exchange: Exchange) -> Identity | None:
        """The identity in an answer of the session endpoint, or None.

        None whatever else the answer is.
        """
        declared = self.operations.target.profile.operations
        answer, wanted = whole(exchange), declared.session.identity
        _, mark = wanted.mark
        if value_at(answer, mark) is None or not matches(declared.session.outcomes.success, exchange):
            return None
        places = (wanted.id, wanted.email, wanted.name, wanted.username)
        who, email, name, username = (value_at(answer, one) if one is not None else None for one in places)
        owner = self.owners.get(who) if who is not None else None
        return Identity(who, email, name, username, owner, declared.sign_up.asks_for("name"))
