"""junit.xml: what CI systems read, by the requirements' identities."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Strictness, Verdict
from harness.report.document import Report
from harness.report.junit import render
from tests.support.example_report import WAIVED, every_verdict, exchange, report, result, stale


def cases(rendered: Report) -> dict[str, list[tuple[type, str]]]:
    """What each test case holds, by its name."""
    document = JUnitXml.fromstring(render(rendered).encode("utf-8"))
    return {case.name: [(type(one), one.message) for one in case.result] for suite in document for case in suite}


def test_each_result_is_a_case_by_its_identity_and_row() -> None:
    document = JUnitXml.fromstring(render(report()).encode("utf-8"))
    assert [suite.name for suite in document] == ["signin", "signout", "token"]
    assert [(case.classname, case.name) for suite in document for case in suite] == [
        (one.feature, one.key)
        for flow in ("signin", "signout", "token")
        for one in every_verdict()
        if one.feature == flow
    ]
    assert (document.tests, document.failures, document.errors, document.skipped) == (7, 1, 1, 3)
    assert document.time == pytest.approx(7 * 0.25)


def test_a_case_ends_as_its_verdict_says() -> None:
    found = cases(report())
    assert found["signin-opens-own-session"] == found["signin-prevents-user-enumeration"] == []
    unmet = "Expected that the captured session is refused; but it still opens Ann's tasks (status 200)."
    assert found["signout-ends-captured-session [device: laptop, how: by its menu]"] == [(Failure, unmet)]
    assert found["token-none-refused"] == [(Error, "HarnessError: no control")]
    assert found["signout-ends-all"] == [(Skipped, "not applicable: The profile declares no sign-out operation.")]
    assert found["token-expired-refused"] == [
        (Skipped, "not tested: The signing secret was not given. Give it in AUTH_CONFORMANCE_JWT_SECRET.")
    ]
    assert found["signout-clears-cookie"] == [
        (
            Skipped,
            f"waived until 2026-12-24 by Team Accounts ({WAIVED.issue}), {WAIVED.reason}: {unmet}",
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
    assert root.attrib["failures"] == str(len(failures))
    assert {one.attrib["type"] for one in root.iter("error")} == {"error"}


def test_the_body_is_the_finding_and_a_warning_is_told_too() -> None:
    root = ET.fromstring(render(report()))
    failure = next(root.iter("failure")).text or ""
    assert "MUST, critical: signout-ends-captured-session (asvs-7.4.1, cwe-613)" in failure
    assert "> POST https://staging.example.com/api/auth/sign-out" in failure
    assert "findings/signout.sh" in failure
    assert (next(root.iter("system-out")).text or "").startswith("WARN: Alike")
    case = root.find("testsuite/testcase[@name='signout-clears-cookie']/properties")
    assert case is not None
    properties = {one.attrib["name"]: one.attrib["value"] for one in case}
    assert properties["verdict"] == "waived"
    assert (properties["level"], properties["severity"]) == ("must", "high")
    assert properties["sources"] == "asvs-7.4.1, cwe-613"


def test_what_xml_can_not_hold_is_written_out() -> None:
    said = "a\x00b\x1b[31m\ufffe<&\"' \n]]> \U0001f600 \x85"
    failure = result(Verdict.FAIL, reason=said, exchanges=[exchange(body=said)], row="kind: \x07")
    root = ET.fromstring(render(report([failure])))
    found = next(root.iter("failure"))
    assert found.attrib["message"] == "a\\x00b\\x1b[31m\\xfffe<&\"' ]]> \U0001f600"
    assert "\\x1b[31m" in (found.text or "")
    assert next(root.iter("testcase")).attrib["name"] == "signout-ends-captured-session [kind: \\x07]"


def test_a_run_that_is_red_for_no_result_is_no_green_file() -> None:
    assert cases(report([result(Verdict.PASS)])) == {"signout-ends-captured-session": []}
    found = cases(stale())
    assert found["run"] == [
        (Failure, "the waiver of signout-clears-cookie is stale: the requirement holds; remove it")
    ]
    ended = report(
        [result(Verdict.PASS)], exit_code=Exit.INTERRUPTED, conclusion=Conclusion.PARTIAL, reasons=["stopped"]
    )
    assert cases(ended)["run"] == [(Error, "stopped")]
