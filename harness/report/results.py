"""What is known of each scenario after it ran, and what a run amounts to."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from harness.verdict import Verdict


@dataclass(frozen=True)
class Result:
    """One scenario's verdict. ``seconds`` is its running time; ``text`` the whole finding, secrets masked.

    ``sign_ups`` and ``sign_ins`` count how often it asked for an account or a session, ``throttled`` is how many
    seconds of the running time went into waiting because the deployment said 429.
    """

    identity: str
    level: str
    feature: str
    name: str
    row: str
    verdict: Verdict
    reason: str
    text: str
    notes: list[str]
    seconds: float
    sources: list[str]
    sign_ups: int = 0
    sign_ins: int = 0
    throttled: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain data that `from_json` takes back."""
        return {**asdict(self), "verdict": self.verdict.value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Result:
        """A result from `as_json`."""
        return cls(**{**data, "verdict": Verdict(data["verdict"])})

    @property
    def title(self) -> str:
        """The requirement, and of its Examples row what the name does not say already."""
        return titled(self.name, self.row)


@dataclass
class Run:
    """All results of a run and how many were expected."""

    expected: int = 0
    results: dict[str, Result] = field(default_factory=dict)

    def counts(self) -> Counter[Verdict]:
        """How many scenarios got each verdict."""
        return Counter(result.verdict for result in self.results.values())

    def of(self, *verdicts: Verdict) -> list[Result]:
        """The results with one of these verdicts, by feature and name."""
        chosen = [result for result in self.results.values() if result.verdict in verdicts]
        return sorted(chosen, key=lambda result: (result.feature, result.title))

    @property
    def ran(self) -> int:
        """How many scenarios were judged or tried to be; those skipped for lack of an operation count too."""
        return len(self.results)

    @property
    def judged(self) -> int:
        """How many scenarios ended in a judgement about the deployment."""
        counts = self.counts()
        return sum(counts[verdict] for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.WARN, Verdict.WAIVED))


def titled(name: str, row: str) -> str:
    """A scenario's name, followed by what of its Examples row (``column: value, ...``) it does not say itself."""
    unsaid = [part for part in row.split(", ") if part.partition(": ")[2] not in name]
    return f"{name} [{', '.join(unsaid)}]" if row and unsaid else name
