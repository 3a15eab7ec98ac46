"""What the terminal says at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.text import printable
from harness.core.verdict import Verdict
from harness.deployment.journal import FILE as JOURNAL
from harness.report.causes import causes
from harness.report.history import said
from harness.report.suggested_waivers import FILE, suggested
from harness.report.text import by_cause, costs, how_far

if TYPE_CHECKING:
    import pytest

    from harness.pytest_plugin.options import Options
    from harness.report.document import Report

_MOST_OFFERED = 3
"""How many waivers the terminal suggests; more are in a file only."""
_LISTED = (Verdict.WARN, Verdict.WAIVED, Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE)


def write_summary(
    reporter: pytest.TerminalReporter, report: Report, options: Options, page: str, left: int
) -> None:
    """Write the summary, and a waiver to fill in for each finding.

    ``left`` is how many accounts stay behind.
    """
    reporter.section("auth-conformance")
    # What failed stands above, one by one.
    shared = [cause for cause in causes(report.of(Verdict.FAIL)) if len(cause.results) > 1]
    listed = causes(result for verdict in _LISTED for result in report.of(verdict))
    for line in by_cause([*shared, *listed]):
        reporter.write_line(line)
    _offer_waivers(reporter, report, options.report_shown)
    can_delete = report.capabilities.get("delete-user", False)
    behind = costs(report, left, journal=options.report_shown + JOURNAL, can_delete=can_delete)
    for line in (*report.notices, *behind, *said(report.trend)):
        reporter.write_line(printable(line), yellow=True)
    for reason in report.reasons:
        reporter.write_line(printable(f"red: {reason}."), red=True)
    specification = f"the specification {report.suite.specification}".rstrip()
    reporter.write_line(f"not covered by {specification}: {'; '.join(report.uncovered)}")
    reporter.write_line(report.summary, bold=True)
    if report.own is not None:
        reporter.write_line(report.own.summary, bold=True)
    reporter.write_line(f"report: {page}    (the same people again: --seed {options.seed})")
    if (stopped := how_far(report.results)) is not None:
        reporter.write_line(printable(stopped), red=True)


def _offer_waivers(reporter: pytest.TerminalReporter, report: Report, folder: str) -> None:
    entries = suggested(report)
    if len(entries) > _MOST_OFFERED:
        reporter.write_line(f"\nTo let known failures pass for now, fill in their entries in {folder}{FILE}\n")
    elif entries:
        reporter.write_line("\nTo let a known failure pass for now, fill in its entry for a file for --waivers:")
        for entry in entries:
            reporter.write_line("\n" + entry)
        reporter.write_line("")
