"""The files that belong to a finding: how to see it again, and what the browser showed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from harness.evidence.windows import keep_windows
from harness.verdict import Verdict

if TYPE_CHECKING:
    from harness.report.results import Result
    from harness.world import World

FINDINGS = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
"""Verdicts that say that a requirement did not hold."""
_SHOWN = (*FINDINGS, Verdict.ERROR, Verdict.NOT_TESTED)
_FOLDER = "evidence"
_LONGEST = 60


def attach(result: Result, world: World, report_dir: Path) -> Result:
    """Write the files of a finding below the report's folder; returns the result that names them."""
    folder = Path(_FOLDER, folder_name(result))
    artefacts = []
    if result.verdict in _SHOWN and world.browsers is not None:
        artefacts += keep_windows(world.browsers.windows, report_dir / folder)
    placed = [one.model_copy(update={"path": (folder / one.path).as_posix()}) for one in artefacts]
    return result.model_copy(update={"artefacts": placed})


def folder_name(result: Result) -> str:
    """The name of the folder with a finding's files: readable, and of no other Examples row."""
    if not result.row:
        return result.identity
    row = re.sub(r"[^a-z0-9]+", "-", result.row.lower()).strip("-")[:_LONGEST]
    return f"{result.identity}-{row}-{hashlib.sha256(result.row.encode()).hexdigest()[:6]}"
