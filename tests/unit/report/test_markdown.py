"""report.md, what GitHub shows of it in a job's summary, and that nobody's words become markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.core.verdict import Verdict
from harness.report import comment
from harness.report.document import Report
from harness.report.job_summary import LIMIT_BYTES, VARIABLE, add_to_job_summary
from harness.report.markdown import render, render_within
from harness.report.markup import block, code, plain
from harness.results.result import Artefact
from tests.support.example_report import EXPECTED, FIX, WHY, exchange, report, result

HOSTILE = "<img src=x> [a](https://evil.invalid) | ```\n# not a heading `code` *b* _c_ www.evil.invalid &amp;"


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next."""
    return page.partition(f"\n## {heading}")[2].partition("\n## ")[0]


# --- the page ---


def test_the_page_begins_with_the_conclusion_and_the_counts() -> None:
    page = render(report())
    assert page.startswith("# Tasks of Example: not conformant\n")
    assert "`https://tasks.example.com`, API `https://api.example.com`, profile `tasks`" in page
    assert "Judged by auth-conformance 1.2.3, specification 1.4 on 2026-11-26 17:58 UTC in 134 s" in page
    assert "- red: 3 scenarios did not hold\n" in page
    assert "- the waiver of signin-slow expires on 2027-01-31\n" in page
    lines = page.splitlines()
    counts = lines[lines.index("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |") + 1]
    assert counts == "| 1 | 3 | 1 | 1 | 1 | 3 | 1 | 11 | 11 | 11 |"
    assert "| flow | pass | fail | warn | waived | not applicable | not tested | error |" in lines
    assert "| browser-signin |  | 1 | 1 | 1 |  |  |  |" in lines


def test_a_finding_says_what_was_expected_what_came_and_where_the_evidence_is() -> None:
    page = render(report())
    found = section(page, "FAIL: A list asked for from the second page is one's own")
    assert "`isolation-list [how: from the second page]`: MUST, high" in found
    assert f"- **Expected** {EXPECTED}\n" in found
    assert "- **Came:** the second page carried it\n" in found
    assert "> GET https://tasks.example.com/api/tasks/7" in found
    found = section(page, "FAIL: The requirement browser-signout")
    assert "- The requests as curl commands: `evidence/browser-signout/repro.sh`\n" in found
    assert "waived until 2027-01-31 by Accounts" in section(page, "WAIVED")
    assert "steps/x.py:7: ReadTimeout" in section(page, "ERROR")


def test_findings_of_one_cause_are_one_with_its_rows() -> None:
    files = [Artefact(kind="repro", path="evidence/b/repro.sh", about="Reproduce with curl")]
    rows = [
        result(Verdict.FAIL, row="place: the page", came="it opened the page"),
        result(Verdict.FAIL, row="place: the list", came="it opened the list", artefacts=files),
        result(Verdict.FAIL, row="place: the token", came="the server broke"),
    ]
    page = render(report(rows))
    assert page.count("\n## FAIL: ") == 1
    found = section(page, "FAIL: 3 rows of isolation-read")
    assert re.findall(r"\*\*Came:\*\* (.*)", found) == ["it opened the page", "the server broke"]
    assert "The same came for 1 more:\n" in found
    assert (
        "(`isolation-read [place: the list]`, MUST, high); Reproduce with curl: `evidence/b/repro.sh`\n" in found
    )


def test_a_finding_says_once_why_it_matters_and_how_to_fix_it() -> None:
    rows = [
        result(Verdict.FAIL, row=f"place: {place}", came=f"it opened the {place}") for place in ("page", "list")
    ]
    page = render(report([*rows, result(Verdict.PASS, "token-one"), result(Verdict.ERROR, "token-two")]))
    assert page.count(f"*Why it matters:* {plain(WHY)} *To fix it:* {plain(FIX)}\n") == 1
    assert page.count("*To fix it:*") == 1
    assert plain(WHY) in section(page, "FAIL: 2 rows of isolation-read")


