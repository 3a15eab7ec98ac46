"""A finding as text for the terminal: what was demanded, where, what came, and the exchanges that decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.wire.transcript import describe

if TYPE_CHECKING:
    from harness.results.result import Result


def finding_text(result: Result, folder: str = "") -> str:
    """The whole finding as lines of text, secrets masked; ``folder`` goes before the paths of its files."""
    about = f"{result.level.upper()}, {result.severity}: {result.identity} ({', '.join(result.sources)})"
    lines = [f"{result.verdict.upper()}: {result.title}", f"  {about}"]
    if result.step:
        lines.append(f"  at the step: {result.step}")
    lines.append(f"  {result.reason}")
    for exchange in result.deciding:
        lines += ["", *("  " + line for line in describe(exchange).splitlines())]
    files = [f"  {artefact.about}: {folder}{artefact.path}" for artefact in result.artefacts]
    lines += ["", *files] if files else []
    if result.traceback:
        lines += ["", result.traceback]
    return "\n".join(lines)
