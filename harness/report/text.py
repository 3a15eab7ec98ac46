"""The report as text: findings, their common reasons, the run's costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.text import abridged, counted, one_line, printable
from harness.core.verdict import Verdict
from harness.report.causes import UNMET, causes
from harness.wire.heartbeat import STOPPED
from harness.wire.transcript import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harness.report.causes import Cause
    from harness.report.document import Report
    from harness.results.result import Result, Waived

_NAMED = 3
"""Rows that a line names before it says "..."."""


def finding_text(result: Result, folder: str = "") -> str:
    """A finding with the exchanges that decide it and its files.

    ``folder`` is where the files are.
    """
    lines = [*_head(result), f"  {result.reason}", *_fix(result)]
    for exchange in result.deciding:
        lines += ["", *("  " + line for line in describe(exchange).splitlines())]
    lines += _files(result, folder)
    if result.traceback:
        lines += ["", result.traceback]
    return printable("\n".join(lines))


def repeated_text(result: Result, first: Result, folder: str = "") -> str:
    """A finding that only repeats the first of its cause.

    It has no exchanges of its own, for the first has them; ``folder`` is where its files are.
    """
    lines = [*_head(result), f'  The same came as for "{first.title}", above.']
    lines += [] if result.identity == first.identity else _fix(result)
    return printable("\n".join([*lines, *_files(result, folder)]))


def _head(result: Result) -> list[str]:
    about = f"{result.level.upper()}, {result.severity}: {result.identity} ({', '.join(result.sources)})"
    lines = [f"{result.verdict.upper()}: {result.title}", f"  {about}"]
    return [*lines, f"  at the step: {result.step}"] if result.step else lines


def _fix(result: Result) -> list[str]:
    return [f"  to fix it: {result.fix}"] if result.fix and result.verdict in UNMET else []


def _files(result: Result, folder: str) -> list[str]:
    files = [f"  {artefact.about}: {folder}{artefact.path}" for artefact in result.artefacts]
    return ["", *files] if files else []


def verdict_sentence(result: Result) -> str:
    """The verdict and its reason in one line."""
    said = waiver_text(result.waiver) if result.waiver is not None else result.word
    return printable(one_line(f"{said}: {result.reason}"))


def waiver_text(waiver: Waived) -> str:
    """Until when a finding is waived, by whom and why."""
    return f"waived until {waiver.expires} by {waiver.owner} ({waiver.issue}), {waiver.reason.rstrip('.')}"


def by_cause(found: Iterable[Cause]) -> list[str]:
    """A line for each cause, and one for each of its reasons."""
    return [printable(line) for cause in found for line in _lines(cause)]


def _lines(cause: Cause) -> Iterator[str]:
    if len(cause.reasons) == 1:
        yield f"{cause.first.word}: {cause.named}: {cause.first.reason}"
        return
    yield f"{cause.first.word}: {cause.named}:"
    for alike in cause.reasons:
        yield f"  {abridged([result.row or result.identity for result in alike], _NAMED)}: {alike[0].reason}"


def one_cause(results: Iterable[Result], expected: int) -> str | None:
    """The one reason why most scenarios could not be judged, if any."""
    untested = causes(result for result in results if result.verdict is Verdict.NOT_TESTED)
    most = max(untested, key=lambda cause: len(cause.results), default=None)
    if most is None or len(most.results) <= max(1, expected // 2):
        return None
    reason = most.first.reason.rstrip(".")
    return f"{len(most.results)} of {expected} scenarios could not be judged for one reason: {reason}"


def how_far(results: Sequence[Result]) -> str | None:
    """How far a run got that stopped judging, if it did."""
    stopped = [result for result in results if result.remedy == STOPPED]
    if not stopped:
        return None
    done = len(results) - len(stopped)
    return f"stopped after {done} of {counted(len(results), 'scenario')}: {stopped[0].reason}"


def loaded_from(origins: Sequence[str]) -> list[str]:
    """A sentence about the origins from which pages loaded, if any."""
    return [f"the pages loaded from other origins too: {abridged(origins, _NAMED)}"] if origins else []


def costs(report: Report, left: int, *, journal: str, can_delete: bool) -> list[str]:
    """A line each for time waited and accounts left behind.

    ``left`` is how many, ``journal`` the file that lists them.
    """
    waited = report.throttled
    lines = [f"waited {waited:.0f} s in all because the deployment throttles"] if waited >= 1 else []
    if left:
        accounts = counted(left, "account stays", "accounts stay")
        why = (
            "auth-conformance cleanup tries again to delete"
            if can_delete
            else "the profile declares no operations.delete_user. Delete"
        )
        lines.append(f"up to {accounts} behind: {why} what {journal} lists")
    return lines
