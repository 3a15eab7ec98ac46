"""The terminal during a run: flows that ended, and what remains."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.text import tally
from harness.core.verdict import Verdict

if TYPE_CHECKING:
    import pytest

    from harness.results.result import Result

EVERY_SECONDS = 10.0
"""So often a terminal shows what remains; a file or a pipe never does."""
_MINUTE = 60
_NAMED = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.WAIVED)


@dataclass
class Progress:
    """Writes a line for each flow to pytest's reporter."""

    reporter: pytest.TerminalReporter
    expected: Counter[str]
    """How many scenarios each flow has."""
    ended: dict[str, dict[str, Result]] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._width = max(map(len, self.expected), default=0)
        self._began = self._told = self.clock()
        # pytest would write each file's name and a letter a scenario.
        self.reporter.showfspath = False
        # Nor is a list at the end needed: the summary names what did not pass.
        self.reporter.reportchars = ""

    def note(self, nodeid: str, result: Result) -> None:
        """Take in a result; a flow's last one writes the line."""
        flow = self.ended.setdefault(result.feature, {})
        is_new = nodeid not in flow
        flow[nodeid] = result
        if is_new and len(flow) == self.expected[result.feature]:
            self._write(result.feature, list(flow.values()))
        self._tell()

    def _tell(self) -> None:
        """Say what remains, on a terminal and not too often."""
        now, done = self.clock(), sum(map(len, self.ended.values()))
        remain = self.expected.total() - done
        if self.reporter.isatty and remain > 0 and now - self._told >= EVERY_SECONDS:
            self._told = now
            self.reporter.ensure_newline()
            self.reporter.write_line(f"  {self._so_far(done, remain, now - self._began)}", light=True)

    def _so_far(self, done: int, remain: int, seconds: float) -> str:
        waited = sum(result.throttled for flow in self.ended.values() for result in flow.values())
        throttled = f", {_shown(waited)} of it waiting because of 429" if waited >= 1 else ""
        left = _shown(seconds / done * remain)
        return f"{done} of {done + remain} scenarios in {_shown(seconds)}{throttled}; about {left} remain"

    def _write(self, flow: str, results: list[Result]) -> None:
        counts = Counter(result.verdict for result in results)
        is_red = bool(counts[Verdict.FAIL] or counts[Verdict.ERROR])
        seconds = sum(result.seconds for result in results)
        self.reporter.ensure_newline()
        self.reporter.write(f"  {flow:<{self._width}}  ")
        self.reporter.write(tally(counts, Verdict), red=is_red, green=set(counts) == {Verdict.PASS})
        self.reporter.write_line(f"  ({seconds:.1f} s)")
        for result in results:
            if result.verdict in _NAMED:
                self.reporter.write_line(f"      {result.verdict}: {result.title}")
        # Into a pipe or a file, as a CI job's log is, it would come thousands of characters later.
        self.reporter.flush()


def _shown(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
