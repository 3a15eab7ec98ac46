"""What GitHub shows of a run beside the lines of the user's files."""

from __future__ import annotations

import pytest

from harness.core.verdict import Severity, Strictness, Verdict
from harness.report.annotations import MOST, annotated, command
from harness.results.result import Place
from tests.support.example_report import FIX, report, result, stale
from tests.support.workflow_commands import Said, read

HOSTILE = "100%25, a:b\r\n::add-path::/tmp\x1b[2J"


def said(lines: list[str]) -> list[Said]:
    """Each line as GitHub reads it: one command a line."""
    log = read("\n".join(lines))
    assert (log.shown, len(log.commands)) == ([], len(lines))
    return log.commands


def test_a_failure_is_an_error_and_a_warning_a_warning() -> None:
    whole, *found = said(annotated(report()))
    assert (whole.name, whole.properties) == ("error", {"title": "auth-conformance: not conformant"})
    assert whole.data.startswith("3 scenarios did not hold.\n")
    assert whole.data.endswith(report().summary)
    names = [(one.name, one.properties["title"].partition(":")[0]) for one in found]
    assert names == [*[("error", "FAIL")] * 3, ("error", "ERROR"), ("warning", "WARN")]


def test_one_says_what_came_how_to_fix_it_and_which_requirement_it_is() -> None:
    one = result(Verdict.FAIL, declared=Place(file="security/club, one.toml", line=7))
    (_, found) = said(annotated(report([one])))
    assert found.properties == {"file": "security/club, one.toml", "line": "7", "title": f"FAIL: {one.title}"}
    assert found.data == f"{one.reason}\nTo fix it: {FIX}\nMUST, high: isolation-read"


def test_without_a_file_in_the_repository_none_is_named() -> None:
    (_, found) = said(annotated(report([result(Verdict.FAIL)])))
    assert set(found.properties) == {"title"}


def test_what_is_red_by_a_flag_is_an_error() -> None:
    warned = report([result(Verdict.WARN)], strictness=Strictness(warnings=True))
    assert [one.name for one in said(annotated(warned))] == ["error", "error"]


def test_what_is_waived_or_passed_is_none() -> None:
    assert annotated(report([result(Verdict.PASS), result(Verdict.WAIVED), result(Verdict.NOT_TESTED)])) == []


def test_a_run_that_is_red_without_a_finding_says_why() -> None:
    (only,) = said(annotated(stale()))
    assert "the waiver of signin-slow is stale" in only.data


def test_findings_of_one_cause_are_one() -> None:
    rows = [result(Verdict.FAIL, row=f"place: page {letter}", came="it opened") for letter in "abcdefghijklmn"]
    (_, found) = said(annotated(report(rows)))
    assert found.properties["title"] == "FAIL: 14 rows of isolation-read"


@pytest.mark.parametrize(("count", "shown"), [(MOST - 1, MOST - 1), (MOST, MOST - 2), (40, MOST - 2)])
def test_no_more_are_said_than_are_shown_and_the_gravest_first(count: int, shown: int) -> None:
    failed = [
        result(Verdict.FAIL, f"broken-{one}", came=f"it broke, {'x' * one}", severity=severity)
        for one, severity in zip(range(count), [Severity.LOW, *[Severity.HIGH] * count], strict=False)
    ]
    last = result(Verdict.FAIL, "worst-one", came="it fell", severity=Severity.CRITICAL)
    found = said(annotated(report([*failed[:-1], last])))
    assert len(found) == min(count + 1, MOST)
    assert [one.name for one in found] == ["error"] * len(found)
    assert "worst-one" in found[1].data
    if count > shown:
        left = count - shown
        assert found[-1].properties["title"] == f"auth-conformance: {left} more findings"
        assert "broken-0" not in "".join(one.data for one in found)


def test_warnings_have_a_number_of_their_own() -> None:
    warned = [result(Verdict.WARN, f"odd-{one}", came=f"it was {'x' * one}") for one in range(MOST)]
    assert [one.name for one in said(annotated(report(warned)))] == ["warning"] * MOST
    more = result(Verdict.WARN, "odd-more", came="it was odder")
    found = said(annotated(report([*warned, more])))
    assert (len(found), found[-1].properties["title"]) == (MOST, "auth-conformance: 2 more findings")


def test_the_words_of_a_deployment_are_no_command_and_no_property() -> None:
    one = result(Verdict.FAIL, name=HOSTILE, reason=HOSTILE, declared=Place(file="a:b,line=9%.toml", line=3))
    lines = annotated(report([one]))
    found = said(lines)[1]
    assert found.properties["file"] == "a:b,line=9%.toml"
    assert found.properties["line"] == "3"
    assert "::add-path::/tmp\\x1b[2J" in found.data
    assert all("\n" not in line and "\r" not in line and "\x1b" not in line for line in lines)


def test_a_command_is_written_as_github_reads_it() -> None:
    assert command("endgroup") == "::endgroup::"
    assert command("error", "a%\r\nb:c,d", file="x:y,z%") == "::error file=x%3Ay%2Cz%25::a%25%0D%0Ab:c,d"


def test_none_is_longer_than_a_screen() -> None:
    (_, found) = said(annotated(report([result(Verdict.FAIL, reason="x" * 9000)])))
    assert len(found.data) < 2100
