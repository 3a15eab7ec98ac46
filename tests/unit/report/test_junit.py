"""junit.xml: what CI systems read, by the requirements' identities."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Strictness, Verdict
from harness.report.document import Report
from harness.report.junit import render
from tests.support.example_report import (
    CAME,
    EXPECTED,
    NO_SECRET,
    REMEDY,
    WAIVED,
    every_verdict,
    exchange,
    report,
    result,
    stale,
)


def cases(rendered: Report) -> dict[str, list[tuple[type, str]]]:
    """What each test case holds, by its name."""
    document = JUnitXml.fromstring(render(rendered).encode("utf-8"))
    return {case.name: [(type(one), one.message) for one in case.result] for suite in document for case in suite}


def test_each_result_is_a_case_by_its_identity_and_row() -> None:
    document = JUnitXml.fromstring(render(report()).encode("utf-8"))
    assert [suite.name for suite in document] == ["isolation", "browser-signin", "token-verification"]
    assert [(case.classname, case.name) for suite in document for case in suite] == [
        (one.feature, one.key)
        for flow in ("isolation", "browser-signin", "token-verification")
        for one in every_verdict()
        if one.feature == flow
    ]
    assert (document.tests, document.failures, document.errors, document.skipped) == (11, 3, 1, 5)
    assert document.time == pytest.approx(11 * 0.4)


def test_a_case_ends_as_its_verdict_says() -> None:
    found = cases(report())
    assert found["isolation-delete"] == found["signin-alike"] == []
    unmet = f"Expected {EXPECTED}; but {CAME}."
    assert found["isolation-list [how: from the second page]"] == [(Failure, unmet)]
    assert found["token-broken"] == [(Error, "ReadTimeout: no answer")]
    assert found["isolation-https"] == [(Skipped, "not applicable: The deployment is reached over plain http.")]
    assert found["token-claims"] == [(Skipped, f"not tested (missing): {NO_SECRET} {REMEDY}")]
    assert found["signin-slow"] == [
        (
            Skipped,
            f"waived until 2027-01-31 by Accounts ({WAIVED.issue}), {WAIVED.reason}: {unmet}",
        )
    ]


@pytest.mark.parametrize(
    ("strictness", "failures"),
    [
        (Strictness(), {"fail"}),
        (Strictness(warnings=True), {"fail", "warn"}),
        (Strictness(untested=True), {"fail", "not tested"}),
        (Strictness(warnings=True, untested=True), {"fail", "warn", "not tested"}),
    ],
)
def test_a_failure_is_what_makes_the_run_red(strictness: Strictness, failures: set[str]) -> None:
    root = ET.fromstring(render(report(strictness=strictness)))
    assert {one.attrib["type"] for one in root.iter("failure")} == failures
    counts = report().verdicts
    assert root.attrib["failures"] == str(sum(counts[Verdict(verdict)] for verdict in failures))
    assert {one.attrib["type"] for one in root.iter("error")} == {"error"}


def test_the_body_is_the_finding_and_a_warning_is_told_too() -> None:
    root = ET.fromstring(render(report()))
    failure = next(root.iter("failure")).text or ""
    assert "MUST, critical: isolation-read (asvs-8.2.2, cwe-639, rfc9110-15.5.4, wstg-athz-04)" in failure
    assert "> GET https://tasks.example.com/api/tasks/7" in failure
    assert [one.text or "" for one in root.iter("failure")][2].count("evidence/browser-signout/repro.sh") == 1
    assert (next(root.iter("system-out")).text or "").startswith("WARN: The requirement signin-alike")
    case = root.find("testsuite/testcase[@name='signin-slow']/properties")
    assert case is not None
    properties = {one.attrib["name"]: one.attrib["value"] for one in case}
    assert properties["verdict"] == "waived"
    assert (properties["level"], properties["severity"]) == ("should", "high")
    assert properties["sources"] == "asvs-8.2.2, cwe-639, rfc9110-15.5.4, wstg-athz-04"


def test_each_flow_names_the_versions_that_judged() -> None:
    root = ET.fromstring(render(report()))
    suites = [
        {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")}
        for suite in root.iter("testsuite")
    ]
    assert [(one["version"], one["specification"]) for one in suites] == [("1.2.3", "1.4")] * 3


def test_what_xml_can_not_hold_is_written_out() -> None:
    said = "a\x00b\x1b[31m\ufffe<&\"' \n]]> \U0001f600 \x85"
    failure = result(
        Verdict.FAIL,
        reason=said,
        exchanges=[exchange(body=said, decides=True)],
        feature="a\x00b",
        row="kind: \x07",
    )
    root = ET.fromstring(render(report([failure])))
    found = next(root.iter("failure"))
    assert found.attrib["message"] == "a\\x00b\\x1b[31m\\xfffe<&\"' ]]> \U0001f600"
    assert "\\x1b[31m" in (found.text or "")
    assert next(root.iter("testcase")).attrib["name"] == "isolation-read [kind: \\x07]"
    assert next(root.iter("testsuite")).attrib["name"] == "a\\x00b"


def test_a_run_that_is_red_for_no_result_is_no_green_file() -> None:
    assert cases(report([result(Verdict.PASS)])) == {"isolation-read": []}
    found = cases(stale())
    assert found["run"] == [(Failure, "the waiver of signin-slow is stale: the requirement holds; remove it")]
    ended = report(
        [result(Verdict.PASS)], exit_code=Exit.INTERRUPTED, conclusion=Conclusion.PARTIAL, reasons=["stopped"]
    )
    assert cases(ended)["run"] == [(Error, "stopped")]


def test_a_run_that_ended_before_anything_was_judged_is_an_error_that_says_why() -> None:
    why = "The target can't be tested: http://127.0.0.1:1 (--base-url) refuses connections"
    rendered = report(
        [], ran=0, expected=6, conclusion=Conclusion.PARTIAL, exit_code=Exit.TARGET_UNUSABLE, reasons=[why]
    )
    assert cases(rendered) == {"run": [(Error, why)]}
    assert "partial: nothing was judged; expected 6, ran 0" in render(rendered)
