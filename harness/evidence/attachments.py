"""The files of a finding: its reproduction and what the browser showed."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core.text import slug
from harness.core.verdict import Verdict
from harness.evidence.captures import keep_windows
from harness.evidence.repro import write_repro
from harness.results.result import Artefact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.decisions import Decision
    from harness.core.exchange import Exchange
    from harness.results.result import Result
    from harness.scenario.world import World

FINDINGS = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
"""Verdicts that say that a requirement did not hold."""
_SHOWN = (*FINDINGS, Verdict.ERROR, Verdict.NOT_TESTED)
_FOLDER = "evidence"
_LONGEST = 60
_REPRO = "repro.sh"


def attach(
    result: Result,
    world: World,
    report_dir: Path,
    exchanges: Sequence[Exchange],
    decisions: Sequence[Decision] = (),
) -> Result:
    """Write the files of a finding below the report's folder.

    Returns the result that names them.

    ``exchanges`` are those that the verdict rests on, as they were sent, secrets and all; ``decisions`` are the
    comparisons that decided.
    """
    name = Path(_FOLDER, folder_name(result))
    artefacts, unreproduced = [], ""
    if result.verdict in FINDINGS:
        unreproduced = _why_no_script(result, world, report_dir / name, exchanges, decisions)
        if not unreproduced:
            artefacts.append(Artefact(kind="repro", path=_REPRO, about="Reproduce with curl"))
    if result.verdict in _SHOWN and world.browsers is not None:
        # A finding is not lost to a full disk.
        with suppress(OSError):
            artefacts += keep_windows(world.browsers.windows, report_dir / name)
    placed = [one.model_copy(update={"path": (name / one.path).as_posix()}) for one in artefacts]
    return result.model_copy(update={"artefacts": placed, "unreproduced": unreproduced})


def _why_no_script(
    result: Result, world: World, folder: Path, exchanges: Sequence[Exchange], decisions: Sequence[Decision]
) -> str:
    """Write the script that shows the finding again.

    Why there is none, or nothing.
    """
    try:
        return write_repro(folder / _REPRO, world, exchanges, result, decisions) or ""
    except Exception as error:  # noqa: BLE001 - a finding must not be lost for want of its script
        return f"The suite could not write it ({type(error).__name__})."


def folder_name(result: Result) -> str:
    """The name of a finding's folder: readable, and unique to its row."""
    if not result.row:
        return result.identity
    row = slug(result.row)[:_LONGEST]
    return f"{result.identity}-{row}-{hashlib.sha256(result.row.encode()).hexdigest()[:6]}"
