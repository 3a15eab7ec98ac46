"""`auth-conformance compare`: what changed between two reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core.exits import Exit
from harness.core.text import one_line, printable, tally
from harness.report.comparison import Change, Comparison, Kind, Side, compare
from harness.report.markup import code, plain, table
from harness.report.report_json import ReportError, read_report

if TYPE_CHECKING:
    from argparse import Namespace


def main(given: Namespace) -> int:
    """Compare two reports; returns the exit code.

    It is `Exit.NOT_CONFORMANT` where something got worse, and `Exit.USAGE` for a file that is no report.
    """
    try:
        found = compare(
            read_report(Path(given.before)), read_report(Path(given.after)), (given.before, given.after)
        )
    except ReportError as error:
        sys.stderr.write(f"auth-conformance compare: {error}\n")
        return Exit.USAGE
    said = {"text": _text, "markdown": _markdown, "json": _json}[given.format](found)
    sys.stdout.write(said if given.format == "json" else printable(said))
    return Exit.NOT_CONFORMANT if found.worse else Exit.CONFORMANT


def _counts(found: Comparison) -> str:
    return tally(found.counts, Kind, otherwise="nothing to compare")


def _conclusion(found: Comparison) -> str:
    return f"{found.worse} got worse." if found.worse else "Nothing got worse."


def _said(side: Side) -> str:
    return (
        f"{side.target.base_url}, profile {side.target.profile}, {side.started:%Y-%m-%d %H:%M %Z}: {side.summary}"
    )


def _word(change: Change) -> str:
    return f"{change.before or '-'} -> {change.after or '-'}"


def _text(found: Comparison) -> str:
    lines = [f"A  {found.before.path}: {_said(found.before)}", f"B  {found.after.path}: {_said(found.after)}"]
    lines += [f"Mind that {difference}." for difference in found.differences]
    lines += ["", f"{_counts(found)}. {_conclusion(found)}"]
    width = max((len(_word(change)) for change in found.changes), default=0)
    for kind in Kind:
        changes = [change for change in found.changes if change.kind is kind]
        lines += ["", f"{kind}:"] if changes else []
        for change in changes:
            mark = "worse" if change.worse else ""
            lines.append(f"  {mark:<5}  {_word(change):<{width}}  {change.level.upper():<6}  {change.key}")
            lines += [f"         {one_line(change.reason)}"] if change.worse and change.reason else []
    return "\n".join([*lines, ""])


def _markdown(found: Comparison) -> str:
    lines = [
        f"# {_conclusion(found)}",
        "",
        f"{_counts(found)}.",
        "",
        f"- A: {code(found.before.path)}: {plain(_said(found.before))}",
        f"- B: {code(found.after.path)}: {plain(_said(found.after))}",
        *(f"- Mind that {plain(difference)}." for difference in found.differences),
        "",
    ]
    rows = [
        [
            change.kind.value,
            plain(_word(change)),
            "worse" if change.worse else "",
            change.level.upper(),
            plain(change.key),
            plain(change.title),
            plain(change.reason),
        ]
        for change in found.changes
    ]
    head = ["", "before -> after", "", "level", "identity", "requirement", "why now"]
    return "\n".join([*lines, *([*table(head, rows), ""] if rows else [])])


def _json(found: Comparison) -> str:
    return found.model_dump_json(indent=2) + "\n"
