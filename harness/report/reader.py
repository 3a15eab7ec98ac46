"""Reading the ``report.json`` of an earlier run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, get_args

from pydantic import ValidationError

from harness.report.document import Report

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: int = get_args(Report.model_fields["format"].annotation)[0]
"""The version of report.json that this suite reads."""


class ReportError(Exception):
    """A file that is no report which this suite can read; the message is one sentence."""


def read_report(path: Path) -> Report:
    """The report in a file. Raises ReportError."""
    try:
        text = path.read_text("utf-8")
        content = json.loads(text)
    except OSError as error:
        raise ReportError(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise ReportError(f"{path} is no report: it is not JSON. Name the report.json of a run.") from error
    if not isinstance(content, dict) or not {"format", "results"} <= set(content):
        raise ReportError(f"{path} is no report of auth-conformance. Name the report.json of a run.")
    if content["format"] != FORMAT:
        said = f"{path} is a report of format {content['format']}; this version reads format {FORMAT} only."
        raise ReportError(f"{said} Make it again with this version.")
    try:
        return Report.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ReportError(f"{path} is no report of format {FORMAT}: {place}: {first['msg']}.") from error
