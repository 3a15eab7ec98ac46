"""How long each step of a scenario took."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.results.result import Result

_CLOCK = pytest.StashKey["_Clock"]()


@dataclass
class _Clock:
    began: float = 0.0
    seconds: list[float] = field(default_factory=list)


class StepTimes:
    """Measures the steps, with all that is made for them first.

    It is a plugin of each process that runs scenarios.
    """

    @pytest.hookimpl(optionalhook=True)
    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest) -> None:
        """Begin again; another plugin may repeat a scenario."""
        request.node.stash[_CLOCK] = _Clock()

    @pytest.hookimpl(optionalhook=True)
    def pytest_bdd_before_step(self, request: pytest.FixtureRequest) -> None:
        """Begin a step."""
        request.node.stash[_CLOCK].began = time.perf_counter()

    @pytest.hookimpl(optionalhook=True)
    def pytest_bdd_after_step(self, request: pytest.FixtureRequest) -> None:
        """End a step that went well."""
        self._end(request)

    @pytest.hookimpl(optionalhook=True)
    def pytest_bdd_step_error(self, request: pytest.FixtureRequest) -> None:
        """End a step that decided the verdict."""
        self._end(request)

    def _end(self, request: pytest.FixtureRequest) -> None:
        clock = request.node.stash[_CLOCK]
        clock.seconds.append(round(time.perf_counter() - clock.began, 4))


def timed(item: pytest.Item, report: pytest.TestReport, result: Result) -> Result:
    """The result with when it began and how long its steps took."""
    clock = item.stash.get(_CLOCK, None)
    return result.model_copy(
        update={
            "started": dt.datetime.fromtimestamp(report.start, dt.UTC),
            "step_seconds": clock.seconds if clock is not None else [],
        }
    )
