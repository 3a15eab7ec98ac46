"""Gathers the results of a run and sets the exit code."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.core.exits import Exit
from harness.core.redaction import register_all
from harness.core.verdict import Conclusion, Outcome, conclude
from harness.pytest_plugin.assembly import assemble
from harness.pytest_plugin.collection import scenario_of
from harness.pytest_plugin.failures import group_failures
from harness.pytest_plugin.invocation import settings_of, words_of
from harness.pytest_plugin.outcomes import category, result_of
from harness.pytest_plugin.own_features import own_files
from harness.pytest_plugin.own_outcome import with_own
from harness.pytest_plugin.progress import Progress
from harness.pytest_plugin.selection import feature_files
from harness.pytest_plugin.terminal import write_summary
from harness.report import cucumber, history
from harness.report.folder import PAGE, Elsewhere, clear_report, write_without_leaks
from harness.report.job_summary import add_to_job_summary
from harness.results.result import Run, blocked
from harness.specification.catalogue import specified

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.pytest_plugin.interruption import Interruption
    from harness.pytest_plugin.options import Options
    from harness.pytest_plugin.run_target import RunTarget
    from harness.report.document import Report
    from harness.report.trend import Trend

SECRETS = "auth_conformance_secrets"
"""The key of the secrets that a worker knows, for the last look through the report."""


class Recorder:
    """A pytest plugin of the process that the user started."""

    def __init__(
        self, config: pytest.Config, options: Options, run_target: RunTarget, interruption: Interruption
    ) -> None:
        self.config = config
        self.options = options
        self.run_target = run_target
        self.run = Run()
        self.report: Report | None = None
        self.progress: Progress | None = None
        self._interruption = interruption
        self._ended_by_hand = False
        self.broken: list[str] = []
        self._left = 0
        self._started = dt.datetime.now().astimezone()

    # --- what happens ---

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what is expected in a run without workers."""
        if session.items:
            self._expect(scenario.feature for item in session.items if (scenario := scenario_of(item)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Count what is expected in a run with workers.

        Each of them collects everything.
        """
        if not (self.run.expected or self.run.own_expected):
            self._expect(Path(nodeid.partition("::")[0]).stem for nodeid in ids if ".feature::" in nodeid)

    def _expect(self, features: Iterable[str]) -> None:
        flows = Counter(features)
        own = {path.stem for path in own_files(self.config)}
        self.run.own_expected = sum(count for flow, count in flows.items() if flow in own)
        self.run.expected = flows.total() - self.run.own_expected
        if flows and not self.config.getoption("collectonly"):
            clear_report(self.options.report_dir)
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if flows and reporter is not None and self.config.get_verbosity() == 0:
            self.progress = Progress(reporter, flows)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - xdist's class is not typed
        """Take over what a worker knows of secrets."""
        register_all(getattr(node, "workeroutput", {}).pop(SECRETS, ()))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note that the user ended the run."""
        # pytest and xdist derive their own early end from the same class.
        self._ended_by_hand = excinfo.type is KeyboardInterrupt

    @property
    def interrupted(self) -> bool:
        """Whether the user ended the run."""
        return self._ended_by_hand or self._interruption.came

    def pytest_internalerror(self) -> None:
        """Note that the suite itself broke."""
        self.broken.append("the suite broke")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a feature file that can't be run as it stands."""
        # A file outside the root directory has no name here.
        if report.failed and not report.nodeid.endswith(".py"):
            self.broken.append(f"{report.nodeid or 'a feature file'} can't be run as it stands")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in a result; an error in teardown outweighs what was there."""
        if (result := result_of(report)) is not None:
            self.run.results[report.nodeid] = result
            if self.progress is not None:
                self.progress.note(report.nodeid, result)
        elif report.failed and ".feature::" in report.nodeid:
            self.broken.append(f"{report.nodeid} ended without a verdict")

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Keep pytest from writing letters beside a line for each flow."""
        if self.progress is None or (result := result_of(report)) is None:
            return None
        return category(report, result), "", ""

    # --- the outcome ---

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Decide the run's outcome, write the report, set the exit code."""
        self._left = self._accounts_left()
        if self.broken and not self.run.results:
            session.exitstatus = Exit.HARNESS_ERROR
        if self.run_target.target is None or not (self.run.results or self._ended_before_judging()):
            return
        self.report = self._written()
        if (reporter := self.config.pluginmanager.get_plugin("terminalreporter")) is not None:
            group_failures(reporter, self.report, self.options.report_shown)
        if not (self.report.exit_code == Exit.CONFORMANT and self._others_failed()):
            session.exitstatus = self.report.exit_code

    def _accounts_left(self) -> int:
        """How many accounts of this run stay behind, by its journal."""
        started = self._started.astimezone(dt.UTC).isoformat(timespec="milliseconds")
        return self.run_target.accounts_left(started)

    def pytest_unconfigure(self) -> None:
        """Write the report of a run that ended before its session."""
        if self.report is None and self.run_target.unusable and self.run_target.target is not None:
            self._left = self._accounts_left()
            self.report = self._written()
            if (reporter := self.config.pluginmanager.get_plugin("terminalreporter")) is not None:
                self.pytest_terminal_summary(reporter)

    def _written(self) -> Report:
        """The report, written where that is possible."""
        folder = self.options.report_dir
        if not self.run.results:
            clear_report(folder)
        try:
            report = write_without_leaks(folder, self._assembled, self._elsewhere())
            if self.options.history is not None:
                history.keep(self.options.history, report)
            return add_to_job_summary(report)
        except OSError as error:
            self.broken.append(
                f"the report could not be written in {folder}: {error.strerror}. Free space, or name another "
                "folder with --report-dir, and run again"
            )
            return self._assembled(())

    def _elsewhere(self) -> Elsewhere:
        """The forms of the report that have files of their own."""
        if (file := self.options.cucumber) is None:
            return {}
        sources = {path.stem: path for path in feature_files(self.config)}
        return {file: lambda report: cucumber.render(report, sources, self.options.report_dir)}

    def _ended_before_judging(self) -> bool:
        """Whether nothing was judged, for a reason that the report has."""
        return bool(self.run_target.unusable or self.broken or self.interrupted)

    def _assembled(self, removed: Sequence[str]) -> Report:
        words = words_of(self.config)
        taken = settings_of(self.config)
        report = assemble(self.run, self._outcome(), self.run_target, self.options, self._started, words, taken)
        trend, passed_over = self._trend(report)
        return report.model_copy(update={"notices": [*report.notices, *removed, *passed_over], "trend": trend})

    def _trend(self, report: Report) -> tuple[Trend | None, list[str]]:
        """What earlier runs say, and which of them can't be read."""
        if self.options.history is None:
            return None, []
        runs, notices = history.read_runs(self.options.history, report)
        return history.trend_of(report, runs), notices

    def _outcome(self) -> Outcome:
        results = self.run.ours()
        if self.run_target.unusable:
            return Outcome(Conclusion.PARTIAL, Exit.TARGET_UNUSABLE, (self.run_target.unusable.rstrip("."),))
        outcome = conclude(
            [(result.level, result.verdict) for result in results],
            specified(),
            self.options.strictness,
            objections=self.options.waivers.objections(results),
            broken=self.broken,
            blocked=blocked(results),
            interrupted=self.interrupted,
        )
        return with_own(outcome, self.run.own(), self.options.strictness)

    def _others_failed(self) -> bool:
        """Whether a test that is no scenario failed in this run."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        failed = reporter.stats.get("failed", []) if reporter is not None else []
        return any(".feature::" not in report.nodeid for report in failed)

    # --- the terminal ---

    def pytest_report_header(self) -> str:
        """Say what is run against what, and how to repeat it."""
        where = self.options.web or "the reference backend"
        profile = "found by looking" if self.options.looks else self.options.profile.name
        return f"auth-conformance: {where}, profile {profile}, --seed {self.options.seed}"

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what did not pass, and where the report is."""
        if self.report is not None:
            write_summary(
                terminalreporter, self.report, self.options, self.options.report_shown + PAGE, self._left
            )
