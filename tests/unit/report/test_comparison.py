"""What changed from one report to another, and what of it is worse."""

from __future__ import annotations

import pytest

from harness.core.verdict import Level, Verdict
from harness.report.comparison import Kind, compare, got_worse, kind_of
from harness.report.document import Deployment, Environment, Report, Suite
from harness.specification.renamed import renamed
from tests.support.example_report import every_verdict, report, result

PATHS = ("a.json", "b.json")
ORDER = [*Verdict, None]
"""Of the tables' rows (before) and columns (after); None: the report does not have it."""
WORSE_MUST = {
    #          pass fail warn waived n/a untested error none
    Verdict.PASS: ". W W W W W W W",
    Verdict.FAIL: ". . . . W W W W",
    Verdict.WARN: ". W . . W W W W",
    Verdict.WAIVED: ". W . . W W W W",
    Verdict.NOT_APPLICABLE: ". W . . . . W .",
    Verdict.NOT_TESTED: ". W . . . . W .",
    Verdict.ERROR: ". W . . . . . .",
    None: ". W . . . . W .",
}
WORSE_SHOULD = {
    Verdict.PASS: ". W W W . W W .",
    Verdict.FAIL: ". . . . . . W .",
    Verdict.WARN: ". W . . . . W .",
    Verdict.WAIVED: ". W . . . . W .",
    Verdict.NOT_APPLICABLE: ". W . . . . W .",
    Verdict.NOT_TESTED: ". W . . . . W .",
    Verdict.ERROR: ". W . . . . . .",
    None: ". W . . . . W .",
}
KINDS = {
    Verdict.PASS: "= B B B U U U R",
    Verdict.FAIL: "F = C C U U U R",
    Verdict.WARN: "F B = C U U U R",
    Verdict.WAIVED: "F B C = U U U R",
    Verdict.NOT_APPLICABLE: "T T T T = C C R",
    Verdict.NOT_TESTED: "T T T T C = C R",
    Verdict.ERROR: "T T T T C C = R",
    None: "A A A A A A A =",
}
LETTERS = {
    Kind.SAME: "=",
    Kind.BROKEN: "B",
    Kind.UNTESTED: "U",
    Kind.TESTED: "T",
    Kind.FIXED: "F",
    Kind.CHANGED: "C",
    Kind.ADDED: "A",
    Kind.REMOVED: "R",
}


@pytest.mark.parametrize(
    ("level", "table"), [(Level.MUST, WORSE_MUST), (Level.SHOULD, WORSE_SHOULD), (Level.MAY, WORSE_SHOULD)]
)
def test_what_is_worse(level: Level, table: dict[Verdict | None, str]) -> None:
    found = {
        before: " ".join("W" if got_worse(before, after, level) else "." for after in ORDER) for before in ORDER
    }
    assert found == table


def test_what_a_change_is_called() -> None:
    found = {before: " ".join(LETTERS[kind_of(before, after)] for after in ORDER) for before in ORDER}
    assert found == KINDS


def test_a_report_is_the_same_as_itself() -> None:
    found = compare(report(), report(), PATHS)
    assert found.counts == {kind: 11 if kind is Kind.SAME else 0 for kind in Kind}
    assert (found.worse, found.changes, found.differences) == (0, [], [])


def test_scenarios_are_matched_by_identity_and_row() -> None:
    rows = ["place: body", "place: query"]
    before = report([result(Verdict.PASS, row=row) for row in rows])
    after = report(
        [result(verdict, row=row) for verdict, row in zip((Verdict.PASS, Verdict.FAIL), rows, strict=True)]
    )
    (change,) = compare(before, after, PATHS).changes
    assert change.key == "isolation-read [place: query]"
    assert (change.kind, change.before, change.after, change.worse) == (
        Kind.BROKEN,
        Verdict.PASS,
        Verdict.FAIL,
        True,
    )
    assert change.reason.startswith("Expected that Bob reading Ann's task is refused; but")


def test_what_is_in_one_report_only_is_added_or_removed() -> None:
    one, *others = every_verdict()
    gained, lost = compare(report(others), report(), PATHS), compare(report(), report(others), PATHS)
    assert [(change.kind, change.before, change.after) for change in gained.changes] == [
        (Kind.ADDED, None, Verdict.FAIL)
    ]
    assert [(change.key, change.kind, change.worse) for change in lost.changes] == [(one.key, Kind.REMOVED, True)]
    assert (gained.worse, lost.worse) == (1, 1)


def test_a_level_that_changed_counts_as_the_later_suite_has_it() -> None:
    before = report([result(Verdict.FAIL)])
    after = report([result(Verdict.WARN, level=Level.SHOULD)])
    (change,) = compare(before, after, PATHS).changes
    assert (change.level, change.kind, change.worse) == (Level.SHOULD, Kind.CHANGED, False)


def test_the_worst_comes_first() -> None:
    verdicts = [Verdict.PASS, Verdict.FAIL, Verdict.NOT_TESTED, Verdict.PASS, Verdict.PASS]
    later = [Verdict.NOT_APPLICABLE, Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.NOT_TESTED]
    before, after = (
        report(
            [
                result(verdict, identity=f"number-{place}", level=Level.SHOULD if place == 0 else Level.MUST)
                for place, verdict in enumerate(found)
            ]
        )
        for found in (verdicts, later)
    )
    told = [(change.kind, change.key) for change in compare(before, after, PATHS).changes]
    assert told == [
        (Kind.BROKEN, "number-3"),
        (Kind.UNTESTED, "number-4"),
        (Kind.UNTESTED, "number-0"),
        (Kind.TESTED, "number-2"),
        (Kind.FIXED, "number-1"),
    ]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            report(target=Deployment(title="P", profile="tasks", base_url="https://p.example.com", api_url="")),
            ["they are of different targets: https://tasks.example.com and https://p.example.com"],
        ),
        (
            report(target=report().target.model_copy(update={"profile": "better"})),
            ["they are of different profiles: tasks and better"],
        ),
        (
            report(suite=Suite(version="0.2.0", specification="1.4")),
            ["they are of different versions of the suite: 1.2.3 and 0.2.0"],
        ),
        (
            report(suite=Suite(version="1.2.3")),
            ["they are of different versions of the specification: 1.4 and none"],
        ),
        (report(expected=3), ["they are of different selections of scenarios: 11 of 11 and 3 of 11"]),
    ],
    ids=["target", "profile", "version", "specification", "selection"],
)
def test_what_makes_two_reports_hard_to_compare_is_said(other: Report, said: list[str]) -> None:
    assert compare(report(), other, PATHS).differences == said


def test_the_reference_backend_is_one_target_at_any_port() -> None:
    started = Environment(python="3.11.2", platform="Linux", postgres="embedded Postgres 18.4")
    one, other = (
        report(
            environment=started,
            target=Deployment(title="Reference", profile="reference", base_url=url, api_url=url),
        )
        for url in ("http://127.0.0.1:1234", "http://127.0.0.1:5678")
    )
    assert compare(one, other, PATHS).differences == []


def test_a_requirement_is_compared_with_itself_under_its_old_name() -> None:
    old, new = next(iter(renamed().identities.items()))
    before, after = (report([result(Verdict.PASS, identity=identity)]) for identity in (old, new))
    assert not compare(before, after, PATHS).changes
    worse = compare(before, report([result(Verdict.FAIL, identity=new)]), PATHS)
    assert [(change.key, change.kind) for change in worse.changes] == [(new, Kind.BROKEN)]