def test_requirements_that_share_a_cause_are_named_with_their_texts() -> None:
    shared = [result(Verdict.FAIL, identity, fix=f"{FIX} {identity}.") for identity in ("task-one", "task-two")]
    page = render(report(shared))
    assert [page.count(f"- `{one.identity}`: *Why it matters:*") for one in shared] == [1, 1]
    assert "Why it matters" not in render(report([result(Verdict.FAIL, why="", fix="")]))


def test_what_could_not_be_judged_is_grouped_by_its_reason() -> None:
    twice = [result(Verdict.NOT_TESTED, identity=f"token-{name}", reason="No secret.") for name in ("one", "two")]
    other = result(Verdict.NOT_TESTED, identity="token-three", reason="No browser.")
    found = section(render(report([*twice, other])), "Not tested")
    assert re.findall(r"\*\*(.*):\*\* (.*)", found) == [
        ("2, missing", "No secret."),
        ("1, missing", "No browser."),
    ]
    assert all(f"`token-{name}`" in found for name in ("one", "two", "three"))


def test_passes_are_folded() -> None:
    page = render(report([result(Verdict.PASS), result(Verdict.PASS, identity="other-one", feature="signin")]))
    folded = page.partition("<details><summary>2 pass</summary>\n\n")[2]
    assert folded.endswith("\n</details>\n")
    assert "**isolation**" in folded
    assert "`other-one`" in folded
    assert "## " not in page


@pytest.mark.parametrize("verdict", list(Verdict))
def test_nobodys_words_are_interpreted(verdict: Verdict) -> None:
    hostile = result(
        verdict,
        name=HOSTILE,
        row=f"kind: {HOSTILE}",
        reason=HOSTILE,
        expected=HOSTILE,
        came=HOSTILE,
        notes=[HOSTILE],
        exchanges=[exchange(body=HOSTILE + "\n````\n</details>", decides=True)],
    )
    page = render(report([hostile], notices=[HOSTILE])).replace(code(hostile.key), "KEY")
    page = re.sub(r"(?ms)^(`{4,})\w*\n.*?^\1$", "BLOCK", page)
    assert set(re.findall(r"(?<!\\)<[^>]*>", page)) <= {"<details>", "<summary>", "</summary>", "</details>"}
    for interpreted in (r"\[a", r"\| ?\\`", r"`code", r"\*b\b", r"_c", r"www\.evil", r"&amp", r"https://evil"):
        assert not re.search(rf"(?<!\\){interpreted}", page), interpreted
    assert page.count("\n# ") == 0
    assert "KEY" in page


def test_text_is_shown_as_it_is() -> None:
    assert plain("a_b is 3.1 - 4, Ann's (ok)!") == "a_b is 3.1 - 4, Ann's (ok)!"
    assert [plain(text) for text in ("1. x", "12) x", "# x", "- x", "+ x")] == [
        r"1\. x",
        r"12\) x",
        r"\# x",
        r"\- x",
        r"\+ x",
    ]
    assert plain("two\nlines | <b>") == r"two lines \| \<b\>"
    assert code("a`b``c") == "```a`b``c```"
    assert code("`a") == "`` `a ``"
    assert block("x\n````\ny")[0] == "`````"


# --- in a job's summary ---


def test_the_page_is_appended_to_the_jobs_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv(VARIABLE, str(summary))
    judged = report()
    assert add_to_job_summary(judged) == judged
    assert summary.read_text("utf-8") == f"before\n{render_within(judged, LIMIT_BYTES)}\n"


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_job_nothing_is_written(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    assert add_to_job_summary(report()) == report()


def test_a_summary_that_can_not_be_written_is_a_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "no such folder" / "summary.md"))
    told = add_to_job_summary(report()).notices
    assert told[:-1] == report().notices
    assert re.fullmatch(r"the job's summary is not written: .* can't be written \(No such file.*", told[-1])


