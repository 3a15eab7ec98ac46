"""Against a server that refuses everything, or grants everything, nothing that MUST hold may pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from servers import SERVERS, running

ROOT = Path(__file__).parents[2]
LIMIT = 120.0
"""Seconds within which a run against such a server must have ended."""


@pytest.mark.parametrize("profile", ["reference", "better-auth"])
@pytest.mark.parametrize("name", SERVERS)
def test_no_must_passes(name: str, profile: str, tmp_path: Path) -> None:
    with running(SERVERS[name]) as url:
        chosen = ["features", "-q", "-p", "no:cacheprovider", "-m", "not needs-browser"]
        target = ["--base-url", url, "--target", profile, "--report-dir", str(tmp_path)]
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *chosen, *target],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    output = ended.stdout + ended.stderr
    assert ended.returncode != 0, output
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    report = tmp_path / "report.json"
    if not report.is_file():
        assert output.strip().splitlines()[-1].startswith("ERROR: "), output
        return
    results = json.loads(report.read_text("utf-8"))["results"]
    passed = [
        result["identity"] for result in results if result["verdict"] == "pass" and result["level"] == "must"
    ]
    assert passed == []
    assert [line for line in output.splitlines() if line.startswith("red: ")], output
