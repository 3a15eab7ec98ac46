"""The files that belong to a finding: how to see it again, and what the browser showed."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from harness.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from harness.report.results import Result
    from harness.world import World

FINDINGS = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
"""Verdicts that say that a requirement did not hold."""
_FOLDER = "evidence"
_LONGEST = 60


def attach(result: Result, world: World, report_dir: Path) -> Result:
    """Write the files of a finding below the report's folder; returns the result that names them."""
    if result.verdict not in FINDINGS:
        return result
    folder = report_dir / _FOLDER / folder_name(result)
    folder.mkdir(parents=True, exist_ok=True)
    return result


def folder_name(result: Result) -> str:
    """The name of the folder with a finding's files: readable, and of no other Examples row."""
    if not result.row:
        return result.identity
    row = re.sub(r"[^a-z0-9]+", "-", result.row.lower()).strip("-")[:_LONGEST]
    return f"{result.identity}-{row}-{hashlib.sha256(result.row.encode()).hexdigest()[:6]}"
