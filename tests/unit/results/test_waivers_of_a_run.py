"""Which waiver covers a result, and which are expired, soon to expire, or needless after a run."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from harness.core.verdict import Verdict
from harness.results.result import Result
from harness.results.waivers import WARNED_DAYS, Waiver, Waivers
from harness.specification.catalogue import requirements
from tests.support.example_report import result

TODAY = dt.date(2027, 3, 1)
LATER = TODAY + dt.timedelta(days=WARNED_DAYS + 1)
ROWS = next(one for one in requirements().values() if one.scenarios == 2)
SINGLE = next(one for one in requirements().values() if one.scenarios == 1)


def waiver(requirement: str = SINGLE.identity, row: str | None = None, expires: dt.date = LATER) -> Waiver:
    fields: dict[str, Any] = {"reason": "Known.", "owner": "Team", "issue": "https://issues.example.com/1"}
    return Waiver(requirement=requirement, row=row, expires=expires, **fields)


def of(*entries: Waiver) -> Waivers:
    return Waivers(entries, TODAY)


def ended(verdict: Verdict, identity: str = SINGLE.identity, row: str = "") -> Result:
    return result(verdict, identity, row=row)


# --- in force ---


def test_a_waiver_of_a_requirement_covers_each_of_its_rows_and_nothing_else() -> None:
    whole = waiver(ROWS.identity)
    assert of(whole).in_force(ROWS.identity, "a: b") is whole
    assert of(whole).in_force(SINGLE.identity, "") is None
    assert of(waiver(ROWS.identity, "a: b")).in_force(ROWS.identity, "a: c") is None


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_s_own_waiver_goes_first(turned: bool) -> None:
    whole, own = waiver(ROWS.identity), waiver(ROWS.identity, "a: b")
    assert of(*((own, whole) if turned else (whole, own))).in_force(ROWS.identity, "a: b") is own


def test_a_waiver_holds_to_the_end_of_its_last_day() -> None:
    last, gone = waiver(expires=TODAY), waiver(expires=TODAY - dt.timedelta(days=1))
    assert of(last).in_force(SINGLE.identity, "") is last
    assert of(gone).in_force(SINGLE.identity, "") is None


def test_an_expired_one_of_the_row_leaves_that_of_the_whole() -> None:
    whole, own = waiver(ROWS.identity), waiver(ROWS.identity, "a: b", TODAY - dt.timedelta(days=1))
    assert of(own, whole).in_force(ROWS.identity, "a: b") is whole


# --- after a run ---


def test_what_it_waives_is_no_objection() -> None:
    assert of(waiver()).objections([ended(Verdict.WAIVED)]) == []


def test_an_expired_one_is_an_objection_whatever_came() -> None:
    gone = waiver(expires=TODAY - dt.timedelta(days=1))
    [sentence] = of(gone).objections([ended(Verdict.PASS)])
    assert sentence == f"the waiver of {SINGLE.identity} expired on 2027-02-28: fix the deployment, or renew it"
    assert of(gone).objections([]) == [sentence]


@pytest.mark.parametrize(
    ("verdict", "why"),
    [(Verdict.PASS, "the requirement holds"), (Verdict.NOT_APPLICABLE, "the requirement does not apply here")],
)
def test_one_of_what_holds_is_stale(verdict: Verdict, why: str) -> None:
    said = f"the waiver of {SINGLE.identity} is stale: {why}; remove it"
    assert of(waiver()).objections([ended(verdict)]) == [said]


@pytest.mark.parametrize("verdict", [Verdict.NOT_TESTED, Verdict.ERROR])
def test_one_of_what_could_not_be_judged_is_kept(verdict: Verdict) -> None:
    assert of(waiver()).objections([ended(verdict)]) == []


def test_one_of_what_did_not_run_is_kept() -> None:
    assert of(waiver()).objections([]) == []
    assert of(waiver(ROWS.identity)).objections([ended(Verdict.PASS, ROWS.identity, "a: b")]) == [], (
        "one of two rows"
    )


def test_one_of_rows_of_which_one_fails_is_kept() -> None:
    rows = [ended(Verdict.PASS, ROWS.identity, "a: b"), ended(Verdict.WAIVED, ROWS.identity, "a: c")]
    assert of(waiver(ROWS.identity)).objections(rows) == []


def test_one_of_the_whole_is_not_about_rows_with_one_of_their_own() -> None:
    whole, own = waiver(ROWS.identity), waiver(ROWS.identity, "a: b")
    rows = [ended(Verdict.WAIVED, ROWS.identity, "a: b"), ended(Verdict.PASS, ROWS.identity, "a: c")]
    assert of(whole, own).objections(rows) == [
        f"the waiver of {ROWS.identity} is stale: the requirement holds; remove it"
    ]


@pytest.mark.parametrize(
    ("days", "is_told"), [(0, True), (WARNED_DAYS, True), (WARNED_DAYS + 1, False), (-1, False)]
)
def test_one_that_ends_soon_is_told(days: int, is_told: bool) -> None:
    expires = TODAY + dt.timedelta(days=days)
    said = f"the waiver of {SINGLE.identity} expires on {expires} (Team, https://issues.example.com/1)"
    assert of(waiver(expires=expires)).warnings() == ([said] if is_told else [])
