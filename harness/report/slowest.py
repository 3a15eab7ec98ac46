"""Where the time of a run went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.report.document import Report
    from harness.results.result import Result

SHOWN = 5
"""So many scenarios, and so many steps, are named."""


@dataclass(frozen=True)
class TimedStep:
    """One step of a scenario with its running time."""

    result: Result
    step: str
    seconds: float


def slowest(report: Report) -> list[Result]:
    """The scenarios that took longest, the slowest first."""
    return sorted(report.results, key=lambda result: -result.seconds)[:SHOWN]


def slowest_steps(report: Report) -> list[TimedStep]:
    """The steps that took longest, the slowest first."""
    every = [
        TimedStep(result, step, seconds)
        for result in report.results
        for step, seconds in zip(result.steps, result.step_seconds, strict=False)
    ]
    return sorted(every, key=lambda one: -one.seconds)[:SHOWN]
