"""The report as a comment on a merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.report.markdown import render_within

if TYPE_CHECKING:
    from harness.report.document import Report

LIMIT_BYTES = 65_000
"""GitHub takes 65,536 characters of a comment, GitLab more; a character has one byte or more."""


def render(report: Report) -> str:
    """The page, cut to what a comment may have."""
    brief = (
        f"**{report.conclusion}.** The report is too long for a comment; report.md in its folder has all of it.\n"
    )
    return render_within(report, LIMIT_BYTES) or brief
