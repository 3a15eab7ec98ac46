"""The entries that would let the findings of a run pass for now, to be filled in and given to ``--waivers``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.verdict import Verdict
from harness.report.queries import is_red
from harness.results.waivers import entries_for

if TYPE_CHECKING:
    from harness.report.document import Report

FILE = "waivers.suggested.toml"


def suggested(report: Report) -> list[str]:
    """An entry in TOML for each finding that made the run red; one for a requirement of which no row held."""
    findings = [result for result in report.of(Verdict.FAIL, Verdict.WARN) if is_red(report, result)]
    return entries_for(findings, report.started.date())


def render(report: Report) -> str:
    """All of them as a file, which can't be used before somebody has signed each entry."""
    entries = suggested(report)
    if not entries:
        return "# Nothing that could be waived was red.\n"
    head = "# Keep what is known and accepted for now; say why, who answers for it, and where it is followed up."
    return "\n\n".join([head, *entries]) + "\n"
