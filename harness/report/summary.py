"""What a report amounts to, in lines of text for the terminal and the Markdown page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harness.core.verdict import Verdict
from harness.report.queries import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.report.document import Report
    from harness.results.result import Result

_NAMED = 3
"""Identities that a line names before it says \"...\"."""


def by_reason(results: Iterable[Result]) -> list[str]:
    """Results as lines of text, those with one verdict and reason together."""
    groups = grouped(results, lambda result: (result.verdict.value, result.reason))
    return [f"{verdict}: {_named(found)}: {reason}" for (verdict, reason), found in groups.items()]


def _named(results: list[Result]) -> str:
    identities = list(dict.fromkeys(result.identity for result in results))
    if len(results) == 1:
        return f"{results[0].title} ({identities[0]})"
    if len(identities) == 1:
        return f"{len(results)} rows of {identities[0]}"
    shown = ", ".join(identities[:_NAMED])
    return f"{len(results)} scenarios ({shown}{', ...' if len(identities) > _NAMED else ''})"


def one_cause(results: Iterable[Result], expected: int) -> str | None:
    """The reason why most scenarios could not be judged, where it is one; None otherwise."""
    reasons = Counter(result.reason for result in results if result.verdict is Verdict.NOT_TESTED)
    reason, count = reasons.most_common(1)[0] if reasons else ("", 0)
    if count <= expected // 2 or count <= 1:
        return None
    return f"{count} of {expected} scenarios could not be judged for one reason: {reason.rstrip('.')}"


def in_words(counts: dict[Verdict, int]) -> str:
    """Counts of verdicts as ``5 pass, 1 fail``."""
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts.get(verdict)) or "nothing"


def costs(report: Report, *, leaves_accounts: bool) -> list[str]:
    """What the run cost the deployment and itself, a line each, where there is something to say."""
    waited = report.throttled
    lines = [f"waited {waited:.0f} s in all because the deployment throttles"] if waited >= 1 else []
    if leaves_accounts and report.sign_ups:
        lines.append(
            f"up to {report.sign_ups} accounts stay behind: the profile declares no operations.delete_user"
        )
    return lines
