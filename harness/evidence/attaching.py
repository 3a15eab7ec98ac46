"""The files that belong to a finding: how to see it again, and what the browser showed."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from harness.evidence.repro import write_repro
from harness.report.results import Artefact
from harness.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.http import Exchange
    from harness.report.results import Result
    from harness.world import World

FINDINGS = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
"""Verdicts that say that a requirement did not hold."""
_FOLDER = "evidence"
_LONGEST = 60
_REPRO = "repro.sh"


def attach(result: Result, world: World, report_dir: Path, exchanges: Sequence[Exchange]) -> Result:
    """Write the files of a finding below the report's folder; returns the result that names them.

    ``exchanges`` are those that the verdict rests on, as they were sent, secrets and all.
    """
    if result.verdict not in FINDINGS:
        return result
    folder = report_dir / _FOLDER / folder_name(result)
    folder.mkdir(parents=True, exist_ok=True)
    return _with_repro(result, world, folder, exchanges)


def _with_repro(result: Result, world: World, folder: Path, exchanges: Sequence[Exchange]) -> Result:
    try:
        why_not = write_repro(folder / _REPRO, world, exchanges, result)
    except Exception as error:  # noqa: BLE001 - a finding must not be lost for want of its script
        why_not = f"The suite could not write it ({type(error).__name__})."
    if why_not is not None:
        return result.model_copy(update={"unreproduced": why_not})
    path = f"{_FOLDER}/{folder.name}/{_REPRO}"
    script = Artefact(kind="repro", path=path, about="Reproduce with curl")
    return result.model_copy(update={"artefacts": [*result.artefacts, script]})


def folder_name(result: Result) -> str:
    """The name of the folder with a finding's files: readable, and of no other Examples row."""
    if not result.row:
        return result.identity
    row = re.sub(r"[^a-z0-9]+", "-", result.row.lower()).strip("-")[:_LONGEST]
    return f"{result.identity}-{row}-{hashlib.sha256(result.row.encode()).hexdigest()[:6]}"
