"""`auth-conformance waivers`: a file is checked, and what is stale in it removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from tests.support.example_waivers import IDENTITY, WHOLE, written


def test_check_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, f"{WHOLE}\n{WHOLE}")
    assert main(["waivers", "check", str(path)]) == Exit.USAGE
    assert "is waived twice" in capsys.readouterr().err


def test_check_says_what_has_expired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, WHOLE.replace("2027-03-15", "2020-01-01"))
    assert main(["waivers", "check", str(path)]) == Exit.NOT_CONFORMANT
    assert (
        f"the waiver of {IDENTITY} expired on 2020-01-01: fix the deployment, or renew it.\n"
        in capsys.readouterr().out
    )


def test_prune_removes_what_is_stale_and_keeps_the_rest_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = "# Why we have these: see the handbook.\n\n" + WHOLE.replace("2027-03-15", "2999-01-01  # far away")
    expired = WHOLE.replace(IDENTITY, "signout-stops-new-tokens").replace("2027-03-15", "2020-01-01")
    gone = WHOLE.replace(IDENTITY, "a-requirement-of-old").replace("2027-03-15", "2999-01-01")
    path = written(tmp_path, f"{kept}\n{expired}\n{gone}")
    before = path.read_bytes()
    assert main(["waivers", "prune", str(path), "--dry-run"]) == Exit.CONFORMANT
    assert path.read_bytes() == before
    assert main(["waivers", "prune", str(path)]) == Exit.CONFORMANT
    assert path.read_text("utf-8").strip() == kept.strip()
    said = capsys.readouterr().out
    assert "removed signout-stops-new-tokens: it expired on 2020-01-01\n" in said
    assert "removed a-requirement-of-old: the specification has no such requirement\n" in said
    assert said.endswith("1 of 3 waivers stay.\n")


def test_prune_refuses_what_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, report = written(tmp_path, WHOLE), tmp_path / "report.json"
    report.write_text('{"format": 1, "results": []}', "utf-8")
    assert main(["waivers", "prune", str(path), "--report", str(report)]) == Exit.USAGE
    assert (
        "is a report of format 1; this version reads format 2 only. Make it again with this version."
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(("count", "said"), [(0, "0 waivers."), (1, "1 waiver.")])
def test_check_counts_what_can_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, said: str
) -> None:
    path = written(tmp_path, WHOLE.replace("2027-03-15", "2999-01-01") * count)
    assert main(["waivers", "check", str(path)]) == Exit.CONFORMANT
    assert capsys.readouterr().out == f"{path} can be used: {said}\n"
