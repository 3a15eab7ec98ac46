"""A result inside pytest's own report."""

from __future__ import annotations

import pytest

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.verdict import Strictness, Verdict
from harness.pytest_plugin.outcomes import _said, carry, category, result_of, status_of, unjudged_as_skip
from tests.support.example_report import WAIVED, result

pytestmark = pytest.mark.usefixtures("nothing_known")

SKIPPED = {Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE, Verdict.WAIVED}


def carried(verdict: Verdict, strictness: Strictness | None = None) -> pytest.TestReport:
    """pytest's report of a scenario that got the verdict; pytest itself saw it fail unless it passed."""
    outcome = "passed" if verdict is Verdict.PASS else "failed"
    report = pytest.TestReport("features/x.feature::test_x", ("x", 1, "x"), {}, outcome, None, "call")  # type: ignore[arg-type]
    carry(report, result(verdict), strictness or Strictness(), "build/report/")
    return report


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_result_travels_in_the_report(verdict: Verdict) -> None:
    assert result_of(carried(verdict)) == result(verdict)


def test_a_report_of_something_else_has_none() -> None:
    assert result_of(pytest.TestReport("test_x.py::test_x", ("x", 1, "x"), {}, "passed", None, "call")) is None


@pytest.mark.parametrize(
    ("strictness", "failed"),
    [
        (Strictness(), {Verdict.FAIL, Verdict.ERROR}),
        (Strictness(warnings=True), {Verdict.FAIL, Verdict.ERROR, Verdict.WARN}),
    ],
)
def test_pytest_fails_what_makes_the_run_red(strictness: Strictness, failed: set[Verdict]) -> None:
    outcomes = {verdict: carried(verdict, strictness).outcome for verdict in Verdict}
    assert {verdict for verdict, outcome in outcomes.items() if outcome == "failed"} == failed
    assert {verdict for verdict, outcome in outcomes.items() if outcome == "skipped"} == SKIPPED


def test_a_waived_finding_is_an_expected_failure() -> None:
    report = carried(Verdict.WAIVED)
    assert report.wasxfail == result(Verdict.WAIVED).reason
    assert str(report.longrepr).startswith("WAIVED: ")
    assert result_of(report) == result(Verdict.WAIVED, waiver=WAIVED)


def test_a_skip_says_where_and_why() -> None:
    report = carried(Verdict.NOT_TESTED)
    assert report.longrepr == (
        "isolation.feature",
        11,
        f"not tested (missing): {result(Verdict.NOT_TESTED).reason}",
    )


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        (Verdict.PASS, "passed"),
        (Verdict.FAIL, "failed"),
        (Verdict.WARN, "warned"),
        (Verdict.WAIVED, "waived"),
        (Verdict.NOT_APPLICABLE, "not applicable"),
        (Verdict.NOT_TESTED, "not tested"),
        (Verdict.ERROR, "error"),
    ],
)
def test_each_verdict_is_counted_under_a_word(verdict: Verdict, word: str) -> None:
    report = carried(verdict)
    assert category(report, result(verdict)) == word
    status = status_of(report)
    if verdict in (Verdict.PASS, Verdict.FAIL):
        assert status is None  # pytest's own
    else:
        assert status is not None
        assert (status[0], status[2][0]) == (word, word.upper())


@pytest.mark.parametrize("reason", [NotTested("no secret."), NotApplicable("no sign-out.")])
def test_what_could_not_be_judged_leaves_as_a_skip_with_its_cause(reason: Exception) -> None:
    with pytest.raises(pytest.skip.Exception) as skipped, unjudged_as_skip():
        raise reason
    assert skipped.value.__cause__ is reason


@pytest.mark.parametrize(
    "raised", [Unmet("that she is Ann", "x" * 10**6), NotTested("x" * 10**6), NotApplicable("x" * 10**6)]
)
def test_no_sentence_of_a_result_is_longer_than_a_person_reads(raised: Exception) -> None:
    said = _said(raised)
    assert all(len(said[part]) <= 4003 for part in ("reason", "expected", "came", "remedy"))
    assert said["reason"].endswith("...")
