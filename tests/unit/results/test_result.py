"""What a result is called."""

from __future__ import annotations

from collections import Counter

from harness.core.blocker import Blocker
from harness.core.verdict import Level, Verdict
from harness.results.result import Run, blocked, scenario_key
from tests.support.example_report import every_verdict, exchange, report, result


def test_a_title_says_of_the_row_what_the_name_does_not() -> None:
    row = "how: from the second page, as: Bob"
    whole = result(Verdict.PASS, name="A list asked for from the second page is one's own", row=row)
    assert whole.title == "A list asked for from the second page is one's own [as: Bob]"
    assert (
        result(Verdict.PASS, name="As Bob, from the second page", row=row).title == "As Bob, from the second page"
    )
    assert result(Verdict.PASS, name="A list").title == "A list"


def test_a_key_has_the_whole_row() -> None:
    assert scenario_key("isolation-list", "") == "isolation-list"
    assert result(Verdict.PASS, row="how: by id").key == scenario_key("isolation-read", "how: by id")


def test_keys_of_a_report_are_unique() -> None:
    keys = [one.key for one in report().results]
    assert len(keys) == len(set(keys))


def test_only_what_decides_is_deciding() -> None:
    decides = exchange(decides=True)
    assert result(Verdict.FAIL, exchanges=[exchange(), decides]).deciding == [decides]


def test_why_a_must_was_not_judged_is_said_once_for_each_reason() -> None:
    results = [
        result(Verdict.NOT_TESTED, reason="No field. Correct pages.email.", blocker=Blocker.UNFIT),
        result(Verdict.NOT_TESTED, reason="No field. Correct pages.email.", blocker=Blocker.UNFIT),
        result(Verdict.NOT_TESTED, reason="Throttled.", blocker=Blocker.STATE),
        result(Verdict.NOT_TESTED, reason="No secret.", blocker=Blocker.MISSING),
        result(Verdict.NOT_TESTED, reason="No button.", level=Level.SHOULD, blocker=Blocker.UNFIT),
    ]
    assert blocked(results) == [
        "2 MUSTs could not be judged, for the profile does not fit: No field. Correct pages.email",
        "1 MUST could not be judged, for the state of the deployment: Throttled",
    ]


def test_of_many_reasons_the_commonest_are_said_and_the_others_counted() -> None:
    rare = [result(Verdict.NOT_TESTED, reason=f"It is {one}.", blocker=Blocker.STATE) for one in "abcdefgh"]
    said = blocked([*rare, result(Verdict.NOT_TESTED, reason="It is h.", blocker=Blocker.STATE)])
    assert said[0] == "2 MUSTs could not be judged, for the state of the deployment: It is h"
    assert said[-1] == "2 more MUSTs could not be judged, each for its own reason"


def test_a_run_counts_its_results_and_sorts_them_by_flow_and_title() -> None:
    run = Run(expected=20, results={one.key: one for one in every_verdict()})
    assert run.ran == len(every_verdict())
    assert run.counts() == Counter(one.verdict for one in every_verdict())
    found = run.of(Verdict.FAIL, Verdict.WARN)
    assert [one.identity for one in found] == [
        "browser-signout",
        "signin-alike",
        "isolation-list",
        "isolation-read",
    ]
