"""The result of a scenario, made and put into pytest's own report."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, assert_never

import pytest

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.core.redaction import redact
from harness.core.text import printable, shortened
from harness.core.verdict import Verdict, decide, finding
from harness.report.text import finding_text
from harness.results.repetition import repeated
from harness.results.result import Result
from harness.specification.catalogue import tagged
from harness.wire.transcript import Transcript

if TYPE_CHECKING:
    from harness.core.verdict import Strictness
    from harness.pytest_plugin.collection import ScenarioItem
    from harness.results.waivers import Waivers
    from harness.scenario.world import World

_LONGEST = 4000
"""Characters of a sentence in a result."""
_RESULT = pytest.StashKey[Result]()
PROPERTY = "auth-conformance"
"""The user property that carries a result, also from an xdist worker."""


@contextlib.contextmanager
def unjudged_as_skip() -> Iterator[None]:
    """Turn what could not be judged into pytest's skip.

    `record` finds the reason as the skip's cause.
    """
    try:
        yield
    except (Unavailable, Absent, NoAnswer, NotTested, NotApplicable) as raised:
        reason = finding(raised)
        raise pytest.skip.Exception(str(reason)) from reason


def record(
    report: pytest.TestReport,
    call: pytest.CallInfo[None],
    scenario: ScenarioItem,
    world: World | None,
    waivers: Waivers,
) -> Result | None:
    """The result, in the phase that decides it; None in any other."""
    raised = _raised(call)
    if report.when != "call" and raised is None:
        return None
    if raised is None and world is not None and world.judge.attempts:
        raised = HarnessError("something was attempted in this scenario and no step judged it")
    waiver = waivers.in_force(scenario.tags.identity, scenario.row)
    verdict = decide(scenario.tags.level, raised, waived=waiver is not None)
    traceback = redact(str(report.longrepr)) if verdict is Verdict.ERROR else ""
    waived = waiver.waived() if waiver is not None and verdict is Verdict.WAIVED else None
    return _made(report, scenario, verdict, raised, world).model_copy(
        update={"traceback": traceback, "waiver": waived}
    )


def unrecorded(report: pytest.TestReport, scenario: ScenarioItem, error: Exception) -> Result:
    """The result of a scenario whose own could not be made."""
    reason = redact(f"what came could not be recorded: {type(error).__name__}: {error}")
    return _made(report, scenario, Verdict.ERROR, error, None).model_copy(update={"reason": reason})


def _made(
    report: pytest.TestReport,
    scenario: ScenarioItem,
    verdict: Verdict,
    raised: BaseException | None,
    world: World | None,
) -> Result:
    return Result(
        **tagged(scenario.tags),
        feature=scenario.feature,
        line=scenario.line,
        name=scenario.name,
        row=scenario.row,
        is_own=scenario.is_own,
        steps=list(scenario.steps),
        verdict=verdict,
        traceback="",
        seconds=round(report.duration, 3),
        **_said(raised),
        **_observed(world, raised),
    )


def _raised(call: pytest.CallInfo[None]) -> BaseException | None:
    raised = call.excinfo.value if call.excinfo is not None else None
    return finding(raised.__cause__ if isinstance(raised, pytest.skip.Exception) else raised)


def _said(raised: BaseException | None) -> dict[str, Any]:
    """The fields of a result that say why it has its verdict."""
    return {
        "reason": _bounded(_reason(raised)),
        "expected": _bounded(raised.expected) if isinstance(raised, Unmet) else "",
        "came": _bounded(raised.came) if isinstance(raised, Unmet) else "",
        "remedy": _bounded(raised.remedy) if isinstance(raised, NotTested) else "",
        "blocker": raised.blocker if isinstance(raised, NotTested) else None,
    }


def _bounded(text: str) -> str:
    """The text without secrets, and no longer than a person reads.

    A sentence may quote a name, which a deployment can make a megabyte long.
    """
    return shortened(redact(text), _LONGEST)


def _reason(raised: BaseException | None) -> str:
    match raised:
        case None:
            return ""
        case Unmet():
            return f"Expected {raised.expected}; but {raised.came}."
        case NotTested() | NotApplicable():
            return str(raised)
    return f"{type(raised).__name__}: {raised}"


def _observed(world: World | None, raised: BaseException | None) -> dict[str, Any]:
    """The fields of a result that come from the scenario's world."""
    transcript = world.deployment.client.transcript if world is not None else Transcript()
    return {
        "step": transcript.step if raised is not None else "",
        "notes": [_bounded(note) for note in world.notes] if world is not None else [],
        "exchanges": transcript.recorded(getattr(raised, "exchanges", ())),
        "other_origins": _other_origins(world),
        "sign_ups": world.deployment.asked["sign_up"] if world is not None else 0,
        "sign_ins": world.deployment.asked["sign_in"] if world is not None else 0,
        "throttled": round(world.throttled, 1) if world is not None else 0.0,
    }


def _other_origins(world: World | None) -> list[str]:
    return sorted(world.browsers.shared.other_origins) if world is not None and world.browsers is not None else []


def with_earlier(item: pytest.Item, report: pytest.TestReport, result: Result) -> Result:
    """The result together with that of an earlier attempt.

    Other plugins may repeat scenarios.
    """
    earlier = item.stash.get(_RESULT, None)
    # An error in teardown belongs to the same attempt.
    if earlier is not None and report.when != "teardown":
        result = repeated(earlier, result)
    item.stash[_RESULT] = result
    return result


def carry(report: pytest.TestReport, result: Result, strictness: Strictness, folder: str = "") -> None:
    """Put a result into pytest's report and set pytest's outcome by it.

    ``folder`` is where the result's files are.
    """
    report.user_properties.append((PROPERTY, result.model_dump(mode="json")))
    report.sections = [(title, redact(content)) for title, content in report.sections]
    match result.verdict:
        case Verdict.NOT_TESTED | Verdict.NOT_APPLICABLE:
            report.outcome = "skipped"
            report.longrepr = (
                f"{result.feature}.feature",
                result.line,
                printable(f"{result.word}: {result.reason}"),
            )
        case Verdict.WAIVED:
            # What pytest itself makes of a test that was expected to fail.
            report.outcome = "skipped"
            report.longrepr = finding_text(result, folder)
            report.wasxfail = printable(result.reason)
        case Verdict.PASS:
            pass
        case Verdict.FAIL | Verdict.ERROR | Verdict.WARN:
            is_red = strictness.is_red(result.verdict)
            report.outcome = "failed" if is_red else "passed"
            report.longrepr = finding_text(result, folder) if is_red else None
        case _:
            assert_never(result.verdict)


def result_of(report: pytest.TestReport | pytest.CollectReport) -> Result | None:
    """The result that a report carries, if any; a collection's never does."""
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


def status_of(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, Any] | None:
    """Category, letter and word for pytest's statistics and its ``-v``."""
    result = result_of(report)
    word = category(report, result) if result is not None else ""
    if word not in _SHOWN:
        return None
    letter, colour = _SHOWN[word]
    return word, letter, (word.upper(), colour)
