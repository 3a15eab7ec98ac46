"""From how a scenario ended to its verdict, in the report that pytest passes around."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from harness.evidence.redaction import redact
from harness.evidence.transcript import describe
from harness.report.results import Result, titled
from harness.verdict import HarnessError, NotApplicable, NotTested, Unmet, Verdict, decide

if TYPE_CHECKING:
    from harness.collection import ScenarioItem
    from harness.world import World

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
    *,
    strict: bool,
) -> None:
    """Decide the verdict of the phase that settles it, note it in the report and set pytest's outcome."""
    raised = call.excinfo.value if call.excinfo is not None else None
    if isinstance(raised, pytest.skip.Exception):
        raised = raised.__cause__
    if report.when != "call" and raised is None:
        return
    if raised is None and world is not None and world.judge.attempts:
        raised = HarnessError("something was attempted in this scenario and no step judged it")
    verdict = decide(scenario.tags.level, raised)
    text = _text(scenario, verdict, raised, world, str(report.longrepr))
    result = Result(
        identity=scenario.tags.identity,
        level=scenario.tags.level.value,
        feature=scenario.feature,
        name=scenario.name,
        row=scenario.row,
        verdict=verdict,
        reason=redact(_reason(raised)),
        text=text,
        notes=list(world.notes) if world is not None else [],
        seconds=round(report.duration, 3),
        sources=list(scenario.tags.sources),
        sign_ups=world.deployment.sign_ups if world is not None else 0,
        sign_ins=world.deployment.sign_ins if world is not None else 0,
        throttled=round(world.throttled, 1) if world is not None else 0.0,
    )
    report.user_properties.append((PROPERTY, result.as_json()))
    _set_outcome(report, result, strict=strict)


def result_of(report: pytest.TestReport | pytest.CollectReport) -> Result | None:
    """The result that a report carries, if it carries one; a collection's never does."""
    found = next((value for name, value in getattr(report, "user_properties", ()) if name == PROPERTY), None)
    return Result.from_json(found) if isinstance(found, dict) else None


def teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, Any] | None:
    """Category, letter and word for pytest's progress and summary."""
    result = result_of(report)
    if result is None:
        return None
    match result.verdict:
        case Verdict.WARN if report.outcome == "passed":
            return "warned", "w", ("WARNED", {"yellow": True})
        case Verdict.NOT_TESTED:
            return "not tested", "?", ("NOT TESTED", {"yellow": True})
        case Verdict.NOT_APPLICABLE:
            return "not applicable", "-", ("NOT APPLICABLE", {})
        case Verdict.ERROR:
            return "error", "E", ("ERROR", {"red": True})
    return None


def _set_outcome(report: pytest.TestReport, result: Result, *, strict: bool) -> None:
    report.sections = [(title, redact(content)) for title, content in report.sections]
    match result.verdict:
        case Verdict.NOT_TESTED | Verdict.NOT_APPLICABLE:
            report.outcome = "skipped"
            report.longrepr = (f"{result.feature}.feature", 0, f"{result.verdict.value}: {result.reason}")
        case Verdict.WARN if not strict:
            report.outcome = "passed"
            report.longrepr = None
        case Verdict.FAIL | Verdict.WARN | Verdict.ERROR:
            report.outcome = "failed"
            report.longrepr = result.text


def _reason(raised: BaseException | None) -> str:
    match raised:
        case None:
            return ""
        case Unmet():
            return f"Expected {raised.expected}; but {raised.came}."
        case NotTested() | NotApplicable():
            return str(raised)
    return f"{type(raised).__name__}: {raised}"


def _text(
    scenario: ScenarioItem, verdict: Verdict, raised: BaseException | None, world: World | None, traceback: str
) -> str:
    if raised is None:
        return ""
    step = world.deployment.client.transcript.step if world is not None else ""
    lines = [
        f"{verdict.value.upper()}: {titled(scenario.name, scenario.row)}",
        f"  {scenario.tags.level.value.upper()} {scenario.tags.identity} ({', '.join(scenario.tags.sources)})",
        f"  at the step: {step}",
        f"  {_reason(raised)}",
    ]
    exchanges = getattr(raised, "exchanges", ())
    for exchange in exchanges:
        lines += ["", *("  " + line for line in describe(exchange).splitlines())]
    if verdict is Verdict.ERROR:
        lines += ["", traceback]
    return redact("\n".join(lines))
