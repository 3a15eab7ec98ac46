"""Against a server that refuses everything, or grants everything, nothing that MUST hold may pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.core.exits import Exit
from tests.support.null_servers import SERVERS, running
from tests.support.suite import Ended, run

PROFILES = ("reference", "better-auth")
PAIRS = [(name, profile) for name in SERVERS for profile in PROFILES]
pytestmark = pytest.mark.a_third_a_day
EVERY_ONE = pytest.mark.parametrize(("name", "profile"), PAIRS)


@EVERY_ONE
def test_the_doctor_stops_the_run_with_one_sentence(name: str, profile: str, tmp_path: Path) -> None:
    ended, _ = _judged(name, profile, tmp_path, "features/signin.feature")
    assert ended.code == Exit.TARGET_UNUSABLE, ended.output
    assert "The target can't be tested: " in ended.output
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["exit_code"], report["verdicts"]["pass"], report["results"]) == (ended.code, 0, [])


@EVERY_ONE
def test_no_must_passes_where_the_doctor_is_skipped(name: str, profile: str, tmp_path: Path) -> None:
    ended, asked = _judged(name, profile, tmp_path, "features", "--skip-doctor")
    assert ended.code in (Exit.NOT_CONFORMANT, Exit.TARGET_UNUSABLE), ended.output
    passed = [
        result["identity"]
        for result in ended.report["results"]
        if result["verdict"] == "pass" and result["level"] == "must"
    ]
    assert passed == []
    assert [line for line in ended.output.splitlines() if line.startswith("red: ")], ended.output
    if name == "hang":
        assert 2 <= asked <= 4 < len(ended.report["results"]), "not every scenario waits for silence"


def _judged(name: str, profile: str, folder: Path, *words: str) -> tuple[Ended, int]:
    """A run against that server, and how many requests came."""
    with running(SERVERS[name]) as (url, memory):
        chosen = [*words, "-q", "-m", "not needs-browser"]
        ended = run(folder, *chosen, "--base-url", url, "--target", profile)
    assert "Traceback" not in ended.output
    assert "INTERNALERROR" not in ended.output
    return ended, memory.asked
