"""Verdicts of scenarios, and what those of a run amount to.

Text, JSON, HTML and exit code are all made from what this module says (design section 4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.exits import Exit
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence


class Level(StrEnum):
    """How strongly a requirement binds (RFC 2119)."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Severity(StrEnum):
    """How much harm breaking a requirement does (CVSS v3.1 section 5)."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Verdict(StrEnum):
    """What is said of one scenario (one Examples row counts as one)."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    WARN = "warn"
    WAIVED = "waived"
    NOT_APPLICABLE = "not applicable"
    NOT_TESTED = "not tested"
    ERROR = "error"


class Conclusion(StrEnum):
    """What is said of a whole run."""

    CONFORMANT = "conformant"
    """The whole specification ran, and every MUST that applies passed."""
    WITH_WAIVERS = "conformant but for waivers"
    """The same, where some of what failed is waived for the time being."""
    UNDECIDED = "undecided"
    """Nothing failed, but a MUST could not be judged."""
    PARTIAL = "partial"
    """Nothing failed in what ran, which is not the whole specification: no word about conformance."""
    NOT_CONFORMANT = "not conformant"
    """A MUST did not hold, or a flag makes something else red."""
    BROKEN = "broken"
    """The suite or the network broke in a scenario, and nothing else is red."""


def finding(raised: BaseException | None) -> BaseException | None:
    """The finding that an exception amounts to, or the exception itself."""
    match raised:
        case Unavailable():
            return NotTested(raised.reason, raised.remedy, raised.exchanges, blocker=raised.blocker)
        case Absent():
            return NotApplicable(raised.reason)
        case NoAnswer():
            return NotTested(f"no answer came: {raised}.", "Find out what became of it, and run again.")
        case _:
            return raised


def decide(level: Level, raised: BaseException | None, *, waived: bool = False) -> Verdict:
    """The verdict of a scenario that raised that, or None if nothing."""
    match finding(raised):
        case None:
            return Verdict.PASS
        case Unmet() if waived:
            return Verdict.WAIVED
        case Unmet():
            return Verdict.FAIL if level is Level.MUST else Verdict.WARN
        case NotTested():
            return Verdict.NOT_TESTED
        case NotApplicable():
            return Verdict.NOT_APPLICABLE
        case _:
            return Verdict.ERROR


@dataclass(frozen=True)
class Strictness:
    """What the user wants red besides a MUST that failed."""

    warnings: bool = False
    """``--strict``."""
    untested: bool = False
    """``--require-tested``."""

    def is_red(self, verdict: Verdict) -> bool:
        """Whether one such verdict makes the run red."""
        match verdict:
            case Verdict.FAIL | Verdict.ERROR:
                return True
            case Verdict.WARN:
                return self.warnings
            case Verdict.NOT_TESTED:
                return self.untested
            case Verdict.PASS | Verdict.WAIVED | Verdict.NOT_APPLICABLE:
                return False
            case _:
                assert_never(verdict)


@dataclass(frozen=True)
class Outcome:
    """What a run amounts to."""

    conclusion: Conclusion
    exit_code: Exit
    reasons: tuple[str, ...] = ()
    """A sentence for each reason why it is red."""


def conclude(
    ended: Sequence[tuple[Level, Verdict]],
    specified: int,
    strictness: Strictness,
    *,
    objections: Sequence[str] = (),
    broken: Sequence[str] = (),
    blocked: Sequence[str] = (),
    interrupted: bool = False,
) -> Outcome:
    """What the verdicts of a run amount to.

    ``specified`` is how many scenarios the whole specification has; ``objections`` are sentences that make the run
    red whatever the verdicts are (a waiver that is stale); ``broken`` are those about the suite itself (a feature
    file that can't be run); ``blocked`` are those about a MUST that could not be judged for the deployment's state
    or for a profile that does not fit. ``interrupted`` is whether the user ended it.
    """
    counts = Counter(verdict for _, verdict in ended)
    failed = [*_failures(counts, strictness), *objections]
    errors = counts[Verdict.ERROR]
    trouble = ([f"{errors} ended in an error of the suite or the network"] if errors else []) + list(broken)
    unjudged = [*_nothing_judged(counts), *blocked]
    if failed:
        outcome = Outcome(Conclusion.NOT_CONFORMANT, Exit.NOT_CONFORMANT, (*failed, *trouble, *unjudged))
    elif trouble:
        outcome = Outcome(Conclusion.BROKEN, Exit.HARNESS_ERROR, (*trouble, *unjudged))
    elif unjudged:
        word = Conclusion.PARTIAL if len(ended) < specified else Conclusion.UNDECIDED
        outcome = Outcome(word, Exit.TARGET_UNUSABLE, tuple(unjudged))
    else:
        outcome = Outcome(_good(ended, specified), Exit.CONFORMANT)
    return _cut_short(outcome) if interrupted else outcome


def _cut_short(outcome: Outcome) -> Outcome:
    word = outcome.conclusion if outcome.reasons else Conclusion.PARTIAL
    return Outcome(word, Exit.INTERRUPTED, ("the run was interrupted", *outcome.reasons))


def _failures(counts: Counter[Verdict], strictness: Strictness) -> list[str]:
    wanted = [
        (Verdict.FAIL, "did not hold"),
        (Verdict.WARN, "did not hold and --strict is on"),
        (Verdict.NOT_TESTED, "could not be tested and --require-tested is on"),
    ]
    return [
        f"{counted(counts[verdict], 'scenario')} {words}"
        for verdict, words in wanted
        if counts[verdict] and strictness.is_red(verdict)
    ]


def _nothing_judged(counts: Counter[Verdict]) -> list[str]:
    judged = (Verdict.PASS, Verdict.FAIL, Verdict.WARN, Verdict.WAIVED, Verdict.ERROR)
    if counts and not any(counts[verdict] for verdict in judged):
        return ["nothing could be judged, so nothing is known about this deployment"]
    return []


def _good(ended: Sequence[tuple[Level, Verdict]], specified: int) -> Conclusion:
    if len(ended) < specified:
        return Conclusion.PARTIAL
    if (Level.MUST, Verdict.NOT_TESTED) in ended:
        return Conclusion.UNDECIDED
    if (Level.MUST, Verdict.WAIVED) in ended:
        return Conclusion.WITH_WAIVERS
    return Conclusion.CONFORMANT
