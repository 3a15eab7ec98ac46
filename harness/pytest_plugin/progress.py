"""The terminal during a run: a line for each flow that ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.text import tally
from harness.core.verdict import Verdict

if TYPE_CHECKING:
    import pytest

    from harness.results.result import Result

_NAMED = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.WAIVED)


@dataclass
class Progress:
    """Writes a line for each flow to pytest's reporter."""

    reporter: pytest.TerminalReporter
    expected: Counter[str]
    """How many scenarios each flow has."""
    ended: dict[str, dict[str, Result]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._width = max(map(len, self.expected), default=0)
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
