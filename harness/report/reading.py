"""Reading the ``report.json`` of an earlier run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from harness.report.document import Report

if TYPE_CHECKING:
    from pathlib import Path


class ReportError(Exception):
    """The file is no report that can be read; the message is one sentence."""


def read_report(path: Path) -> Report:
    """The report in a file. Raises ReportError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"the report {path} can't be read: {error}.") from error
    try:
        return Report.model_validate_json(text)
    except ValidationError as error:
        raise ReportError(_why(path, text)) from error


def _why(path: Path, text: str) -> str:
    try:
        content = json.loads(text)
    except ValueError:
        return f"{path} is not JSON; give the report.json of a run."
    known = Report.model_fields["format"].default
    found = content.get("format") if isinstance(content, dict) else None
    if found != known and found is not None:
        return f"{path} has the format {found}, and this version reads {known}; run the suite again."
    return f"{path} is no report of this suite; give the report.json of a run."
