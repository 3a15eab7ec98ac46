"""The result of a scenario with its evidence, whatever a deployment said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.redaction import redact
from harness.core.verdict import Verdict
from harness.evidence.attachments import attach
from harness.pytest_plugin.outcomes import record
from harness.results.result import Result
from harness.specification.catalogue import tagged

if TYPE_CHECKING:
    import pytest

    from harness.pytest_plugin.collection import ScenarioItem
    from harness.pytest_plugin.options import Options
    from harness.scenario.world import World


def recorded(
    report: pytest.TestReport,
    call: pytest.CallInfo[None],
    scenario: ScenarioItem,
    scene: World | None,
    options: Options,
) -> Result | None:
    """The result, in the phase that decides it; None in any other.

    It is an error where it can't be made, so that the run goes on and has a report.
    """
    try:
        return _with_evidence(report, call, scenario, scene, options)
    except Exception as error:  # noqa: BLE001 - words of a deployment end in no traceback
        return _unrecorded(report, scenario, error)


def _with_evidence(
    report: pytest.TestReport,
    call: pytest.CallInfo[None],
    scenario: ScenarioItem,
    scene: World | None,
    options: Options,
) -> Result | None:
    result = record(report, call, scenario, scene, options.waivers)
    if result is None or scene is None:
        return result
    raised = call.excinfo.value if call.excinfo is not None else None
    evidence = (getattr(raised, name, ()) for name in ("exchanges", "decisions"))
    return attach(result, scene, options.report_dir, *evidence)


def _unrecorded(report: pytest.TestReport, scenario: ScenarioItem, error: Exception) -> Result:
    return Result(
        **tagged(scenario.tags),
        feature=scenario.feature,
        line=scenario.line,
        name=scenario.name,
        row=scenario.row,
        steps=list(scenario.steps),
        verdict=Verdict.ERROR,
        reason=redact(f"what came could not be recorded: {type(error).__name__}: {error}"),
        step="",
        expected="",
        came="",
        remedy="",
        notes=[],
        traceback="",
        exchanges=[],
        seconds=round(report.duration, 3),
        sign_ups=0,
        sign_ins=0,
        throttled=0.0,
    )
