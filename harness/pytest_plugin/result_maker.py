"""The result of a scenario with its evidence, whatever a deployment said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.evidence.attachments import attach
from harness.pytest_plugin.outcomes import record, unrecorded
from harness.results.result import Result

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
        return unrecorded(report, scenario, error)


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
