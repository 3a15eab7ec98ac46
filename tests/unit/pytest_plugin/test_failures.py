"""pytest's list of failures: one of each cause at length, the others beneath it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.core.verdict import Strictness, Verdict
from harness.pytest_plugin.failures import group_failures
from harness.pytest_plugin.outcomes import carry
from harness.report.causes import shared_causes
from harness.results.result import Artefact, Result
from tests.support.example_report import report, result

LIST = "it opened the list"
SCRIPT = Artefact(kind="repro", path="evidence/b/repro.sh", about="Reproduce with curl")


def failed(one: Result) -> Any:
    made = SimpleNamespace(user_properties=[], sections=[], outcome="", longrepr=None)
    carry(cast("pytest.TestReport", made), one, Strictness())
    return made


def listed(results: list[Result], *others: Any) -> list[Any]:
    """pytest's failed reports after they were grouped."""
    reporter = SimpleNamespace(stats={"failed": [*map(failed, results), *others]})
    whole = report(results, causes=shared_causes(results))
    group_failures(cast("pytest.TerminalReporter", reporter), whole, "build/report/")
    kept: list[Any] = reporter.stats["failed"]
    return kept


def test_the_first_of_a_cause_is_whole_and_the_others_follow_it_in_short() -> None:
    found = [
        result(Verdict.FAIL, "isolation-a", came=LIST),
        result(Verdict.FAIL, "signin-x", came="the server broke"),
        result(Verdict.FAIL, "isolation-b", came=LIST, artefacts=[SCRIPT], fix="Ask for the owner."),
    ]
    first, second, other = (one.longrepr for one in listed(found))
    assert "isolation-a" in first
    assert "> GET https://" in first
    assert second.splitlines() == [
        "FAIL: The requirement isolation-b",
        "  MUST, high: isolation-b (asvs-8.2.2, cwe-639, rfc9110-15.5.4, wstg-athz-04)",
        "  at the step: Then it is refused",
        '  The same came as for "The requirement isolation-a", above.',
        "  to fix it: Ask for the owner.",
        "",
        "  Reproduce with curl: build/report/evidence/b/repro.sh",
    ]
    assert "signin-x" in other
    assert "> GET https://" in other


def test_a_row_that_broke_in_another_way_keeps_all_of_its_entry() -> None:
    found = [result(Verdict.FAIL, row=f"how: {how}", came=came) for how, came in (("x", LIST), ("y", "it broke"))]
    assert all("> GET https://" in one.longrepr for one in listed(found))


def test_a_test_that_is_no_scenario_stays_as_it_is() -> None:
    own = SimpleNamespace(user_properties=[], longrepr="assert 0")
    found = [result(Verdict.FAIL, "isolation-a", came=LIST), result(Verdict.FAIL, "isolation-b", came=LIST)]
    assert listed(found, own)[0] is own
    assert own.longrepr == "assert 0"
