"""Waivers: known failures that are accepted until they expire."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from harness.core.record import Record
from harness.core.verdict import Verdict
from harness.results.result import Waived, scenario_key
from harness.specification.catalogue import requirements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.results.result import Result

WARNED_DAYS = 14
"""How many days before it expires a waiver is announced."""


def _says_something(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty; write what a colleague who finds it in a year needs to know")
    return text


def _is_link(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f'"{text}" is no link; write one such as "https://issues.example.com/123"')
    return text


Words = Annotated[str, AfterValidator(_says_something)]


class Waiver(Record):
    """A requirement that is known not to hold, and accepted for now."""

    requirement: str
    """Its identity."""
    row: str | None = None
    """One of its Examples rows as ``column: value, ...``; left out: all of them."""
    reason: Words
    """Why it is accepted for now."""
    owner: Words
    """Who answers for it."""
    issue: Annotated[str, AfterValidator(_is_link)]
    """Where it is followed up."""
    expires: dt.date
    """The last day on which it holds."""

    @property
    def title(self) -> str:
        """What it waives, in a few words."""
        return scenario_key(self.requirement, self.row or "")

    def covers(self, identity: str, row: str) -> bool:
        """Whether it is about that scenario."""
        return self.requirement == identity and self.row in (None, row)

    def waived(self) -> Waived:
        """What a result says of it."""
        return Waived(reason=self.reason, owner=self.owner, issue=self.issue, expires=self.expires)


@dataclass(frozen=True)
class Waivers:
    """The entries of one file, on the day of the run."""

    entries: tuple[Waiver, ...] = ()
    today: dt.date = dt.date.max

    def in_force(self, identity: str, row: str) -> Waiver | None:
        """A scenario's waiver that has not expired; one for its row first."""
        found = [entry for entry in self.entries if entry.covers(identity, row) and not self._expired(entry)]
        return min(found, key=lambda entry: entry.row is None, default=None)

    def objections(self, results: Sequence[Result]) -> list[str]:
        """A sentence for each entry that is expired or needless."""
        sentences = []
        for entry in self.entries:
            if self._expired(entry):
                sentences.append(
                    f"the waiver of {entry.title} expired on {entry.expires}: fix the deployment, or renew it"
                )
            elif (why := self.needless(entry, results)) is not None:
                sentences.append(f"the waiver of {entry.title} is stale: {why}; remove it")
        return sentences

    def needless(self, entry: Waiver, results: Sequence[Result]) -> str | None:
        """Why an entry has nothing to waive; None where it has.

        None too where not all of its scenarios ran, or one of them could not be judged.
        """
        # A waiver of the whole requirement is not about rows that have one of their own.
        met = [one for one in results if self.in_force(one.identity, one.row) is entry]
        verdicts = {result.verdict for result in met}
        all_ran = bool(met) and len(met) >= self._scenarios_of(entry)
        if not all_ran or not verdicts <= {Verdict.PASS, Verdict.NOT_APPLICABLE}:
            return None
        return "the requirement holds" if Verdict.PASS in verdicts else "the requirement does not apply here"

    def _scenarios_of(self, entry: Waiver) -> int:
        if entry.row is not None:
            return 1
        apart = [one for one in self.entries if one.requirement == entry.requirement and one.row is not None]
        return requirements()[entry.requirement].scenarios - len(apart)

    def warnings(self) -> list[str]:
        """A sentence for each entry that will expire within `WARNED_DAYS` days."""
        soon = [entry for entry in self.entries if 0 <= (entry.expires - self.today).days <= WARNED_DAYS]
        return [
            f"the waiver of {entry.title} expires on {entry.expires} ({entry.owner}, {entry.issue})"
            for entry in soon
        ]

    def _expired(self, entry: Waiver) -> bool:
        return entry.expires < self.today
