"""`--dry-run`: what would run, said without a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.core.exits import Exit
from harness.core.redaction import redact
from harness.deployment.given import given_target
from harness.profile.target import Target, TargetError
from harness.pytest_plugin.collection import scenario_of
from harness.report import plan

if TYPE_CHECKING:
    from harness.pytest_plugin.options import Options

_REFERENCE = "http://127.0.0.1"
"""As the reference backend is reached, once it is started."""


class DryRun:
    """Stands where scenarios would run.

    Raises pytest.UsageError for what a run would refuse.
    """

    def __init__(self, config: pytest.Config, options: Options) -> None:
        self._options = options
        try:
            self._target = _target_of(options)
        except TargetError as error:
            raise pytest.UsageError(redact(str(error))) from error
        # Workers have nothing to do, and would not start without a target.
        config.option.dist = "no"
        config.option.tx = []

    def pytest_report_header(self) -> str:
        """Say what is not done."""
        return "auth-conformance: a dry run, which sends no request"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Say what is planned, in place of running it."""
        if session.testsfailed:
            pytest.exit("a feature file can't be run as it stands", Exit.HARNESS_ERROR)
        scenarios = [scenario for item in session.items if (scenario := scenario_of(item)) is not None]
        selected = [plan.Candidate.of(one.feature, one.tags, one.row, is_own=one.is_own) for one in scenarios]
        examines = self._options.web is not None and self._options.examine
        found = plan.plan_for(selected, self._target, _named(self._options), examines=examines)
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write(redact(plan.text(found)))
        return True


def _target_of(options: Options) -> Target | None:
    if options.web is None:
        return Target(options.profile, _REFERENCE, _REFERENCE)
    return None if options.looks else given_target(options.profile, options.web, options.api, options.auth)


def _named(options: Options) -> str:
    where = options.web or "the reference backend"
    return where if options.looks else f"{where}, profile {options.profile.name}"
