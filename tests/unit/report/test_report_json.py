"""report.json: valid against docs/report.schema.json, which is what the models say, and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.report.document import Report
from harness.report.documentation import SCHEMA
from harness.report.report_json import ReportError, read_report, render, schema_text
from tests.support.example_report import FIX, WHY, report, stale

REGENERATE = "run: python -m harness.report.documentation"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema_text()), format_checker=jsonschema.FormatChecker())


def written(one: Report) -> Any:
    """The report as report.json holds it."""
    return json.loads(render(one))


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


def test_a_written_report_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(render(report()), "utf-8")
    assert read_report(path) == report()


def test_every_result_says_why_it_matters_and_how_to_fix_it() -> None:
    assert {(one["why"], one["fix"]) for one in written(report())["results"]} == {(WHY, FIX)}


def test_a_report_from_before_is_read_without_them(tmp_path: Path) -> None:
    content = written(report())
    for one in content["results"]:
        del one["why"], one["fix"]
    del content["suite"]["specification"]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content), "utf-8")
    before = read_report(path)
    assert {(one.why, one.fix) for one in before.results} == {("", "")}
    assert before.suite.named == "auth-conformance 1.2.3"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html>", "is no report: it is not JSON. Name the report.json of a run."),
        ("[]", "is no report of auth-conformance. Name the report.json of a run."),
        ('{"format": 1, "results": []}', "is a report of format 1; this version reads format 2 only."),
        ('{"format": 2, "results": []}', "is no report of format 2: suite: Field required."),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ReportError, match=f"^{path} ") as error:
        read_report(path)
    assert sentence in str(error.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"nowhere\.json can't be read: No such file"):
        read_report(tmp_path / "nowhere.json")
