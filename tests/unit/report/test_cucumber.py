"""Cucumber messages of a report: complete, joined by their ids, and no verdict better than it was."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harness.core.verdict import Strictness, Verdict
from harness.report import cucumber
from harness.report.document import Report
from harness.results.result import Artefact, Result
from tests.support.example_report import NO_SECRET, STARTED, report, result, write_picture
from tests.support.messages import of, read_messages, statuses

FEATURE = """\
Feature: Club

  Background:
    Given Ann is a member

  @club-door @must @high @functional
  Scenario: The door opens
    When she knocks
    Then it opens

  @club-rooms @should @low @cwe-639
  Scenario Outline: The <room> opens
    When she knocks at the <room>
    Then it opens

    Examples:
      | room |
      | hall |
      | bar  |
"""
SCREENSHOT = Artefact(kind="screenshot", path="evidence/club-door/screenshot.png", about="What it showed")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "club.feature"
    path.write_text(FEATURE, "utf-8")
    return path


def ran(verdict: Verdict, identity: str = "club-door", **changed: Any) -> Result:
    fields = {"feature": "club", "started": STARTED, "step_seconds": [0.5, 0.25, 0.125], **changed}
    return result(verdict, identity, **fields)


def messages(source: Report, file: Path) -> list[tuple[str, dict[str, Any]]]:
    return read_messages(cucumber.render(source, {"club": file}, file.parent))


def test_they_come_in_order_and_every_id_is_one_of_its_own(file: Path) -> None:
    found = messages(report([ran(Verdict.PASS)]), file)
    kinds = [kind for kind, _ in found]
    assert kinds[:6] == ["meta", "source", "gherkinDocument", "pickle", "pickle", "pickle"]
    assert kinds[6:9] == ["testRunStarted", "testCase", "testCaseStarted"]
    assert kinds[9:15] == ["testStepStarted", "testStepFinished"] * 3
    assert kinds[15:] == ["testCaseFinished", "testRunFinished"]
    own = [one["id"] for one in (*of(found, "pickle"), *of(found, "testCase"), *of(found, "testCaseStarted"))]
    own += [step["id"] for one in of(found, "testCase") for step in one["testSteps"]]
    assert len(set(own)) == len(own)


def test_source_and_scenarios_are_the_feature_file_s(file: Path) -> None:
    found = messages(report([ran(Verdict.PASS, "club-rooms", row="room: bar")]), file)
    (source,) = of(found, "source")
    assert source["data"] == FEATURE
    assert {one["uri"] for one in (source, *of(found, "gherkinDocument"), *of(found, "pickle"))} == {str(file)}
    assert statuses(found) == {"The bar opens": ["PASSED"] * 3}


def test_times_follow_one_another(file: Path) -> None:
    found = messages(report([ran(Verdict.PASS)], seconds=2.0), file)
    durations = [one["testStepResult"]["duration"] for one in of(found, "testStepFinished")]
    assert [one["nanos"] for one in durations] == [500_000_000, 250_000_000, 125_000_000]
    moments = [content["timestamp"] for _, content in found if "timestamp" in content]
    assert moments == sorted(moments, key=lambda one: (one["seconds"], one["nanos"]))
    assert moments[0] == {"seconds": int(STARTED.timestamp()), "nanos": 65_407_000}
    ended = STARTED + dt.timedelta(seconds=2)
    assert moments[-1] == {"seconds": int(ended.timestamp()), "nanos": 65_407_000}


@pytest.mark.parametrize(
    ("verdict", "seconds", "expected"),
    [
        (Verdict.PASS, [0.1, 0.1, 0.1], ["PASSED", "PASSED", "PASSED"]),
        (Verdict.FAIL, [0.1, 0.1, 0.1], ["PASSED", "PASSED", "FAILED"]),
        (Verdict.FAIL, [0.1, 0.1], ["PASSED", "FAILED", "SKIPPED"]),
        (Verdict.ERROR, [0.1], ["FAILED", "SKIPPED", "SKIPPED"]),
        (Verdict.WARN, [0.1, 0.1, 0.1], ["PASSED", "PASSED", "SKIPPED"]),
        (Verdict.WAIVED, [0.1, 0.1, 0.1], ["PASSED", "PASSED", "SKIPPED"]),
        (Verdict.NOT_TESTED, [0.1, 0.1], ["PASSED", "SKIPPED", "SKIPPED"]),
        (Verdict.NOT_APPLICABLE, [], ["SKIPPED", "SKIPPED", "SKIPPED"]),
    ],
)
def test_only_what_held_is_passed(verdict: Verdict, seconds: list[float], expected: list[str], file: Path) -> None:
    found = messages(report([ran(verdict, step_seconds=seconds)]), file)
    assert statuses(found) == {"The door opens": expected}
    said = [one["testStepResult"].get("message", "") for one in of(found, "testStepFinished")]
    assert [bool(one) for one in said].count(True) == (verdict is not Verdict.PASS)
    assert verdict is Verdict.PASS or any(verdict.lower() in one.lower() for one in said)


def test_what_a_flag_makes_red_has_failed(file: Path) -> None:
    strict = Strictness(warnings=True, untested=True)
    for verdict in (Verdict.WARN, Verdict.NOT_TESTED):
        assert (
            statuses(messages(report([ran(verdict)], strictness=strict), file))["The door opens"][-1] == "FAILED"
        )


@pytest.mark.parametrize(("verdict", "success"), [(Verdict.PASS, True), (Verdict.FAIL, False)])
def test_the_run_is_a_success_where_its_exit_code_is_0(verdict: Verdict, success: bool, file: Path) -> None:
    source = report([ran(verdict)])
    (ended,) = of(messages(source, file), "testRunFinished")
    assert (ended["success"], ended["message"]) == (success, source.summary)


def test_a_message_says_why_it_was_not_judged(file: Path) -> None:
    found = messages(report([ran(Verdict.NOT_TESTED, step_seconds=[])]), file)
    assert NO_SECRET in of(found, "testStepFinished")[0]["testStepResult"]["message"]


def test_a_screenshot_is_attached_to_the_step_that_decided(file: Path) -> None:
    picture = file.parent / SCREENSHOT.path
    write_picture(picture)
    source = report([ran(Verdict.FAIL, artefacts=[SCREENSHOT], step_seconds=[0.1, 0.1])])
    found = messages(source, file)
    (attached,) = of(found, "attachment")
    assert base64.b64decode(attached["body"]) == picture.read_bytes()
    assert attached["mediaType"] == "image/png"
    assert attached["testStepId"] == of(found, "testCase")[0]["testSteps"][1]["id"]
    picture.unlink()
    assert of(messages(source, file), "attachment") == []


def test_a_run_in_which_nothing_was_judged_is_whole_too(file: Path) -> None:
    assert [kind for kind, _ in messages(report([]), file)] == ["meta", "testRunStarted", "testRunFinished"]
