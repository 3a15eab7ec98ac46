"""The log of a GitHub Actions job, grouped and annotated.

The log holds words of the deployment too, in which GitHub would look for commands as well: `::add-path::`, say. So
commands are switched off, and on for a moment around each of ours, by a token that is new in each run.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from harness.pytest_plugin.selection import feature_files
from harness.report.annotations import annotated, command

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.report.document import Report

VARIABLE = "GITHUB_ACTIONS"


class WorkflowLog:
    """A pytest plugin of the process that the user started."""

    def __init__(self, config: pytest.Config, report: Callable[[], Report | None]) -> None:
        self._config = config
        self._report = report
        self._token = secrets.token_hex(16)
        self._is_listening = True
        self._is_annotated = False

    @classmethod
    def is_wanted(cls, config: pytest.Config) -> bool:
        """Whether this is a run of scenarios in such a job."""
        return (
            os.environ.get(VARIABLE) == "true"
            and not config.getoption("collectonly")
            and bool(feature_files(config))
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Switch commands off before anything is said."""
        self._switch_off()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Fold the lines of the flows."""
        self._say(command("group", "auth-conformance: flow by flow"))
        try:
            return (yield)
        finally:
            self._say(command("endgroup"))

    @pytest.hookimpl(wrapper=True, tryfirst=True, specname="pytest_terminal_summary")
    def pytest_findings_begin(self) -> Generator[None, None, None]:
        """Fold pytest's own list of findings; annotate when all is said."""
        self._say(command("group", "auth-conformance: each finding with its exchanges"))
        yield
        self._annotate()

    @pytest.hookimpl(specname="pytest_terminal_summary")
    def pytest_findings_end(self) -> None:
        """End the list of findings before the suite's own summary."""
        self._say(command("endgroup"))

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Annotate a run that ended before its session; let commands through again."""
        self._annotate()
        if not self._is_listening:
            self._write(f"::{self._token}::")
            self._is_listening = True

    def _annotate(self) -> None:
        if not self._is_annotated and (report := self._report()) is not None:
            self._is_annotated = True
            self._say(*annotated(report))

    def _say(self, *commands: str) -> None:
        if commands and not self._is_listening:
            self._write(f"::{self._token}::", *commands)
            self._switch_off()

    def _switch_off(self) -> None:
        self._write(command("stop-commands", self._token))
        self._is_listening = False

    def _write(self, *lines: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            for line in lines:
                reporter.write_line(line)
            reporter.flush()
