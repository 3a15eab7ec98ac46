"""Earlier runs: kept small and bounded, and what they say of a later one."""

from __future__ import annotations

import datetime as dt
import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.core.redaction import register
from harness.core.verdict import Level, Verdict
from harness.report import markdown
from harness.report.document import Deployment, Report, Suite
from harness.report.history import KEPT, SHOWN, keep, past_run, read_runs, said, trend_of
from harness.report.html import page
from harness.report.report_json import render
from harness.results.result import Result
from harness.specification.renamed import renamed
from tests.support.example_report import CAME, CANARY, STARTED, every_verdict, report, result
from tests.support.html_page import parsed_page

V = Verdict


def run(number: int, results: list[Result], **changed: Any) -> Report:
    """The run of that day."""
    return report(results, started=STARTED + dt.timedelta(days=number), **changed)


def after(*histories: Sequence[Verdict | None], specification: str = "1.4") -> Report:
    """The last of several runs, with its trend.

    A history has the verdicts of one scenario in each; None: it did not run. The runs before the last are of the
    given specification.
    """
    names = "abcdef"[: len(histories)]
    runs = [
        run(
            day,
            [result(verdict, name) for name, verdict in zip(names, verdicts, strict=True) if verdict is not None],
            suite=Suite(version="1.2.3", specification=specification),
        )
        for day, verdicts in enumerate(zip(*histories, strict=True))
    ]
    last = runs[-1].model_copy(update={"suite": Suite(version="1.2.3", specification="1.4")})
    return last.model_copy(update={"trend": trend_of(last, [past_run(one) for one in runs[:-1]])})


def turned(source: Report) -> tuple[list[str], list[str], list[str]]:
    trend = source.trend
    assert trend is not None
    return tuple([one.key for one in found] for found in (trend.new, trend.fixed, trend.flaky))  # type: ignore[return-value]


# --- what is kept ---


