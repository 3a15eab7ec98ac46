"""What several forms of the report ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from harness.core.verdict import Strictness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harness.report.document import Report
    from harness.results.result import Result, Waived

Key = TypeVar("Key", str, tuple[str, str])


def by_flow(results: Iterable[Result]) -> dict[str, list[Result]]:
    """The results of each flow, in the order in which they come."""
    return grouped(results, lambda result: result.feature)


def grouped(results: Iterable[Result], key: Callable[[Result], Key]) -> dict[Key, list[Result]]:
    """The results that have one key together, in the order in which they come."""
    groups: dict[Key, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return groups


def is_red(report: Report, result: Result) -> bool:
    """Whether that result made this run red, by the flags that it was given."""
    strictness = Strictness(warnings=report.settings.strict, untested=report.settings.require_tested)
    return strictness.is_red(result.verdict)


def sentence(result: Result) -> str:
    """The verdict and why it is that, in one line."""
    said = waiver_in_words(result.waiver) if result.waiver is not None else result.verdict.value
    return " ".join(f"{said}: {result.reason}".split())


def waiver_in_words(waiver: Waived) -> str:
    """Until when a finding is let pass, who answers for it, and why."""
    return f"waived until {waiver.expires} by {waiver.owner} ({waiver.issue}), {waiver.reason.rstrip('.')}"
