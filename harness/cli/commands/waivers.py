"""`auth-conformance waivers`: checks a file of waivers, or removes stale entries."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import tomlkit
from tomlkit.items import AoT

from harness.core.exits import Exit
from harness.core.text import counted
from harness.report.report_json import ReportError, read_report
from harness.results.waiver_file import WaiverError, load_waivers, read_waivers
from harness.results.waivers import Waivers
from harness.specification.catalogue import requirements

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

    from harness.results.result import Result
    from harness.results.waivers import Waiver


def main(given: Namespace) -> int:
    """Carry out `waivers check FILE` or `waivers prune FILE`.

    Returns the exit code.
    """
    try:
        if given.action == "check":
            return _check(given.file, allow_critical=given.allow_critical_waivers)
        results = read_report(given.report).results if given.report is not None else []
        return _prune(given.file, results, is_dry=given.dry_run)
    except (WaiverError, ReportError) as error:
        sys.stderr.write(f"{error}\n")
        return Exit.USAGE


def _check(file: Path, *, allow_critical: bool) -> int:
    waivers = load_waivers(file, _today(), allow_critical=allow_critical)
    said = [*waivers.objections([]), *waivers.warnings()]
    sys.stdout.write("".join(f"{sentence}.\n" for sentence in said))
    sys.stdout.write(f"{file} can be used: {counted(len(waivers.entries), 'waiver')}.\n")
    return Exit.NOT_CONFORMANT if waivers.objections([]) else Exit.CONFORMANT


def _prune(file: Path, results: Sequence[Result], *, is_dry: bool) -> int:
    entries, _ = read_waivers(file)
    stale = {index: why for index, entry in enumerate(entries) if (why := _why_stale(entry, entries, results))}
    if stale and not is_dry:
        _remove(file, set(stale))
    for index, why in stale.items():
        sys.stdout.write(f"{'would remove' if is_dry else 'removed'} {entries[index].title}: {why}\n")
    sys.stdout.write(f"{file}: {len(entries) - len(stale)} of {len(entries)} waivers stay.\n")
    return Exit.CONFORMANT


def _why_stale(entry: Waiver, entries: Sequence[Waiver], results: Sequence[Result]) -> str | None:
    """Why an entry can go.

    None where it can't, or where no report tells.
    """
    requirement = requirements().get(entry.requirement)
    if requirement is None or (entry.row is not None and entry.row not in requirement.rows):
        return "the specification has no such requirement"
    if entry.expires < _today():
        return f"it expired on {entry.expires}"
    return Waivers(tuple(entries), _today()).needless(entry, results)


def _remove(file: Path, gone: set[int]) -> None:
    """Rewrite the file without those entries.

    Comments and spacing of the others stay as they are.
    """
    document = tomlkit.parse(file.read_text("utf-8"))
    entries = document["waiver"]
    if isinstance(entries, AoT):
        for index in sorted(gone, reverse=True):
            del entries[index]
        if not entries:
            del document["waiver"]
    file.write_text(tomlkit.dumps(document), "utf-8")


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
