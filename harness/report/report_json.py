"""report.json: written, read again, and its JSON Schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema

from harness.core.text import json_text
from harness.report.document import Report

if TYPE_CHECKING:
    from pathlib import Path

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FORMAT: int = get_args(Report.model_fields["format"].annotation)[0]
"""The version of report.json that this suite reads."""


class ReportError(Exception):
    """The file is no report that this suite can read."""


def render(report: Report) -> str:
    """The whole file."""
    return report.model_dump_json(indent=2) + "\n"


def read_report(path: Path) -> Report:
    """The report in a file. Raises ReportError."""
    try:
        text = path.read_text("utf-8")
        content = json.loads(text)
    except OSError as error:
        raise ReportError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
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


class _Generator(GenerateJsonSchema):
    """Requires every field, and leaves out titles that only repeat field names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - the base class's signature
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ANN401, ARG002, FBT001 - the base class's
        return True


def report_schema() -> dict[str, Any]:
    """The JSON Schema: every field is required, and no other allowed."""
    schema = Report.model_json_schema(mode="serialization", schema_generator=_Generator)
    return {"$schema": DIALECT, **schema, "title": "A report of auth-conformance", "description": Report.__doc__}


def schema_text() -> str:
    """The JSON Schema as it is committed."""
    return json_text(report_schema())
