"""From how a scenario ended to its verdict, in the report that pytest passes around."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.core.redaction import redact
from harness.core.verdict import Verdict, decide
from harness.report.finding import finding_text
from harness.results.result import Result, Waived
from harness.wire.transcript import Transcript

if TYPE_CHECKING:
    from harness.core.verdict import Strictness
    from harness.pytest_plugin.collection import ScenarioItem
    from harness.results.waivers import Waivers
    from harness.scenario.world import World

PROPERTY = "auth-conformance"
"""The user property that carries a result, also from an xdist worker."""


@contextlib.contextmanager
def unjudged_as_skip() -> Iterator[None]:
    """Let what could not be judged leave as pytest's skip; `record` finds the reason as its cause."""
    try:
        yield
    except (NotTested, NotApplicable) as reason:
        raise pytest.skip.Exception(str(reason)) from reason


def record(
    report: pytest.TestReport,
    call: pytest.CallInfo[None],
    scenario: ScenarioItem,
    world: World | None,
    waivers: Waivers,
) -> Result | None:
    """Decide the verdict in the phase that settles it; None in any other."""
    raised = call.excinfo.value if call.excinfo is not None else None
    if isinstance(raised, pytest.skip.Exception):
        raised = raised.__cause__
    if report.when != "call" and raised is None:
        return None
    if raised is None and world is not None and world.judge.attempts:
        raised = HarnessError("something was attempted in this scenario and no step judged it")
    waiver = waivers.in_force(scenario.tags.identity, scenario.row)
    verdict = decide(scenario.tags.level, raised, waived=waiver is not None)
    transcript = world.deployment.client.transcript if world is not None else Transcript()
    return Result(
        identity=scenario.tags.identity,
        level=scenario.tags.level,
        severity=scenario.tags.severity,
        feature=scenario.feature,
        line=scenario.line,
        name=scenario.name,
        row=scenario.row,
        steps=list(scenario.steps),
        sources=list(scenario.tags.sources),
        defects=[defect.removeprefix("defect-") for defect in scenario.tags.defects],
        needs=list(scenario.tags.needs),
        verdict=verdict,
        reason=redact(_reason(raised)),
        step=transcript.step if raised is not None else "",
        expected=redact(raised.expected) if isinstance(raised, Unmet) else "",
        came=redact(raised.came) if isinstance(raised, Unmet) else "",
        remedy=redact(raised.remedy) if isinstance(raised, NotTested) else "",
        notes=list(world.notes) if world is not None else [],
        traceback=redact(str(report.longrepr)) if verdict is Verdict.ERROR else "",
        exchanges=transcript.recorded(getattr(raised, "exchanges", ())),
        waiver=Waived(**waiver.model_dump(include=set(Waived.model_fields)))
        if waiver is not None and verdict is Verdict.WAIVED
        else None,
        seconds=round(report.duration, 3),
        sign_ups=world.deployment.sign_ups if world is not None else 0,
        sign_ins=world.deployment.sign_ins if world is not None else 0,
        throttled=round(world.throttled, 1) if world is not None else 0.0,
    )


def carry(report: pytest.TestReport, result: Result, strictness: Strictness, folder: str = "") -> None:
    """Put a result into pytest's report and set pytest's own outcome by it; ``folder`` is where its files are."""
    report.user_properties.append((PROPERTY, result.model_dump(mode="json")))
    report.sections = [(title, redact(content)) for title, content in report.sections]
    match result.verdict:
        case Verdict.NOT_TESTED | Verdict.NOT_APPLICABLE:
            report.outcome = "skipped"
            report.longrepr = (
                f"{result.feature}.feature",
                result.line,
                f"{result.verdict.value}: {result.reason}",
            )
        case Verdict.WAIVED:
            # What pytest itself makes of a test that was expected to fail.
            report.outcome = "skipped"
            report.longrepr = finding_text(result, folder)
            report.wasxfail = result.reason
        case Verdict.PASS:
            pass
        case verdict if strictness.is_red(verdict):
            report.outcome = "failed"
            report.longrepr = finding_text(result, folder)
        case _:
            report.outcome = "passed"
            report.longrepr = None


def result_of(report: pytest.TestReport | pytest.CollectReport) -> Result | None:
    """The result that a report carries, if it carries one; a collection's never does."""
    found = next((value for name, value in getattr(report, "user_properties", ()) if name == PROPERTY), None)
    return Result.model_validate(found) if isinstance(found, dict) else None


_SHOWN: dict[str, tuple[str, dict[str, bool]]] = {
    "warned": ("w", {"yellow": True}),
    Verdict.NOT_TESTED: ("?", {"yellow": True}),
    Verdict.NOT_APPLICABLE: ("-", {}),
    Verdict.WAIVED: ("x", {"yellow": True}),
    Verdict.ERROR: ("E", {"red": True}),
}
"""What pytest has no letter of its own for."""


def category(report: pytest.TestReport | pytest.CollectReport, result: Result) -> str:
    """Under which word pytest counts a result."""
    if result.verdict is Verdict.WARN and report.outcome == "passed":
        return "warned"
    return result.verdict.value if result.verdict in _SHOWN else report.outcome


def teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, Any] | None:
    """Category, letter and word for pytest's own statistics and its listing with ``-v``."""
    result = result_of(report)
    word = category(report, result) if result is not None else ""
    if word not in _SHOWN:
        return None
    letter, colour = _SHOWN[word]
    return word, letter, (word.upper(), colour)


def _reason(raised: BaseException | None) -> str:
    match raised:
        case None:
            return ""
        case Unmet():
            return f"Expected {raised.expected}; but {raised.came}."
        case NotTested() | NotApplicable():
            return str(raised)
    return f"{type(raised).__name__}: {raised}"
