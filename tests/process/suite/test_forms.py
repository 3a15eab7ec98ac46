"""Every form that a real run leaves behind, read as its readers read it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from junitparser import JUnitXml

from harness.core.exits import Exit
from harness.report.job_summary import VARIABLE
from tests.support.messages import of, read_messages, statuses
from tests.support.suite import ROOT, run

SELECTION = ["features/signin.feature", "-q", "--postgres", "embedded"]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_every_form_says_the_same_of_a_run(workers: list[str], tmp_path: Path) -> None:
    summary, folder = tmp_path / "summary.md", tmp_path / "report"
    file = tmp_path / "of" / "messages.ndjson"
    ended = run(folder, *SELECTION, *workers, "--cucumber-messages", str(file), env={VARIABLE: str(summary)})
    assert ended.code == Exit.CONFORMANT, ended.output
    report = ended.report
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    keys = [f"{one['identity']} [{one['row']}]" if one["row"] else one["identity"] for one in report["results"]]
    junit = JUnitXml.fromfile(str(folder / "junit.xml"))
    assert [case.name for flow in junit for case in flow] == keys
    assert (junit.tests, junit.failures, junit.errors) == (report["ran"], 0, 0)
    (sarif,) = json.loads((folder / "report.sarif").read_text("utf-8"))["runs"]
    assert {rule["id"] for rule in sarif["tool"]["driver"]["rules"]} == {
        one["identity"] for one in report["results"]
    }
    assert (sarif["results"], sarif["invocations"][0]["executionSuccessful"]) == ([], True)
    messages = read_messages(file.read_text("utf-8"))
    assert [one["uri"] for one in of(messages, "source")] == ["features/signin.feature"]
    assert len(of(messages, "testCaseFinished")) == report["ran"]
    assert {status for steps in statuses(messages).values() for status in steps} == {"PASSED"}
    assert all(one["step_seconds"] and len(one["step_seconds"]) == len(one["steps"]) for one in report["results"])
    page = (folder / "report.md").read_text("utf-8")
    assert all(f"`{key}`" in page for key in keys)
    assert summary.read_text("utf-8") == f"{page}\n"
    assert VARIABLE not in ended.output
    assert str(summary) not in ended.output


def test_a_job_summary_that_can_not_be_written_is_told_and_changes_no_verdict(tmp_path: Path) -> None:
    ended = run(tmp_path, *SELECTION, "-k", "wrong", env={VARIABLE: str(tmp_path / "none" / "summary.md")})
    assert ended.code == Exit.CONFORMANT, ended.output
    assert "the job's summary is not written: " in ended.output


def test_a_second_run_says_what_changed_since_the_first(tmp_path: Path) -> None:
    kept = ["--history", str(tmp_path / "past")]
    words = ["features/signin.feature", "-k", "wrong", "--postgres", "embedded", *kept]
    first, second = run(tmp_path / "a", *words), run(tmp_path / "b", *words, "-n", "2")
    assert "history: this is the first run of this deployment" in first.output
    assert "history of 2 runs: 0 new, 0 fixed, 0 flaky" in second.output
    assert [one["flows"] for one in second.report["trend"]["runs"]] == [{"signin": {"judged": 2, "unmet": 0}}] * 2
    assert len([*(tmp_path / "past").iterdir()]) == 2
