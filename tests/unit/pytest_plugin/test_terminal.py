"""What the terminal says during a run and at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.core.verdict import Verdict
from harness.profile.loader import load_profile
from harness.pytest_plugin.options import Options
from harness.pytest_plugin.progress import Progress
from harness.pytest_plugin.terminal import write_summary
from harness.report.document import Report
from harness.report.suggested_waivers import FILE
from tests.support.example_report import every_verdict, report, result


@dataclass
class Reporter:
    """As much of pytest's terminal reporter as is written to; a line's colours stand before it."""

    lines: list[str] = field(default_factory=list)
    pending: str = ""
    showfspath: bool | None = None
    reportchars: str = "fE"
    isatty: bool = False

    def write(self, text: str, **colours: bool) -> None:
        """Part of a line."""
        shown = "".join(f"[{name}]" for name, is_on in colours.items() if is_on)
        self.pending += f"{shown}{text}"

    def write_line(self, text: str, **colours: bool) -> None:
        """The rest of a line."""
        self.write(text, **colours)
        self.lines += self.pending.splitlines()
        self.pending = ""

    def flush(self) -> None:
        """Let go of what is written."""

    def ensure_newline(self) -> None:
        """Begin a new line, where one is begun."""
        if self.pending:
            self.write_line("")

    def section(self, title: str) -> None:
        """A title."""
        self.write_line(f"== {title}")


@pytest.fixture
def reporter() -> Reporter:
    return Reporter()


def as_pytests(reporter: Reporter) -> pytest.TerminalReporter:
    return cast("pytest.TerminalReporter", reporter)


# --- during the run ---


def progress(reporter: Reporter, **expected: int) -> Progress:
    return Progress(as_pytests(reporter), Counter(expected))


def test_a_flow_is_one_line_once_all_of_it_ended(reporter: Reporter) -> None:
    noted = progress(reporter, isolation=2, signin=1)
    noted.note("a", result(Verdict.PASS, seconds=1.0))
    assert reporter.lines == []
    noted.note("b", result(Verdict.NOT_APPLICABLE, seconds=0.5))
    assert reporter.lines == ["  isolation  1 pass, 1 not applicable  (1.5 s)"]


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        (Verdict.PASS, "  signin  [green]1 pass  (0.4 s)"),
        (Verdict.FAIL, "  signin  [red]1 fail  (0.4 s)"),
        (Verdict.ERROR, "  signin  [red]1 error  (0.4 s)"),
        (Verdict.WARN, "  signin  1 warn  (0.4 s)"),
        (Verdict.NOT_TESTED, "  signin  1 not tested  (0.4 s)"),
    ],
)
def test_a_flow_has_the_colour_of_the_worst_in_it(reporter: Reporter, verdict: Verdict, line: str) -> None:
    progress(reporter, signin=1).note("a", result(verdict, feature="signin"))
    assert reporter.lines[0] == line


@pytest.mark.parametrize("verdict", list(Verdict))
def test_what_must_be_looked_at_is_named_below_its_flow(reporter: Reporter, verdict: Verdict) -> None:
    progress(reporter, isolation=1).note("a", result(verdict, "isolation-read"))
    named = verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.WAIVED)
    assert reporter.lines[1:] == ([f"      {verdict}: The requirement isolation-read"] if named else [])


def test_a_result_that_a_teardown_replaces_is_no_second_one(reporter: Reporter) -> None:
    noted = progress(reporter, isolation=2)
    noted.note("a", result(Verdict.PASS))
    noted.note("a", result(Verdict.ERROR))
    assert reporter.lines == []
    noted.note("b", result(Verdict.PASS))
    assert reporter.lines[0].endswith("1 pass, 1 error  (0.8 s)")


def test_pytest_writes_no_letters_beside_it(reporter: Reporter) -> None:
    progress(reporter, isolation=1)
    assert (reporter.showfspath, reporter.reportchars) == (False, "")


@pytest.mark.parametrize("isatty", [True, False])
def test_a_terminal_is_told_what_remains_now_and_then_and_a_file_never(isatty: bool, reporter: Reporter) -> None:
    reporter.isatty = isatty
    times = iter([0.0, 4.0, 12.0, 13.0, 90.0, 200.0])
    noted = Progress(as_pytests(reporter), Counter(isolation=6), clock=lambda: next(times))
    for name in "abcde":
        noted.note(name, result(Verdict.PASS, throttled=10.0 if name == "d" else 0.0))
    told = [
        "[light]  2 of 6 scenarios in 12 s; about 24 s remain",
        "[light]  4 of 6 scenarios in 1 min 30 s, 10 s of it waiting because of 429; about 45 s remain",
        "[light]  5 of 6 scenarios in 3 min 20 s, 10 s of it waiting because of 429; about 40 s remain",
    ]
    assert [line for line in reporter.lines if "remain" in line] == (told if isatty else [])


def test_nothing_remains_once_all_ended(reporter: Reporter) -> None:
    reporter.isatty = True
    times = iter([0.0, 60.0])
    Progress(as_pytests(reporter), Counter(isolation=1), clock=lambda: next(times)).note("a", result(Verdict.PASS))
    assert not [line for line in reporter.lines if "remain" in line]


# --- at the end ---


def summary(reporter: Reporter, source: Report, left: int = 0, **changed: Any) -> list[str]:
    options = {
        "profile": load_profile("reference"),
        "web": "https://tasks.example.com",
        "seed": 4711,
        "report_shown": "build/report/",
        **changed,
    }
    given = cast("Options", SimpleNamespace(**options))
    write_summary(as_pytests(reporter), source, given, "build/report/x.html", left)
    return reporter.lines


def test_the_last_lines_say_it_all_and_how_to_see_it_again(reporter: Reporter) -> None:
    source = report()
    assert summary(reporter, source)[-3:] == [
        "not covered by the specification 1.4: second factors; API keys",
        f"[bold]{source.summary}",
        "report: build/report/x.html    (the same people again: --seed 4711)",
    ]


def test_findings_are_not_listed_again_and_everything_else_is(reporter: Reporter) -> None:
    lines = summary(reporter, report())
    starts = [line.partition(":")[0] for line in lines]
    assert "fail" not in starts
    assert {"warn", "waived", "not tested (missing)", "not applicable"} <= set(starts)
    assert [line for line in lines if line.startswith("[yellow]the waiver of signin-slow expires on")]
    assert [line for line in lines if line.startswith("[red]red: ") and line.endswith(".")]


def test_failures_of_one_cause_are_named_together(reporter: Reporter) -> None:
    rows = [result(Verdict.FAIL, row=f"place: the {one}", came=f"it opened the {one}") for one in ("page", "list")]
    lines = summary(reporter, report([*rows, result(Verdict.FAIL, "other-one", came="the server broke")]))
    assert [line for line in lines if line.startswith("fail: ")] == [
        f"fail: 2 rows of isolation-read: {rows[0].reason}"
    ]
    rows[1] = result(Verdict.FAIL, row="place: the list", came="the server broke", reason="It broke.")
    again = summary(Reporter(), report(rows))
    start = again.index("fail: 2 rows of isolation-read:")
    assert again[start + 1 : start + 3] == [f"  place: the page: {rows[0].reason}", "  place: the list: It broke."]


def test_few_findings_have_their_waiver_to_fill_in(reporter: Reporter) -> None:
    lines = summary(reporter, report([result(Verdict.FAIL, "isolation-read")]))
    assert "[[waiver]]" in lines
    assert 'requirement = "isolation-read"' in lines


def test_many_findings_have_a_file(reporter: Reporter) -> None:
    found = [result(Verdict.FAIL, f"isolation-{number}") for number in range(4)]
    lines = summary(reporter, report(found))
    assert "[[waiver]]" not in lines
    assert f"To let known failures pass for now, fill in their entries in build/report/{FILE}" in lines


def test_nothing_to_waive_is_not_spoken_of(reporter: Reporter) -> None:
    assert not [line for line in summary(reporter, report([result(Verdict.PASS)])) if "waiver" in line.lower()[:8]]


@pytest.mark.parametrize("left", [0, 2])
def test_accounts_left_behind_are_counted_and_the_file_with_them_named(reporter: Reporter, left: int) -> None:
    lines = summary(reporter, report(every_verdict()), left)
    assert any("2 accounts stay behind" in line and "build/report/accounts.jsonl" in line for line in lines) is (
        left == 2
    )
