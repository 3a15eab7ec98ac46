"""The report as one page of Markdown, for a job's summary or a merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.verdict import Verdict

if TYPE_CHECKING:
    from harness.report.document import Report
    from harness.report.results import Result

_TOLD = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.WARN,
    Verdict.WAIVED,
    Verdict.NOT_TESTED,
    Verdict.NOT_APPLICABLE,
)


def render(report: Report) -> str:
    """The whole page."""
    lines = [f"# auth-conformance: {report.target.title}", ""]
    lines += [
        f"{report.target.base_url} with profile `{report.target.profile}`, seed {report.settings.seed}.",
        "",
        report.summary,
        "",
    ]
    for verdict in _TOLD:
        if found := report.of(verdict):
            lines += [f"## {verdict.capitalize()}", "", *(_entry(result) for result in found), ""]
    lines += [
        "## Pass",
        "",
        *(f"- {result.title} (`{result.identity}`)" for result in report.of(Verdict.PASS)),
        "",
    ]
    return "\n".join(lines)


def _entry(result: Result) -> str:
    return f"- **{result.title}** (`{result.identity}`, {result.level.upper()}): {result.reason}"
