"""pytest's list of failures, by their causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.pytest_plugin.outcomes import result_of
from harness.report.causes import repetitions
from harness.report.text import repeated_text

if TYPE_CHECKING:
    import pytest

    from harness.report.document import Report

_LISTED = ("failed", "error")
"""What pytest's reporter lists at the end, by its own words."""


def group_failures(reporter: pytest.TerminalReporter, report: Report, folder: str) -> None:
    """Bring the failures of one cause together before pytest lists them.

    One that only repeats another keeps its own entry, without the exchanges. ``folder`` is where its files are.
    """
    repeated = repetitions(report.results)
    places = {key: place for place, key in enumerate(key for cause in report.causes for key in cause.results)}
    for word in _LISTED:
        found = [(one, result_of(one)) for one in reporter.stats.get(word, [])]
        # What is no scenario, an ordinary test, stays in front.
        found.sort(key=lambda pair: places.get(pair[1].key, -1) if pair[1] is not None else -1)
        for one, result in found:
            if result is not None and result.key in repeated:
                one.longrepr = repeated_text(result, repeated[result.key], folder)
        if found:
            reporter.stats[word] = [one for one, _ in found]
