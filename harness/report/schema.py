"""The JSON Schema of report.json, from the models that it is written by."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from harness.report.document import Report

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Leaves out titles that only repeat the names of fields, and demands every field: a report has them all."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - the base class's signature
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ANN401, ARG002, FBT001 - the base class's
        return True


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of report.json: every field is there, and no other."""
    schema = Report.model_json_schema(mode="serialization", schema_generator=_Generator)
    return {"$schema": ADDRESS, **schema, "title": "A report of auth-conformance", "description": Report.__doc__}


def schema_text() -> str:
    """The JSON Schema as it is committed."""
    return json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n"
