"""Runs the specification in a process of its own, as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.limits import LIMIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
WITHOUT = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:anyio")
"""Plugins that the specification does not use; the last two take an eighth of a short run's time."""


@dataclass(frozen=True)
class Ended:
    """A run that ended: its exit code, all it printed, and the folder of its report."""

    code: int
    output: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report."""
        content: dict[str, Any] = json.loads((self.folder / "report.json").read_text("utf-8"))
        return content

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdict by scenario and row."""
        return {
            f"{one['feature']}: {one['name']} [{one['row']}]": one["verdict"] for one in self.report["results"]
        }


def command(folder: Path, *words: str) -> list[str]:
    """The command line of a run that leaves its report in the folder."""
    return [sys.executable, "-m", "pytest", *WITHOUT, "--report-dir", str(folder), *words]


def environment(added: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what would configure the suite or a pytest inside it."""
    ours = ("REFERENCE_", "AUTH_CONFORMANCE_", "PYTEST_", "COLUMNS", "GITHUB_", "PYTHONDONT", "PYTHONUNBUFFERED")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"COLUMNS": "200", "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache")} | dict(added or {})


def run(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Ended:
    """Run pytest with these words to its end."""
    done = subprocess.run(
        command(folder, *words),
        cwd=ROOT,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout + done.stderr, folder)


def said(ended: Ended) -> tuple[int, str]:
    """Exit code and conclusion, the same in the report, on the terminal and of the process."""
    report = ended.report
    assert ended.code == report["exit_code"], ended.output
    applying = report["ran"] - report["verdicts"]["not applicable"]
    scenarios = "scenario" if report["expected"] == 1 else "scenarios"
    applies = f"{applying} of {report['expected']} {scenarios} apply to this deployment"
    applies = applies if report["ran"] else "nothing was judged"
    assert f"{report['conclusion']}: {applies}; expected {report['expected']}, ran {report['ran']}" in ended.output
    assert [f"red: {reason}." in ended.output for reason in report["reasons"]] == [True] * len(report["reasons"])
    assert bool(report["reasons"]) is bool(ended.code)
    assert report["ran"] == len(report["results"]) == sum(report["verdicts"].values())
    return ended.code, report["conclusion"]
