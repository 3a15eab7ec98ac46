"""Against a server that refuses everything, or grants everything, nothing that MUST hold may pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.core.exits import Exit
from tests.support.null_servers import SERVERS, running

ROOT = Path(__file__).parents[3]
LIMIT = 120.0
"""Seconds within which a run against such a server must have ended."""


EVERY_ONE = pytest.mark.parametrize(
    ("name", "profile"), [(name, profile) for name in SERVERS for profile in ("reference", "better-auth")]
)


@EVERY_ONE
def test_the_doctor_stops_the_run_with_one_sentence(name: str, profile: str, tmp_path: Path) -> None:
    code, output = _run(name, profile, tmp_path)
    assert code == Exit.TARGET_UNUSABLE, output
    assert "The target can't be tested: " in output
    assert not (tmp_path / "report.json").exists()


@EVERY_ONE
def test_no_must_passes_where_the_doctor_is_skipped(name: str, profile: str, tmp_path: Path) -> None:
    code, output = _run(name, profile, tmp_path, "--skip-doctor")
    assert code == Exit.NOT_CONFORMANT, output
    results = json.loads((tmp_path / "report.json").read_text("utf-8"))["results"]
    passed = [
        result["identity"] for result in results if result["verdict"] == "pass" and result["level"] == "must"
    ]
    assert passed == []
    assert [line for line in output.splitlines() if line.startswith("red: ")], output


def _run(name: str, profile: str, folder: Path, *options: str) -> tuple[int, str]:
    with running(SERVERS[name]) as url:
        chosen = ["features", "-q", "-p", "no:cacheprovider", "-m", "not needs-browser", *options]
        target = ["--base-url", url, "--target", profile, "--report-dir", str(folder)]
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *chosen, *target],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    output = ended.stdout + ended.stderr
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    return ended.returncode, output
