"""What is known of each scenario after it ran."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from harness.core.blocker import Blocker
from harness.core.record import Record
from harness.core.text import counted
from harness.core.verdict import Level, Verdict
from harness.specification.catalogue import RequirementMetadata
from harness.wire.transcript import RecordedExchange

if TYPE_CHECKING:
    from collections.abc import Iterable


class Waived(Record):
    """The waiver in force that a finding met."""

    reason: str
    """Why it is accepted for now."""
    owner: str
    """Who answers for it."""
    issue: str
    """Where it is followed up."""
    expires: dt.date
    """The last day on which it holds."""


class Place(Record):
    """A line of a file in the user's repository."""

    file: str
    """Its path from the repository's top, with forward slashes."""
    line: int
    """Its number, from 1."""


class Artefact(Record):
    """A file that belongs to a finding."""

    kind: Literal["repro", "screenshot", "trace"]
    path: str
    """Where it is, relative to the report's folder, with forward slashes."""
    about: str
    """What it shows, as the words of a link."""


class Result(RequirementMetadata):
    """One scenario's verdict with all that it rests on, secrets masked.

    Each Examples row has a result of its own.
    """

    is_own: bool = False
    """Whether a feature file of the user's own states it (`--features`); the conclusion is not about it."""
    row: str
    """The Examples row as ``column: value, ...``; empty for a scenario without."""
    steps: list[str]
    """Keyword and text of each step, the Background's first."""
    verdict: Verdict
    reason: str
    """The finding in one sentence; empty for a pass."""
    step: str
    """The step at which it was decided."""
    expected: str
    """For fail, warn and waived: what was demanded, to be read after "Expected"."""
    came: str
    """What came instead."""
    remedy: str
    """For not tested: what to give or to fix."""
    blocker: Blocker | None = None
    """For not tested: the class of what kept it from being judged; one of a MUST that is not "missing" leaves the
    run not green."""
    notes: list[str]
    """How it was judged where there are several ways, such as how expiry was reached."""
    traceback: str
    """For an error: where the suite broke."""
    exchanges: list[RecordedExchange]
    """All that was said on the wire, oldest first."""
    artefacts: list[Artefact] = []
    declared: Place | None = None
    """For what did not pass: where the profile declares the route or page that decided, if a file of the user's
    repository does."""
    unreproduced: str = ""
    """Why a finding has no curl reproduction; empty where it has one or needs none."""
    waiver: Waived | None = None
    seconds: float
    """Running time."""
    started: dt.datetime | None = None
    """When it began; none in a report from before this was noted."""
    step_seconds: list[float] = []
    """Running time of each step that ran, in order."""
    other_origins: list[str] = []
    """Origins outside the deployment from which its pages loaded something."""
    sign_ups: int
    """How often it asked for an account."""
    sign_ins: int
    """How often it asked for a session."""
    throttled: float
    """How many seconds of the running time went into waiting because the deployment said 429."""

    @property
    def title(self) -> str:
        """The requirement's name, and what it doesn't say of the row."""
        unsaid = [part for part in self.row.split(", ") if part.partition(": ")[2] not in self.name]
        return f"{self.name} [{', '.join(unsaid)}]" if self.row and unsaid else self.name

    @property
    def word(self) -> str:
        """The verdict in words; of *not tested* with its class."""
        return f"{self.verdict} ({self.blocker})" if self.blocker is not None else self.verdict.value

    @property
    def key(self) -> str:
        """Identity and row, which no other result of a run has."""
        return scenario_key(self.identity, self.row)

    @property
    def stopped_short(self) -> bool:
        """Whether it ended early for what is absent or missing."""
        return self.verdict is Verdict.NOT_APPLICABLE or self.blocker is Blocker.MISSING

    @property
    def deciding(self) -> list[RecordedExchange]:
        """The exchanges that the verdict rests on, the control first."""
        return [exchange for exchange in self.exchanges if exchange.decides]


@dataclass
class Run:
    """All results of a run and how many were expected.

    Those of the user's own features count apart.
    """

    expected: int = 0
    own_expected: int = 0
    results: dict[str, Result] = field(default_factory=dict)

    def counts(self) -> Counter[Verdict]:
        """How many scenarios got each verdict."""
        return Counter(result.verdict for result in self.ours())

    def untested(self) -> Counter[Blocker]:
        """How many scenarios were not tested for each class of reason."""
        return Counter(result.blocker for result in self.ours() if result.blocker is not None)

    def of(self, *verdicts: Verdict) -> list[Result]:
        """The results with one of these verdicts, by feature and name."""
        chosen = [result for result in self.results.values() if result.verdict in verdicts]
        return sorted(chosen, key=lambda result: (result.feature, result.title))

    @property
    def ran(self) -> int:
        """How many scenarios ended with a verdict, *not applicable* included."""
        return len(self.ours())

    def ours(self) -> list[Result]:
        """The results of the specification itself."""
        return [result for result in self.results.values() if not result.is_own]

    def own(self) -> list[Result]:
        """The results of the user's own features."""
        return [result for result in self.results.values() if result.is_own]


def scenario_key(identity: str, row: str) -> str:
    """A scenario as reports write it: identity, and row in brackets."""
    return f"{identity} [{row}]" if row else identity


_WHY = {
    Blocker.UNFIT: "for the profile does not fit",
    Blocker.STATE: "for the state of the deployment",
}
_SAID = 6
"""So many reasons are given one by one."""


def blocked(results: Iterable[Result]) -> list[str]:
    """Why a run is not green although nothing failed.

    A sentence for each reason why a MUST could not be judged, unless something was only missing.
    """
    counts = Counter(
        (result.blocker, result.reason)
        for result in results
        if result.level is Level.MUST and result.blocker is not None and not result.blocker.clears_run
    ).most_common()
    said = [
        f"{counted(count, 'MUST', 'MUSTs')} could not be judged, {_WHY[blocker]}: {reason}".rstrip(".")
        for (blocker, reason), count in counts[:_SAID]
    ]
    if more := sum(count for _, count in counts[_SAID:]):
        said.append(f"{counted(more, 'more MUST', 'more MUSTs')} could not be judged, each for its own reason")
    return said
