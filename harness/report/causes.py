"""Findings of one cause, together.

Two have one cause where they broke alike: the same came at the same place of the deployment, whatever requirement
says so. The rows of one requirement are one cause as well, unless another requirement shares the cause of some.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.groups import grouped
from harness.core.text import abridged, counted
from harness.core.verdict import Verdict
from harness.deployment.people import CANARY
from harness.report.document import SharedCause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.results.result import Result

FOUND = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.WAIVED)
UNMET = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
"""Of these the reports say why they matter and how to fix them."""
UNJUDGED = (Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE)
_NAMED = 3
"""Identities that a line names before it says "..."."""
_VARYING = re.compile(
    rf"""{CANARY.pattern}
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+     # an address
    | \b[0-9a-f]{{8}}[0-9a-f-]*\b      # an id
    | \b\d\d:\d\d:\d\d\b             # a time of day
    | \d+\.\d+ | \b\d{{4,}}\b | \b\d+(?=\ s\b)    # a measure; a status has three digits
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What differs from one finding to the next, though the cause is the same."""
_SHORTEST = 3
"""Characters of a row's value from which on it is looked for in a reason."""


@dataclass(frozen=True)
class Cause:
    """Results with one verdict and one cause, at least one."""

    results: list[Result]

    @property
    def first(self) -> Result:
        """The result that stands for all."""
        return self.results[0]

    @property
    def verdict(self) -> Verdict:
        """The verdict that all have."""
        return self.first.verdict

    @property
    def reasons(self) -> list[list[Result]]:
        """The results by what came.

        Those of one list differ in nothing that matters.
        """
        return list(grouped(self.results, gist).values())

    @property
    def identities(self) -> list[str]:
        """The requirements, each once."""
        return list(dict.fromkeys(result.identity for result in self.results))

    @property
    def title(self) -> str:
        """The result's title; of several how many there are of what."""
        if len(self.results) == 1:
            return self.first.title
        if len(self.identities) == 1:
            return f"{counted(len(self.results), 'row')} of {self.identities[0]}"
        return f"{counted(len(self.results), 'scenario')} of one cause"

    @property
    def named(self) -> str:
        """The result, the rows or the scenarios, for a line."""
        if len(self.results) == 1:
            return f"{self.first.title} ({self.first.identity})"
        if len(self.identities) == 1:
            return self.title
        return f"{len(self.results)} scenarios ({abridged(self.identities, _NAMED)})"


def causes(results: Iterable[Result]) -> list[Cause]:
    """The results by their causes, in the order in which they come."""
    alike = grouped(results, _key).values()
    merged = grouped(alike, _only_identity)
    return [Cause([result for group in groups for result in group]) for groups in merged.values()]


def gist(result: Result) -> str:
    """What came, without what differs from row to row."""
    text = result.came or result.reason
    values = {part.partition(": ")[2] for part in result.row.split(", ")}
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            text = text.replace(value, "*")
    return _VARYING.sub("*", text)


def _key(result: Result) -> tuple[str, ...]:
    if result.verdict in UNJUDGED:
        return result.verdict, gist(result)
    return result.verdict, gist(result), _place(result)


def _place(result: Result) -> str:
    """The request that decided, without ids."""
    if not result.deciding:
        return ""
    last = result.deciding[-1]
    path = last.url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"{last.method} /{_VARYING.sub('*', path)}"


def _only_identity(results: list[Result]) -> tuple[object, ...]:
    """One key for the groups of one requirement.

    Each other group has its own.
    """
    first = results[0]
    is_shared = first.verdict in UNJUDGED or any(result.identity != first.identity for result in results)
    return (id(results),) if is_shared else (first.verdict, first.identity)


def repetitions(results: Iterable[Result]) -> dict[str, Result]:
    """The finding that another one only repeats, by the other's key."""
    found = causes(result for result in results if result.verdict in FOUND)
    return {one.key: alike[0] for cause in found for alike in cause.reasons for one in alike[1:]}


def shared_causes(results: Iterable[Result]) -> list[SharedCause]:
    """The causes of all findings, as `report.json` has them."""
    found = causes(result for result in results if result.verdict in FOUND)
    return [
        SharedCause(
            name=f"cause-{number}", verdict=cause.verdict, results=[result.key for result in cause.results]
        )
        for number, cause in enumerate(found, 1)
    ]


def cause_by_key(results: Iterable[Result]) -> dict[str, str]:
    """The name of each finding's cause, by its key."""
    return {key: cause.name for cause in shared_causes(results) for key in cause.results}
