"""Waivers: what is wrong in a file, what is in force, and what is stale."""

import datetime as dt
from pathlib import Path

import pytest

from harness.core.verdict import Verdict
from harness.results.waiver_file import WaiverError, load_waivers
from harness.specification.catalogue import requirements
from tests.support.example_report import result
from tests.support.example_waivers import IDENTITY, WHOLE, written

DAY = dt.date(2027, 3, 1)
WRONG = {
    "no TOML": ("[[waiver]\n", "is not TOML: "),
    "a key that is none": (
        WHOLE.replace("owner", "ownr"),
        ':4: waiver[0]: the key "ownr" is not known; write `owner = ',
    ),
    "no reason": (
        WHOLE.replace('reason = "The gateway caches sessions; a fix is planned."\n', ""),
        ':1: waiver[0]: the key "reason" is missing; add a line such as `reason = ',
    ),
    "an empty reason": (
        WHOLE.replace("The gateway caches sessions; a fix is planned.", " "),
        ":3: waiver[0].reason: it is empty; write what a colleague who finds it in a year needs to know.",
    ),
    "no link": (
        WHOLE.replace("https://issues.example.com/1", "DOOR-1"),
        ':5: waiver[0].issue: "DOOR-1" is no link; write',
    ),
    "no date": (
        WHOLE.replace("2027-03-15", '"soon"'),
        ":6: waiver[0].expires takes a date; write something like `expires = 2030-01-31`",
    ),
    "an unknown requirement": (
        WHOLE.replace(IDENTITY, "signout-ends-captured-sessions"),
        f':2: there is no requirement "signout-ends-captured-sessions". Did you mean "{IDENTITY}"?',
    ),
    "a row of another": (
        WHOLE.replace("reason", 'row = "place: moon"\nreason', 1),
        f':3: {IDENTITY} has no row "place: moon".',
    ),
    "a row where there is none": (
        WHOLE.replace(IDENTITY, "signout-clears-the-cookie").replace("reason", 'row = "a: b"\nreason', 1),
        ":3: signout-clears-the-cookie has no Examples; remove the key row.",
    ),
    "the same twice": (f"{WHOLE}\n{WHOLE}", f":9: {IDENTITY} is waived twice; keep one of the two."),
    "a critical one": (
        WHOLE.replace(IDENTITY, "token-signature-is-verified"),
        ":2: token-signature-is-verified is a MUST of critical severity; it can be waived only with --allow-crit",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(WaiverError) as error:
        load_waivers(written(tmp_path, text), DAY, allow_critical=False)
    assert sentence in str(error.value)
    assert str(error.value).startswith(str(tmp_path))
    assert len(str(error.value).splitlines()) == 1


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WaiverError, match=r"the waivers in .*nowhere.toml can't be read: "):
        load_waivers(tmp_path / "nowhere.toml", DAY, allow_critical=False)


def test_an_empty_file_waives_nothing(tmp_path: Path) -> None:
    assert load_waivers(written(tmp_path, ""), DAY, allow_critical=False).entries == ()


@pytest.mark.parametrize(
    ("day", "in_force", "warned"),
    [
        (dt.date(2027, 2, 28), True, False),
        (DAY, True, True),
        (dt.date(2027, 3, 15), True, True),
        (dt.date(2027, 3, 16), False, False),
    ],
)
def test_it_holds_to_its_last_day_and_warns_two_weeks_before(
    tmp_path: Path, day: dt.date, in_force: bool, warned: bool
) -> None:
    waivers = load_waivers(written(tmp_path, WHOLE), day, allow_critical=False)
    assert (waivers.in_force(IDENTITY, "place: protected page") is not None) is in_force
    assert bool(waivers.warnings()) is warned
    assert bool(waivers.objections([])) is not in_force


def test_an_entry_for_the_row_goes_before_one_for_all(tmp_path: Path) -> None:
    row = WHOLE.replace("reason", 'row = "place: protected page"\nreason', 1).replace("Team Door", "Team Gate")
    waivers = load_waivers(written(tmp_path, f"{WHOLE}\n{row}"), DAY, allow_critical=False)
    owners = [waivers.in_force(IDENTITY, f"place: {place}") for place in ("protected page", "session endpoint")]
    assert [entry.owner for entry in owners if entry is not None] == ["Team Gate", "Team Door"]


# --- what is stale ---


ROWS = requirements()[IDENTITY].rows
PARTLY = WHOLE.replace("reason", f'row = "{ROWS[0]}"\nreason', 1)


def stale(folder: Path, text: str, verdicts: list[Verdict]) -> list[str]:
    """What is said of the waivers after a run in which the rows of the requirement got these verdicts."""
    results = [result(verdict, IDENTITY, row=row) for verdict, row in zip(verdicts, ROWS, strict=False)]
    return load_waivers(written(folder, text), DAY, allow_critical=False).objections(results)


def test_a_waiver_of_what_holds_is_stale(tmp_path: Path) -> None:
    holds, absent = [Verdict.PASS] * len(ROWS), [Verdict.NOT_APPLICABLE] * len(ROWS)
    assert stale(tmp_path, WHOLE, holds) == [
        f"the waiver of {IDENTITY} is stale: the requirement holds; remove it"
    ]
    assert stale(tmp_path, WHOLE, [*holds[1:], Verdict.NOT_APPLICABLE]) == stale(tmp_path, WHOLE, holds)
    assert stale(tmp_path, WHOLE, absent) == [
        f"the waiver of {IDENTITY} is stale: the requirement does not apply here; remove it"
    ]


@pytest.mark.parametrize("verdict", [Verdict.WAIVED, Verdict.NOT_TESTED, Verdict.ERROR])
def test_a_waiver_that_one_row_may_need_is_not_stale(tmp_path: Path, verdict: Verdict) -> None:
    assert stale(tmp_path, WHOLE, [*[Verdict.PASS] * (len(ROWS) - 1), verdict]) == []


def test_a_run_of_some_rows_does_not_tell(tmp_path: Path) -> None:
    assert stale(tmp_path, WHOLE, [Verdict.PASS]) == []
    assert stale(tmp_path, WHOLE, []) == []


def test_a_waiver_of_one_row_needs_that_row_only(tmp_path: Path) -> None:
    assert stale(tmp_path, PARTLY, [Verdict.PASS]) == [
        f"the waiver of {IDENTITY} [{ROWS[0]}] is stale: the requirement holds; remove it"
    ]
    assert stale(tmp_path, PARTLY, [Verdict.WAIVED, Verdict.PASS]) == []


def test_a_waiver_of_all_is_not_about_a_row_that_has_its_own(tmp_path: Path) -> None:
    both = f"{WHOLE}\n{PARTLY}"
    verdicts = [Verdict.WAIVED, *[Verdict.PASS] * (len(ROWS) - 1)]
    assert stale(tmp_path, both, verdicts) == [
        f"the waiver of {IDENTITY} is stale: the requirement holds; remove it"
    ]
