"""What sign-in said so far, to right passwords and to wrong ones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from harness.deployment.difference import difference
from harness.deployment.errors import LockedOut
from harness.deployment.issued import Issued
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person

MANY = 3
"""Wrong passwords from which on a deployment may refuse the right one; none does after fewer."""

_THROTTLING = (httpx.codes.FORBIDDEN, httpx.codes.LOCKED, httpx.codes.TOO_MANY_REQUESTS)
SAYS_SO = re.compile(r"(?i)too.?many|rate.?limit|throttl|slow.?down|try.?again|attempts|captcha|locked")
_REMEDY = (
    "Declare that answer in operations.sign_in.outcomes.throttled (its status and what its body says), so that "
    "the suite waits, or raise the deployment's limits for the suite."
)


@dataclass(frozen=True)
class SignIns:
    """Wrong passwords that were tried, and right ones that worked."""

    wrong: list[tuple[str, Exchange]] = field(default_factory=list)
    """Addresses and answers."""
    right: dict[str, Person] = field(default_factory=dict)
    """By their addresses, the last one last."""
    issued: Issued = field(default_factory=Issued)

    def note_wrong(self, person: Person, answer: Exchange) -> None:
        """Note a wrong password for that person's address."""
        self.wrong.append((_account(person), answer))

    def note_right(self, person: Person) -> None:
        """Note that the person's password signed in."""
        self.right.pop(_account(person), None)
        self.right[_account(person)] = person

    def must_not_lock_out(
        self, person: Person, refused: Exchange, refusal_of: Callable[[Person], Exchange | None]
    ) -> None:
        """Raise LockedOut if wrong passwords are why a right one was refused.

        ``refusal_of`` tries another person's right one, and returns the answer where that is refused too.
        """
        if httpx.codes.is_server_error(refused.status):
            return
        own = [answer for account, answer in self.wrong if account == _account(person)]
        if len(own) >= MANY:
            raise _locked_out(person, refused, f"{len(own)} wrong ones for that address", [own[-1], refused])
        if not self._may_throttle(refused) or (other := self._another(person)) is None:
            return
        control = refusal_of(other)
        if control is not None and difference(control, refused, [other.email, person.email]) is None:
            after = f"{len(self.wrong)} wrong ones, and so was another person's, which had worked before"
            raise _locked_out(person, refused, after, [refused, control])

    def _may_throttle(self, refused: Exchange) -> bool:
        if refused.status in _THROTTLING or SAYS_SO.search(refused.everything):
            return True
        return len(self.wrong) >= MANY and all(
            (refused.status, refused.text) != (wrong.status, wrong.text) for _, wrong in self.wrong
        )

    def _another(self, person: Person) -> Person | None:
        """Somebody else whose password worked, with as few wrong ones as possible."""
        tried = Counter(account for account, _ in self.wrong)
        others = [account for account in reversed(self.right) if account != _account(person)]
        return self.right[min(others, key=lambda account: tried[account])] if others else None


def _account(person: Person) -> str:
    return person.email.strip().lower()


def _locked_out(person: Person, refused: Exchange, after: str, exchanges: list[Exchange]) -> LockedOut:
    return LockedOut(
        f"sign-in is throttled: {person.alias}'s right password was answered {quoted(refused)} after {after}.",
        _REMEDY,
        exchanges,
    )
