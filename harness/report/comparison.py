"""What changed from one report to another, and whether anything got worse."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING

from harness.core.record import Record
from harness.core.verdict import Conclusion, Level, Verdict
from harness.report.document import Deployment
from harness.specification.renamed import current

if TYPE_CHECKING:
    from harness.report.document import Report
    from harness.results.result import Result

_UNMET = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
_JUDGED = (Verdict.PASS, *_UNMET)
_UNRESOLVED = (Verdict.WARN, Verdict.WAIVED, Verdict.NOT_TESTED)


class Kind(StrEnum):
    """What became of a scenario, in the order of the output."""

    BROKEN = "broken"
    """It held, or failed less badly, and does not hold now."""
    UNTESTED = "no longer tested"
    """It was judged before and is not now."""
    TESTED = "newly tested"
    """It was not judged before and is now."""
    FIXED = "fixed"
    """It did not hold and does now."""
    CHANGED = "changed otherwise"
    ADDED = "added"
    """Only the second report has it."""
    REMOVED = "removed"
    """Only the first report has it."""
    SAME = "unchanged"


class Change(Record):
    """One scenario in both reports."""

    key: str
    """Identity, and the Examples row in brackets."""
    title: str
    """The requirement in words."""
    level: Level
    """As the second report has it, where that has the scenario."""
    kind: Kind
    before: Verdict | None
    after: Verdict | None
    worse: bool
    """Whether it got worse."""
    reason: str
    """Why it is what it is now; empty for a pass."""


class Side(Record):
    """One of the two reports."""

    path: str
    """The file as it was named."""
    target: Deployment
    version: str
    """The suite's."""
    started: dt.datetime
    conclusion: Conclusion
    summary: str
    """The one line that says it all."""


class Comparison(Record):
    """Both reports, and every scenario that is not the same in both."""

    before: Side
    after: Side
    differences: list[str]
    """A sentence for each thing that makes the two hard to compare."""
    counts: dict[Kind, int]
    """How many scenarios are of each kind."""
    worse: int
    """How many got worse."""
    changes: list[Change]


def got_worse(before: Verdict | None, after: Verdict | None, level: Level) -> bool:
    """Whether a scenario got worse.

    None stands for a report that does not have it. What fails or ends in an error now and did not before is worse,
    also where it was not tested or is new. So is a pass that is one no more, and a MUST that was judged and is not
    now.
    """
    if after in (Verdict.FAIL, Verdict.ERROR):
        return before is not after
    if before is Verdict.PASS and after in _UNRESOLVED:
        return True
    return (
        level is Level.MUST and before in _JUDGED and after in (Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE, None)
    )


def kind_of(before: Verdict | None, after: Verdict | None) -> Kind:
    """What became of a scenario; None: the report does not have it."""
    if before is after:
        return Kind.SAME
    if before is None or after is None:
        return Kind.ADDED if before is None else Kind.REMOVED
    match before in _JUDGED, after in _JUDGED:
        case True, False:
            return Kind.UNTESTED
        case False, True:
            return Kind.TESTED
        case False, False:
            return Kind.CHANGED
    if after is Verdict.PASS:
        return Kind.FIXED
    return Kind.BROKEN if before is Verdict.PASS or after is Verdict.FAIL else Kind.CHANGED


def compare(before: Report, after: Report, paths: tuple[str, str]) -> Comparison:
    """What changed from one report to the other; ``paths`` are their files."""
    old, new = _by_key(before), _by_key(after)
    changes = [_change(old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    order = list(Kind)
    return Comparison(
        before=_side(before, paths[0]),
        after=_side(after, paths[1]),
        differences=differences(before, after),
        counts={kind: sum(change.kind is kind for change in changes) for kind in Kind},
        worse=sum(change.worse for change in changes),
        changes=sorted(
            (change for change in changes if change.kind is not Kind.SAME),
            key=lambda change: (order.index(change.kind), not change.worse),
        ),
    )


def _by_key(report: Report) -> dict[str, Result]:
    """The results by identity and row, under their names of today."""
    named = ((current(one.identity, one.row), one) for one in report.results)
    results = (one.model_copy(update={"identity": identity, "row": row}) for (identity, row), one in named)
    return {one.key: one for one in results}


def _side(report: Report, path: str) -> Side:
    return Side(
        path=path,
        target=report.target,
        version=report.suite.version,
        started=report.started,
        conclusion=report.conclusion,
        summary=report.summary,
    )


def _change(old: Result | None, new: Result | None) -> Change:
    before, after = (one.verdict if one is not None else None for one in (old, new))
    known = new or old
    if known is None:
        raise ValueError("a change is of a scenario that one of the reports has")
    return Change(
        key=known.key,
        title=known.title,
        level=known.level,
        kind=kind_of(before, after),
        before=before,
        after=after,
        worse=got_worse(before, after, known.level),
        reason=new.reason if new is not None else "",
    )


def differences(before: Report, after: Report) -> list[str]:
    """Sentences about what may explain a change besides the deployment's behaviour."""
    pairs = [
        ("targets", where(before), where(after)),
        ("profiles", before.target.profile, after.target.profile),
        ("versions of the suite", before.suite.version, after.suite.version),
        ("versions of the specification", _specification(before), _specification(after)),
        ("selections of scenarios", _selected(before), _selected(after)),
    ]
    return [f"they are of different {what}: {old} and {new}" for what, old, new in pairs if old != new]


def _specification(report: Report) -> str:
    return report.suite.specification or "none"


def where(report: Report) -> str:
    """The target in words that stay the same from run to run."""
    # The reference backend that a run starts for itself is at another port each time.
    return "the reference backend" if report.environment.postgres else report.target.base_url


def _selected(report: Report) -> str:
    return f"{report.expected} of {report.specified}"
