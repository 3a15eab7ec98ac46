"""docs/report.schema.json is what the models say, and reports are valid against it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from harness.pytest_plugin.report_files import FORMS
from harness.report.document import Report
from harness.report.documentation import SCHEMA
from harness.report.schema import schema_text
from tests.support.example_report import report, stale

REGENERATE = "run: python -m harness.report.documentation"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema_text()), format_checker=jsonschema.FormatChecker())


def written(one: Report) -> Any:
    """The report as report.json holds it."""
    return json.loads(FORMS["report.json"](one))


def test_the_schema_is_current() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(), REGENERATE


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("one", [report(), stale(), report([])], ids=["every verdict", "stale", "no result"])
def test_a_report_is_valid(one: Report) -> None:
    VALIDATOR.validate(written(one))
    assert Report.model_validate(written(one)) == one


@pytest.mark.parametrize(
    ("key", "value"),
    [("format", 3), ("conclusion", "fine"), ("exit_code", 7), ("verdicts", {"passed": 1}), ("unheard_of", 1)],
)
def test_what_is_no_report_is_not_valid(key: str, value: object) -> None:
    assert not VALIDATOR.is_valid(written(report()) | {key: value})


@pytest.mark.parametrize("key", sorted(Report.model_fields))
def test_every_field_is_required(key: str) -> None:
    content = written(report())
    del content[key]
    assert not VALIDATOR.is_valid(content)


def test_every_field_of_a_result_but_the_plainest_has_a_meaning() -> None:
    known = {"level", "severity", "verdict", "method", "url", "status", "headers", "body", "kind"}
    known |= {"request_body", "milliseconds", "path", "artefacts", "waiver", "suite", "target", "environment"}
    known |= {"settings", "format", "name"}
    schema = json.loads(schema_text())
    models = [
        schema,
        *(schema["$defs"][name] for name in schema["$defs"] if "properties" in schema["$defs"][name]),
    ]
    silent = {
        key for model in models for key, field in model["properties"].items() if not field.get("description")
    }
    assert silent <= known
