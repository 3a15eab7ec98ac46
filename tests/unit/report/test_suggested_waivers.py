"""waivers.suggested.toml: what would waive the findings of a run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from harness.core.verdict import Strictness, Verdict
from harness.report.suggested_waivers import entries_for, render, suggested
from harness.results.waiver_file import WaiverError, load_waivers
from tests.support.example_report import report, result
from tests.support.example_waivers import IDENTITY, written

DAY = dt.date(2027, 3, 1)


def test_a_requirement_of_which_no_row_held_is_one_entry() -> None:
    rows = [f"place: {place}" for place in ("session endpoint", "protected page")]
    found = [result(Verdict.FAIL, identity=IDENTITY, row=row) for row in rows]
    [whole] = entries_for(found, DAY)
    unsigned = 'reason = ""\nowner = ""\nissue = "https://"\nexpires = 2027-03-31'
    assert whole == f'[[waiver]]\nrequirement = "{IDENTITY}"\n{unsigned}'
    [part] = entries_for(found[:1], DAY)
    assert 'row = "place: session endpoint"\n' in part


def test_a_suggested_entry_can_be_used_once_it_is_signed(tmp_path: Path) -> None:
    [entry] = entries_for([result(Verdict.FAIL, identity=IDENTITY, row="place: protected page")], DAY)
    with pytest.raises(WaiverError, match="it is empty"):
        load_waivers(written(tmp_path, entry), DAY, allow_critical=False)
    signed = entry.replace('""', '"Known."').replace("https://", "https://issues.example.com/1")
    assert load_waivers(written(tmp_path, signed), DAY, allow_critical=False).in_force(
        IDENTITY, "place: protected page"
    )


def test_what_is_red_is_suggested_and_nothing_else() -> None:
    assert len(suggested(report())) == report().verdicts[Verdict.FAIL]
    strict = report(strictness=Strictness(warnings=True, untested=True))
    assert len(suggested(strict)) == strict.verdicts[Verdict.FAIL] + strict.verdicts[Verdict.WARN]
    assert render(strict).startswith("# Keep what is known")


def test_a_green_run_suggests_nothing() -> None:
    assert render(report([result(Verdict.PASS)])) == "# Nothing that could be waived was red.\n"
