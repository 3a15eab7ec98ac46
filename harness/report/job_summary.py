"""The report in the summary of a GitHub Actions job."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from harness.report.markdown import render_within

if TYPE_CHECKING:
    from harness.report.document import Report

VARIABLE = "GITHUB_STEP_SUMMARY"
LIMIT_BYTES = 1024 * 1024
"""What GitHub takes from one step; of a longer summary it shows nothing."""


def add_to_job_summary(report: Report) -> Report:
    """Append the page to the file that `VARIABLE` names, if any.

    Returns the report, with a notice more where that could not be done.
    """
    name = os.environ.get(VARIABLE)
    problem = _append(Path(name), report) if name else None
    if problem is None:
        return report
    return report.model_copy(update={"notices": [*report.notices, f"the job's summary is not written: {problem}"]})


def _append(path: Path, report: Report) -> str | None:
    """Append the page, cut to fit; returns why it failed."""
    try:
        taken = path.stat().st_size if path.exists() else 0
        page = render_within(report, LIMIT_BYTES - taken - len("\n"))
        if page is None:
            return f"{path} has {taken} bytes already, and GitHub takes {LIMIT_BYTES} from a step"
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{page}\n")
    except OSError as error:
        return f"{path} can't be written ({error.strerror}); {VARIABLE} names it"
    return None
