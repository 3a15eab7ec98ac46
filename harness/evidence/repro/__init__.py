"""A curl script for each finding, with accounts of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core import private
from harness.core.redaction import redact
from harness.evidence.repro.plan import planned
from harness.evidence.repro.script import render
from harness.evidence.repro.values import Unreproducible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.core.decisions import Decision
    from harness.core.exchange import Exchange
    from harness.results.result import Result
    from harness.scenario.world import World

__all__ = ["write_repro"]


def write_repro(
    path: Path,
    world: World,
    exchanges: Sequence[Exchange],
    result: Result,
    decisions: Sequence[Decision] = (),
) -> str | None:
    """Write the script of a finding that rests on ``exchanges``.

    ``decisions`` are the comparisons that decided, where no status shows it.

    Returns a sentence why there is none, or None.
    """
    # One of an earlier run into the same folder would be taken for this run's.
    path.unlink(missing_ok=True)
    try:
        script = render(result, planned(world, exchanges, result, decisions))
    except Unreproducible as reason:
        return str(reason)
    if redact(script) != script:
        return "A secret of this run would stand in the script."
    private.make_folder(path.parent)
    private.write_script(path, script)
    return None