def test_a_summary_that_is_full_already_is_a_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (LIMIT_BYTES - 100))
    monkeypatch.setenv(VARIABLE, str(summary))
    assert f"has {LIMIT_BYTES - 100} bytes already" in add_to_job_summary(report()).notices[-1]
    assert summary.stat().st_size == LIMIT_BYTES - 100


def test_what_is_too_long_loses_passes_then_exchanges_then_findings() -> None:
    passes = [result(Verdict.PASS, identity=f"holds-{number}") for number in range(50)]
    failures = [result(Verdict.FAIL, identity=f"broken-{one}", came=f"it broke at {one}") for one in range(50)]
    long = report([*passes, result(Verdict.WARN, identity="doubtful-one"), *failures])
    whole = len(render(long).encode())
    assert "`holds-49`" in str(render_within(long, whole))
    without_passes = str(render_within(long, whole - 1))
    assert "`holds-49`" not in without_passes
    assert "**50 pass.** *Left out here for its length" in without_passes
    assert "> GET" in without_passes
    brief = str(render_within(long, len(without_passes.encode()) - 1))
    assert "> GET" not in brief
    assert "`broken-49`" in brief
    fewer = str(render_within(long, 3000))
    assert len(fewer.encode()) <= 3000
    assert "`broken-0`" in fewer
    assert "`doubtful-one`" not in fewer
    assert re.search(r"\*\*\d+ more findings\.\*\*", fewer)
    assert render_within(long, 100) is None


def balanced(page: str) -> bool:
    """Whether nothing of the page ends in mid-Markdown: folds, code blocks, tables."""
    fences = [line for line in page.splitlines() if line.startswith("```")]
    return page.count("<details>") == page.count("</details>") and not len(fences) % 2 and page.endswith("\n")


def long_report(count: int) -> Report:
    """Findings, reasons and notices of different words, too many for a comment."""
    failures = [
        result(Verdict.FAIL, identity=f"broken-{one}", came=f"it broke at {'é' * one}") for one in range(count)
    ]
    untested = [
        result(Verdict.NOT_TESTED, identity=f"token-{one}", reason=f"No {'z' * one} secret.")
        for one in range(count)
    ]
    notices = [f"the waiver of broken-{one} expires on 2027-01-31" for one in range(count)]
    return report([*failures, *untested], notices=notices, reasons=notices)


def test_a_comment_is_short_enough_and_whole_whatever_the_run_found() -> None:
    long = long_report(300)
    page = comment.render(long)
    assert 60_000 < len(page.encode()) <= comment.LIMIT_BYTES < 65_536
    assert balanced(page)
    shown = page.count("\n## FAIL: ")
    assert f"**{300 - shown} more findings.** *Left out" in page
    assert "**300 more not tested.** *Left out" in page
    assert page.count("**290 more.** *Left out") == 2
    assert balanced(comment.render(report()))
    assert comment.render(report()) == render(report())


@pytest.mark.parametrize("size", range(3000, 60_000, 4999))
def test_a_page_of_any_size_is_whole(size: int) -> None:
    long = long_report(120)
    page = str(render_within(long, size))
    assert len(page.encode()) <= size
    assert balanced(page)
    failed, untested = page.count("\n## FAIL: "), page.count("**1, missing:** ")
    assert untested == 0 or failed == 120
    assert (f"**{120 - failed} more findings.**" in page) is (failed < 120)
    assert (f"**{120 - untested} more not tested.**" in page) is (untested < 120)


def test_a_report_that_fits_into_no_comment_says_where_all_of_it_is() -> None:
    flows = [result(Verdict.PASS, f"holds-{one}", feature=f"flow-{'x' * 100}-{one}") for one in range(700)]
    page = comment.render(report(flows))
    assert page == "**conformant.** The report is too long for a comment; report.md in its folder has all of it.\n"
