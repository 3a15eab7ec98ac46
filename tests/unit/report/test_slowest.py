"""Where the time of a run went."""

from __future__ import annotations

from harness.core.verdict import Verdict
from harness.report import markdown
from harness.report.html import page
from harness.report.slowest import SHOWN, slowest, slowest_steps
from tests.support.example_report import report, result
from tests.support.html_page import parsed_page

FAST = [result(Verdict.PASS, f"fast-{number}", seconds=0.01 * number) for number in range(SHOWN)]
SLOW = result(Verdict.PASS, "slow", seconds=4.0, step_seconds=[0.25, 3.5, 0.25], throttled=2.0)
SHORT = result(Verdict.FAIL, "short", seconds=2.0, step_seconds=[0.002, 2.0])
SOURCE = report([*FAST, SHORT, SLOW])


def test_the_slowest_go_first_and_only_a_few_are_named() -> None:
    assert [one.identity for one in slowest(SOURCE)] == ["slow", "short", "fast-4", "fast-3", "fast-2"]
    assert [(one.result.identity, one.step, one.seconds) for one in slowest_steps(SOURCE)][:3] == [
        ("slow", "When Bob reads Ann's task", 3.5),
        ("short", "When Bob reads Ann's task", 2.0),
        ("slow", "Given Ann and Bob are signed in", 0.25),
    ]


def test_the_page_lists_them_and_has_the_time_of_each_step_that_ran() -> None:
    shown = parsed_page(page.render(SOURCE))
    assert "4.0 s The requirement slow isolation, 2.0 s of it waiting because of 429" in shown.text
    assert "3.5 s When Bob reads Ann's task in The requirement slow" in shown.text
    took = shown.all("span", **{"class": "took"})
    assert len(took) == len(SLOW.step_seconds) + len(SHORT.step_seconds)
    assert "Given Ann and Bob are signed in 2 ms" in shown.text


def test_markdown_lists_them() -> None:
    lines = markdown.render(SOURCE).splitlines()
    assert "- 4.0 s: The requirement slow (`slow`)" in lines
    assert "- 3.5 s: When Bob reads Ann's task (`slow`)" in lines


def test_a_report_without_times_of_steps_has_no_list_of_them() -> None:
    without = report(FAST)
    assert "Slowest steps" not in parsed_page(page.render(without)).text
    assert "**Steps**" not in markdown.render(without)
    assert "Where the time went" not in parsed_page(page.render(report([]))).text
