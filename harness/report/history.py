"""Earlier runs of a deployment, kept as a small file each.

They are compared with a later one. A file has the verdicts by requirement and row, and nothing else that came.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from harness.core import private
from harness.core.record import Record
from harness.core.text import abridged, counted
from harness.core.verdict import Conclusion, Verdict
from harness.evidence.leaks import mask_leaks
from harness.report.comparison import Kind, got_worse, kind_of, where
from harness.report.trend import Flaky, FlowPoint, RunPoint, Trend, Turn
from harness.results.result import scenario_key
from harness.specification.renamed import current

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from harness.report.document import Report

KEPT = 50
"""So many runs of a target are kept; the oldest are deleted."""
SHOWN = 10
"""So many of them a report shows."""
_NAME = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}\.json")
_UNMET = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED, Verdict.ERROR)
_JUDGED = (Verdict.PASS, *_UNMET)
_NAMED = 3
"""Scenarios that a line names before it says "..."."""
_BACK = 3
"""There, away and back: so many stretches make a verdict flaky."""


class PastRun(Record):
    """What is kept of a run."""

    format: Literal[1] = 1
    started: dt.datetime
    target: str
    """Where it ran, in the words of a comparison."""
    profile: str
    version: str
    """The suite's."""
    specification: str
    """The specification's version."""
    conclusion: Conclusion
    flows: dict[str, dict[str, Verdict]]
    """The verdicts of each flow, by identity and row."""

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict of each scenario, under its name of today."""
        return {_current(key): verdict for found in self.flows.values() for key, verdict in found.items()}


def _current(key: str) -> str:
    identity, _, row = key.partition(" [")
    return scenario_key(*current(identity, row.removesuffix("]")))


def past_run(report: Report) -> PastRun:
    """What is kept of a run."""
    return PastRun(
        started=report.started,
        target=where(report),
        profile=report.target.profile,
        version=report.suite.version,
        specification=report.suite.specification,
        conclusion=report.conclusion,
        flows={flow: {one.key: one.verdict for one in found} for flow, found in report.flows().items()},
    )


def render(report: Report) -> str:
    """The file of a run."""
    return past_run(report).model_dump_json() + "\n"


def file_of(folder: Path, report: Report) -> Path:
    """Where a run is kept: by its time and its target."""
    moment = report.started.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
    return folder / f"{moment}Z-{_mark(where(report))}.json"


def _mark(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()[:8]


def read_runs(folder: Path, report: Report) -> tuple[list[PastRun], list[str]]:
    """The earlier runs of the report's target, the oldest first.

    And a sentence about each file that can't be read.
    """
    runs, notices = [], []
    for path in _files(folder, where(report)):
        try:
            run = PastRun.model_validate_json(path.read_text("utf-8"))
        except (OSError, ValueError, ValidationError):
            notices.append(f"{path.name} in the history is no record of a run, and was passed over; delete it")
            continue
        if run.target == where(report) and run.started < report.started:
            runs.append(run)
    return sorted(runs, key=lambda run: run.started), notices


def _files(folder: Path, target: str) -> list[Path]:
    """The files of a target, the oldest first."""
    with suppress(OSError):
        found = (path for path in folder.iterdir() if _NAME.fullmatch(path.name))
        return sorted(path for path in found if path.stem.endswith(_mark(target)))
    return []


def keep(folder: Path, report: Report) -> None:
    """Keep a run, and delete the oldest ones of its target.

    One in which nothing was judged is not kept.
    """
    if not report.results:
        return
    private.make_folder(folder)
    file = file_of(folder, report)
    private.write_text(file, render(report))
    mask_leaks([file])
    for path in _files(folder, where(report))[:-KEPT]:
        path.unlink(missing_ok=True)


def trend_of(report: Report, runs: Sequence[PastRun]) -> Trend:
    """What the earlier runs say of this one."""
    last = {key: verdict for run in runs for key, verdict in run.verdicts.items()}
    judged = {key: verdict for run in runs for key, verdict in run.verdicts.items() if verdict in _JUDGED}
    since_last, since_judged = _turns(report, last), _turns(report, judged)
    return Trend(
        runs=[_point(run) for run in [*runs, past_run(report)][-SHOWN:]],
        new=[turn for turn in since_last if runs and got_worse(turn.before, turn.after, turn.level)],
        fixed=[turn for turn in since_judged if _is_fixed(turn)],
        flaky=[*_flaky(report, runs)],
        differences=_differences(runs[-1], past_run(report)) if runs else [],
    )


def _turns(report: Report, before: Mapping[str, Verdict]) -> list[Turn]:
    return [
        Turn(key=one.key, title=one.title, level=one.level, before=before.get(one.key), after=one.verdict)
        for one in report.results
    ]


def _is_fixed(turn: Turn) -> bool:
    was_broken = turn.before is Verdict.ERROR and turn.after is Verdict.PASS
    return was_broken or kind_of(turn.before, turn.after) is Kind.FIXED


def _point(run: PastRun) -> RunPoint:
    return RunPoint(
        started=run.started,
        conclusion=run.conclusion,
        flows={
            flow: FlowPoint(
                judged=sum(verdict in _JUDGED for verdict in found.values()),
                unmet=sum(verdict in _UNMET for verdict in found.values()),
            )
            for flow, found in run.flows.items()
        },
    )


def _flaky(report: Report, runs: Iterable[PastRun]) -> Iterable[Flaky]:
    alike = [run.verdicts for run in runs if run.specification == report.suite.specification]
    for one in report.results:
        met = [verdicts[one.key] for verdicts in alike if one.key in verdicts]
        judged = [verdict for verdict in [*met, one.verdict] if verdict in _JUDGED]
        # Whether a failure was waived says nothing of the deployment.
        stretches = [*groupby(judged, key=lambda verdict: verdict is Verdict.PASS)]
        if len(stretches) >= _BACK:
            yield Flaky(key=one.key, title=one.title, verdicts=judged[-SHOWN:])


def _differences(before: PastRun, after: PastRun) -> list[str]:
    pairs = [
        ("profile", before.profile, after.profile),
        ("version of the suite", before.version, after.version),
        ("version of the specification", before.specification, after.specification),
    ]
    return [
        f"the run before had another {what}: {old or 'none'}, now {new or 'none'}"
        for what, old, new in pairs
        if old != new
    ]


def said(trend: Trend | None) -> list[str]:
    """A line for a terminal about what changed since earlier runs."""
    if trend is None:
        return []
    if len(trend.runs) == 1:
        return ["history: this is the first run of this deployment"]
    kinds = [(len(trend.new), "new"), (len(trend.fixed), "fixed"), (len(trend.flaky), "flaky")]
    counts = ", ".join(f"{count} {word}" for count, word in kinds)
    flaky = f" ({abridged([one.key for one in trend.flaky], _NAMED)})" if trend.flaky else ""
    return [f"history of {counted(len(trend.runs), 'run')}: {counts}{flaky}"]
