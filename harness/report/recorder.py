"""Gathers the results of a run, in one process or from workers, and puts out the summary and the report."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

import pytest

from harness.collection import scenario_of
from harness.report.files import by_reason, costs, one_cause, summary, write_report
from harness.report.results import Run
from harness.report.verdicts import result_of
from harness.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from harness.options import Options
    from harness.stage import Stage


class Recorder:
    """A pytest plugin of the process that the user started."""

    def __init__(self, config: pytest.Config, options: Options, stage: Stage) -> None:
        self.config = config
        self.options = options
        self.stage = stage
        self.run = Run()
        self.page: Path | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what is expected in a run without workers."""
        if session.items:
            self.run.expected = sum(scenario_of(item) is not None for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Count what is expected in a run with workers; each of them collects everything."""
        self.run.expected = sum(".feature::" in nodeid for nodeid in ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in a result; an error in teardown outweighs what was there."""
        if (result := result_of(report)) is not None:
            self.run.results[report.nodeid] = result

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Make the run red where nothing, or not everything that had to be, could be judged."""
        if self.run.results and self.stage.target is not None:
            self.page = write_report(self.options.report_dir, self.run, self._about())
        if session.exitstatus == pytest.ExitCode.OK and self._unjudged() is not None:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _unjudged(self) -> str | None:
        if self.run.results and not self.run.judged:
            return "nothing could be judged, so nothing is known about this deployment"
        if self.options.require_tested and (missing := self.run.counts()[Verdict.NOT_TESTED]):
            return f"{missing} could not be tested and --require-tested is on"
        return None

    def _leaves_accounts(self) -> bool:
        given = self.options.web is not None
        return given and self.options.profile.operations.delete_user is None

    def _about(self) -> dict[str, Any]:
        target = self.stage.open()
        return {
            "target": target.profile.title,
            "profile": target.profile.name,
            "base_url": target.web,
            "api_url": target.api,
            "postgres": self.stage.postgres,
            "seed": self.options.seed,
            "python": platform.python_version(),
        }

    def pytest_report_header(self) -> str:
        """Say what is run against what, and how to repeat it."""
        where = self.options.web or "the reference backend"
        return f"auth-conformance: {where}, profile {self.options.profile.name}, --seed {self.options.seed}"

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what holds, what doesn't, what was not looked at, and where the report is."""
        if not self.run.results:
            return
        write = terminalreporter.write_line
        terminalreporter.section("auth-conformance")
        for verdict in (Verdict.WARN, Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE):
            for line in by_reason(self.run, verdict):
                write(line)
        for sentence in filter(None, (self._unjudged(), one_cause(self.run))):
            write(f"red: {sentence}.", red=True)
        for line in costs(self.run, leaves_accounts=self._leaves_accounts()):
            write(line)
        write(summary(self.run), bold=True)
        if self.page is not None:
            here = self.config.invocation_params.dir
            page = self.page.relative_to(here) if self.page.is_relative_to(here) else self.page
            write(f"report: {page}    (the same people again: --seed {self.options.seed})")
