"""The report as text: findings, their common reasons, the run's costs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harness.core.groups import grouped
from harness.core.text import abridged, counted, one_line
from harness.core.verdict import Verdict
from harness.wire.transcript import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.report.document import Report
    from harness.results.result import Result, Waived

_NAMED = 3
"""Identities that a line names before it says "..."."""


def finding_text(result: Result, folder: str = "") -> str:
    """A finding with the exchanges that decide it and its files.

    ``folder`` is where the files are.
    """
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


def verdict_sentence(result: Result) -> str:
    """The verdict and its reason in one line."""
    said = waiver_text(result.waiver) if result.waiver is not None else result.verdict.value
    return one_line(f"{said}: {result.reason}")


def waiver_text(waiver: Waived) -> str:
    """Until when a finding is waived, by whom and why."""
    return f"waived until {waiver.expires} by {waiver.owner} ({waiver.issue}), {waiver.reason.rstrip('.')}"


def by_reason(results: Iterable[Result]) -> list[str]:
    """A line for the results that have one verdict and reason."""
    groups = grouped(results, lambda result: (result.verdict, result.reason))
    return [f"{verdict}: {_named(found)}: {reason}" for (verdict, reason), found in groups.items()]


def _named(results: list[Result]) -> str:
    identities = list(dict.fromkeys(result.identity for result in results))
    if len(results) == 1:
        return f"{results[0].title} ({identities[0]})"
    if len(identities) == 1:
        return f"{len(results)} rows of {identities[0]}"
    return f"{len(results)} scenarios ({abridged(identities, _NAMED)})"


def one_cause(results: Iterable[Result], expected: int) -> str | None:
    """The one reason why most scenarios could not be judged, if any."""
    reasons = Counter(result.reason for result in results if result.verdict is Verdict.NOT_TESTED)
    reason, count = reasons.most_common(1)[0] if reasons else ("", 0)
    if count <= expected // 2 or count <= 1:
        return None
    return f"{count} of {expected} scenarios could not be judged for one reason: {reason.rstrip('.')}"


def loaded_from(origins: Sequence[str]) -> list[str]:
    """A sentence about the origins from which pages loaded, if any."""
    return [f"the pages loaded from other origins too: {abridged(origins, _NAMED)}"] if origins else []


def costs(report: Report, *, leaves_accounts: bool) -> list[str]:
    """A line each for time waited and accounts left behind."""
    waited = report.throttled
    lines = [f"waited {waited:.0f} s in all because the deployment throttles"] if waited >= 1 else []
    if leaves_accounts and report.sign_ups:
        accounts = counted(report.sign_ups, "account stays", "accounts stay")
        lines.append(f"up to {accounts} behind: the profile declares no operations.delete_user")
    return lines
