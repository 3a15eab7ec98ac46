"""The page that says what came of each hostile server."""

from __future__ import annotations

from itertools import groupby

from tests.detection.forks import ROOT
from tests.hostile.trial import Trial

PAGE = ROOT / "docs" / "hostile.md"
_LONGEST = 260


def page(trials: list[Trial], known: int) -> str:
    """The trials in Markdown; ``known`` is how many kinds there are."""
    lines = [
        "# Deployments that try to break the judge",
        "",
        "Written by `python -m tests.hostile`; do not edit. Each row is a server that is hostile, broken or",
        "down: a proxy in front of the reference backend, which is correct, that does what the row says.",
        "`auth-conformance run` ran against each as a user would run it. In every row: no traceback, no verdict",
        "*error*, no scenario that failed except where the row names the defect, no raw control character on the",
        "terminal, and the bounds of time and memory that the kind states.",
        "",
        f"{len(trials)} of {known} kinds ran for this page. Time and memory (the largest process) are of one run",
        "and depend on the machine.",
    ]
    for group, rows in groupby(trials, key=lambda trial: trial.kind.group):
        lines += ["", f"## {group.replace('_', ' ').capitalize()}", ""]
        lines += ["| server | what it does | verdicts | exit | s | MB | what the terminal says |"]
        lines += ["|---|---|---|---|---|---|---|", *map(_row, rows)]
    return "\n".join([*lines, ""])


def _row(trial: Trial) -> str:
    kind = trial.kind
    defect = f" **Defect:** {kind.defect}" if kind.defect else ""
    problems = "".join(f" **Wrong:** {problem}" for problem in trial.problems)
    said = _cell(trial.said.replace(_address(trial.said), "URL"))[:_LONGEST]
    cells = [
        f"`{kind.name}`",
        _cell(" ".join(kind.does.split()) + defect),
        trial.counts,
        str(trial.code),
        f"{trial.seconds:.0f}",
        str(trial.megabytes),
        said + _cell(problems),
    ]
    return f"| {' | '.join(cells)} |"


def _address(text: str) -> str:
    start = text.find("http://127.0.0.1:")
    return text[start:].split("/", 3)[2] if start >= 0 else "\0"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
