"""What has one cause stands together, and what has not stands apart."""

from __future__ import annotations

import json

import pytest

from harness.core.verdict import Verdict
from harness.report import junit, sarif
from harness.report.causes import causes, shared_causes
from harness.report.document import Report
from harness.report.html import page
from harness.results.result import Result
from tests.support.example_report import exchange, report, result

SIGN_IN = [exchange(method="POST", url="https://tasks.example.com/sign-in", decides=True)]
FORM = "the page has no field labelled Email"


def keys(results: list[Result]) -> list[list[str]]:
    return [[one.key for one in cause.results] for cause in causes(results)]


def test_the_rows_of_one_requirement_are_one_with_each_reason_once() -> None:
    rows = [
        result(Verdict.FAIL, row="place: the page", came="it opened the page (status 200)"),
        result(Verdict.FAIL, row="place: the task list", came="it opened the task list (status 200)"),
        result(Verdict.FAIL, row="place: session", came="the server broke"),
    ]
    [cause] = causes(rows)
    assert cause.named == cause.title == "3 rows of isolation-read"
    assert [[one.row for one in alike] for alike in cause.reasons] == [
        ["place: the page", "place: the task list"],
        ["place: session"],
    ]


def test_what_broke_alike_at_one_place_is_one_whatever_the_requirement() -> None:
    found = [
        result(Verdict.FAIL, "browser-signin", came=FORM, exchanges=SIGN_IN),
        result(Verdict.FAIL, "browser-redirect", row="parameter: next", came=FORM, exchanges=SIGN_IN),
        result(Verdict.FAIL, "browser-redirect", row="parameter: to", came=FORM, exchanges=SIGN_IN),
        result(Verdict.FAIL, "signout-all", came="it opened"),
        result(Verdict.FAIL, "isolation-list", came="it opened"),
    ]
    assert keys(found) == [
        ["browser-signin", "browser-redirect [parameter: next]", "browser-redirect [parameter: to]"],
        ["signout-all", "isolation-list"],
    ]
    first = causes(found)[0]
    assert first.title == "3 scenarios of one cause"
    assert first.named == "3 scenarios (browser-signin, browser-redirect)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the answer carried cnry0123456789abcdef", "the answer carried cnryfedcba9876543210"),
        ("signed in as ann.16e1448c9a13@example.com", "signed in as bob.77e1448c9a13@example.com"),
        ('404 ({"id": "1f0c9d8b-7a69-4584-9362-514e1f0c9d8b"})', '404 ({"id": "00000000-7a69-4584-9362-514e"})'),
        ("it lives 691198 s more", "it lives 691190 s more"),
        ("it took 6.1 s", "it took 5.7 s"),
        ("it lives 12 s more", "it lives 9 s more"),
    ],
)
def test_what_differs_from_row_to_row_is_no_other_cause(one: str, other: str) -> None:
    found = [result(Verdict.FAIL, f"of-{number}", came=came) for number, came in enumerate((one, other))]
    assert len(causes(found)) == 1


@pytest.mark.parametrize(
    "other",
    [
        result(Verdict.WARN, "isolation-list", came="it was answered 200"),
        result(Verdict.FAIL, "isolation-list", came="it was answered 500"),
        result(Verdict.FAIL, "isolation-list", came="it was answered 200", exchanges=SIGN_IN),
    ],
    ids=["another verdict", "another answer", "another place"],
)
def test_what_is_otherwise_stands_apart(other: Result) -> None:
    assert len(causes([result(Verdict.FAIL, came="it was answered 200"), other])) == 2


def test_unjudged_rows_of_one_requirement_with_different_reasons_stand_apart() -> None:
    rows = [
        result(Verdict.NOT_TESTED, row="kind: a", reason="No secret."),
        result(Verdict.NOT_TESTED, row="kind: b", reason="No browser."),
        result(Verdict.NOT_TESTED, "other", reason="No secret."),
    ]
    assert keys(rows) == [["isolation-read [kind: a]", "other"], ["isolation-read [kind: b]"]]


def grouped_report() -> Report:
    rows = [
        result(Verdict.FAIL, row=f"place: the {place}", came=f"it opened the {place}")
        for place in ("page", "list")
    ]
    return report([*rows, result(Verdict.FAIL, "other-one", came="it broke"), result(Verdict.PASS)])


def test_each_form_of_the_report_has_them() -> None:
    made = grouped_report()
    assert [(cause.name, len(cause.results)) for cause in shared_causes(made.results)] == [
        ("cause-1", 2),
        ("cause-2", 1),
    ]
    assert junit.render(made).count('name="cause" value="cause-1"') == 2
    [run] = json.loads(sarif.render(made))["runs"]
    assert [one["properties"]["cause"] for one in run["results"]] == ["cause-1", "cause-1", "cause-2"]
    overview = page.render(made).partition('<ol class="found">')[2].partition("</ol>")[0]
    assert overview.count('class="badge v-fail"') == 2
    assert "2 rows of isolation-read: it opened the page\n<ul>" in overview
    assert overview.count("<a href=") == 3