def test_a_run_is_a_small_private_file_without_any_evidence(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    keep(folder, report())
    (file,) = folder.iterdir()
    text = file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(text) < 2000
    assert CANARY not in text
    assert CAME not in text
    assert json.loads(text)["flows"]["isolation"]["isolation-read"] == "fail"


def test_no_secret_is_kept(tmp_path: Path) -> None:
    secret = "s3cret-in-a-row-of-a-table"
    register(secret, "password")
    keep(tmp_path, report([result(V.PASS, row=f"value: {secret}")]))
    (file,) = tmp_path.iterdir()
    assert secret not in file.read_text("utf-8")


def test_the_oldest_runs_of_a_target_go_and_those_of_another_stay(tmp_path: Path) -> None:
    other = Deployment(
        title="Other", profile="x", base_url="https://other.example", api_url="https://other.example"
    )
    keep(tmp_path, run(0, every_verdict(), target=other))
    (tmp_path / "notes.json").write_text("mine", "utf-8")
    for number in range(1, KEPT + 3):
        keep(tmp_path, run(number, [result(V.PASS)]))
    latest = run(KEPT + 3, [result(V.PASS)])
    runs, notices = read_runs(tmp_path, latest)
    assert (len(runs), notices) == (KEPT, [])
    assert runs[0].started == STARTED + dt.timedelta(days=3)
    assert len([*tmp_path.iterdir()]) == KEPT + 2
    assert len(read_runs(tmp_path, run(99, [], target=other))[0]) == 1


def test_a_run_in_which_nothing_was_judged_is_not_kept(tmp_path: Path) -> None:
    keep(tmp_path / "none", report([]))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("content", ["", "{}", '{"format": 2}', "\udcff"])
def test_a_file_that_can_not_be_read_is_said_and_passed_over(content: str, tmp_path: Path) -> None:
    keep(tmp_path, run(0, [result(V.PASS)]))
    (file,) = tmp_path.iterdir()
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    runs, (notice,) = read_runs(tmp_path, run(1, []))
    assert runs == []
    assert notice.startswith(f"{file.name} in the history is no record")


def test_a_folder_that_is_gone_has_no_runs(tmp_path: Path) -> None:
    assert read_runs(tmp_path / "gone", report()) == ([], [])


# --- what it says ---


def test_the_first_run_has_nothing_new() -> None:
    first = after([V.FAIL])
    assert turned(first) == ([], [], [])
    assert said(first.trend) == ["history: this is the first run of this deployment"]
    assert said(None) == []


@pytest.mark.parametrize(
    ("verdicts", "kind"),
    [
        ([V.PASS, V.FAIL], "new"),
        ([V.FAIL, V.PASS], "fixed"),
        ([V.ERROR, V.PASS], "fixed"),
        ([None, V.FAIL], "new"),
        ([None, V.PASS], ""),
        ([V.FAIL, V.FAIL], ""),
        ([V.PASS, V.NOT_TESTED], "new"),
        ([V.PASS, V.NOT_TESTED, V.NOT_TESTED], ""),
        ([V.FAIL, V.NOT_TESTED, V.PASS], "fixed"),
        ([V.PASS, None, V.FAIL], "new"),
    ],
)
def test_what_is_new_and_what_is_fixed_goes_by_when_it_ran_last(verdicts: list[Verdict | None], kind: str) -> None:
    new, fixed, _ = turned(after(verdicts))
    assert (new, fixed) == ((["a"] if kind == "new" else []), (["a"] if kind == "fixed" else []))


@pytest.mark.parametrize(
    ("verdicts", "flaky"),
    [
        ([V.PASS, V.FAIL, V.PASS], True),
        ([V.FAIL, V.PASS, V.WAIVED], True),
        ([V.PASS, V.FAIL, V.FAIL], False),
        ([V.FAIL, V.WAIVED, V.FAIL], False),
        ([V.PASS, V.NOT_TESTED, V.PASS], False),
        ([V.PASS, V.ERROR, V.PASS], True),
    ],
)
def test_flaky_is_what_went_there_and_back(verdicts: list[Verdict | None], flaky: bool) -> None:
    assert turned(after(verdicts))[2] == (["a"] if flaky else [])


def test_under_another_specification_nothing_is_flaky_and_the_report_says_so() -> None:
    found = after([V.PASS, V.FAIL, V.PASS], specification="1.3")
    assert turned(found) == ([], ["a"], [])
    assert found.trend is not None
    assert found.trend.differences == ["the run before had another version of the specification: 1.3, now 1.4"]


def test_a_requirement_is_found_under_its_old_name() -> None:
    old, new = next(iter(renamed().identities.items()))
    before = run(0, [result(V.PASS, old)])
    now = run(1, [result(V.FAIL, new)])
    (turn,) = trend_of(now, [past_run(before)]).new
    assert (turn.key, turn.before, turn.after) == (new, V.PASS, V.FAIL)


def test_the_trend_of_a_flow_counts_what_did_not_hold_in_the_last_runs() -> None:
    found = after(*[[*[V.PASS] * 20, verdict] for verdict in (V.FAIL, V.PASS, V.NOT_TESTED)])
    assert found.trend is not None
    assert len(found.trend.runs) == SHOWN
    assert [(one.flows["isolation"].judged, one.flows["isolation"].unmet) for one in found.trend.runs[-2:]] == [
        (3, 0),
        (2, 1),
    ]


def test_a_should_that_no_longer_holds_is_new_as_a_comparison_has_it() -> None:
    before = run(0, [result(V.PASS, level=Level.SHOULD)])
    now = run(1, [result(V.WARN, level=Level.SHOULD)])
    assert len(trend_of(now, [past_run(before)]).new) == 1


# --- where it is shown ---


@pytest.fixture
def changed() -> Report:
    return after([V.PASS, V.PASS, V.FAIL], [V.FAIL, V.FAIL, V.PASS], [V.PASS, V.FAIL, V.PASS])


def test_the_terminal_has_a_line(changed: Report) -> None:
    assert said(changed.trend) == ["history of 3 runs: 1 new, 2 fixed, 1 flaky (c)"]


def test_markdown_has_a_section(changed: Report) -> None:
    text = markdown.render(changed)
    for line in (
        "**1 new**",
        "- The requirement a (`a`): pass before, fail now",
        "- The requirement c (`c`): pass, fail, pass",
        "| isolation | 1 | 2 | 1 |",
        "| conclusion | not conformant | not conformant | not conformant |",
    ):
        assert line in text.splitlines()
    assert "Since earlier runs" not in markdown.render(report())


def test_the_page_has_a_section_that_leads_to_the_results(changed: Report) -> None:
    shown = parsed_page(page.render(changed))
    assert "1 new, 2 fixed, 1 flaky, by when each scenario ran last." in shown.text
    assert "The requirement c : pass , fail , pass" in shown.text.replace("  ", " ")
    assert len(shown.all("a", href="#a")) >= 2
    assert "Since earlier runs" not in parsed_page(page.render(report())).text


def test_the_json_has_it_too(changed: Report) -> None:
    assert Report.model_validate_json(render(changed)) == changed
