"""What earlier runs say of this one, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.report.markup import bullets, code, plain, table

if TYPE_CHECKING:
    from harness.report.document import Report
    from harness.report.trend import FlowPoint, RunPoint, Turn

_TURNS = 20
"""So many scenarios are named that are new, fixed or flaky."""
_RUNS = 5
"""So many runs the table of flows has."""


def trend_lines(report: Report) -> list[str]:
    """What earlier runs say of this one."""
    trend = report.trend
    if trend is None or len(trend.runs) == 1:
        return ["## Since earlier runs", "", "This is the first run of this deployment.", ""] if trend else []
    lines = ["## Since earlier runs", "", *bullets(trend.differences)]
    for word, turns in (("new", trend.new), ("fixed", trend.fixed)):
        lines += [f"**{len(turns)} {word}**", ""]
        lines += _bounded([f"{plain(one.title)} ({code(one.key)}): {_turned(one)}" for one in turns])
    lines += [f"**{len(trend.flaky)} flaky** (back and forth on the same target and specification)", ""]
    lines += _bounded([f"{plain(one.title)} ({code(one.key)}): {', '.join(one.verdicts)}" for one in trend.flaky])
    return [*lines, *_flow_by_flow(trend.runs[-_RUNS:], [*report.flows()])]


def _turned(turn: Turn) -> str:
    return f"{turn.before or 'not there'} before, {turn.after} now"


def _bounded(entries: list[str]) -> list[str]:
    lines = [f"- {entry}" for entry in entries[:_TURNS]]
    if len(entries) > _TURNS:
        lines.append(f"- and {len(entries) - _TURNS} more; report.json has them")
    return [*lines, ""] if lines else []


def _flow_by_flow(runs: list[RunPoint], flows: list[str]) -> list[str]:
    head = ["did not hold", *(run.started.strftime("%Y-%m-%d %H:%M") for run in runs)]
    rows = [[plain(flow), *(_point(run.flows.get(flow)) for run in runs)] for flow in flows]
    conclusions = ["conclusion", *(run.conclusion.value for run in runs)]
    return [*table(head, [*rows, conclusions]), ""]


def _point(point: FlowPoint | None) -> str:
    return "" if point is None or not point.judged else str(point.unmet)
