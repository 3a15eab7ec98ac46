"""What the page shows of a report, in reading order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, assert_never
from urllib.parse import urlsplit

from harness.core.blocker import Blocker
from harness.core.text import slug
from harness.core.verdict import Conclusion, Severity, Verdict
from harness.report.causes import FOUND, UNJUDGED, causes, repetitions
from harness.wire.transcript import BODY_KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.report.causes import Cause
    from harness.report.document import Report
    from harness.results.result import Result
    from harness.wire.transcript import RecordedExchange

ORDER = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.WARN,
    Verdict.WAIVED,
    Verdict.NOT_TESTED,
    Verdict.NOT_APPLICABLE,
    Verdict.PASS,
)
"""Verdicts in reading order: what needs work goes first."""
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True)
class Flow:
    """One feature file's results."""

    name: str
    counts: Counter[Verdict]
    """How many got each verdict."""
    judged: list[Result]
    """Those that were judged."""

    @property
    def unjudged(self) -> Verdict:
        """The verdict to look under where no result was judged."""
        return next(verdict for verdict in UNJUDGED if self.counts[verdict])


@dataclass(frozen=True)
class Reason:
    """Scenarios that were not judged for one and the same reason."""

    anchor: str
    verdict: Verdict
    reason: str
    remedy: str
    results: list[Result]


def flows(report: Report) -> list[Flow]:
    """Every flow that ran, by name."""
    return [
        Flow(
            name,
            Counter(result.verdict for result in results),
            by_weight(result for result in results if result.verdict not in UNJUDGED),
        )
        for name, results in sorted(report.flows().items())
    ]


def by_weight(results: Iterable[Result]) -> list[Result]:
    """Results by verdict, in reading order, and by severity."""
    return sorted(results, key=lambda one: (ORDER.index(one.verdict), _SEVERITIES.index(one.severity)))


def found(report: Report) -> list[Cause]:
    """What did not hold, by its cause, the heaviest first."""
    return causes(by_weight(report.of(*FOUND)))


@dataclass(frozen=True)
class Shared:
    """The cause that a finding has in common with others."""

    anchor: str
    """Where the page lists them."""
    others: int
    """How many have the cause besides this one."""
    repeated: Result | None
    """The finding that this one only repeats, if any."""


def shared(report: Report) -> dict[str, Shared]:
    """The common cause of findings that are not alone, by key."""
    first = repetitions(report.results)
    return {
        result.key: Shared(cause_anchor(number), len(cause.results) - 1, first.get(result.key))
        for number, cause in enumerate(found(report), 1)
        if len(cause.results) > 1
        for result in cause.results
    }


def cause_anchor(number: int) -> str:
    """The name of an entry of the overview."""
    return f"found-{number}"


def reasons(report: Report, verdict: Verdict) -> list[Reason]:
    """Why scenarios got the verdict, the reason of most of them first."""
    ordered = sorted(causes(report.of(verdict)), key=lambda cause: -len(cause.results))
    return [
        Reason(
            f"{slug(verdict)}-{number}",
            verdict,
            cause.first.reason.removesuffix(cause.first.remedy).strip(),
            cause.first.remedy,
            cause.results,
        )
        for number, cause in enumerate(ordered, 1)
    ]


def deciding_step(result: Result) -> int | None:
    """The index of the step that decided the verdict, if one did."""
    places = [place for place, step in enumerate(result.steps) if result.step and step == result.step]
    return places[-1] if places else None


def by_step(exchanges: Iterable[RecordedExchange]) -> list[tuple[str, list[RecordedExchange]]]:
    """Exchanges under the step that made them, in order."""
    return [(step, list(found)) for step, found in groupby(exchanges, key=lambda exchange: exchange.step)]


def path_of(exchange: RecordedExchange) -> str:
    """Where a request went, without the deployment's address."""
    try:
        parts = urlsplit(exchange.url)
    except ValueError:
        return exchange.url
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path}{query}" or "/"


def roles(deciding: list[RecordedExchange]) -> list[str]:
    """What each deciding exchange is to the verdict.

    Only where the same thing was asked for twice, in different steps, is it sure that the first was the control.
    """
    if len(deciding) == 1:
        return ["The answer that decided"]
    if len(deciding) == len(("control", "attempt")):
        first, last = deciding
        is_same = (first.method, _place(first)) == (last.method, _place(last))
        if is_same and first.step != last.step:
            return ["Control: accepted, as it should be", "Attempt: the answer that decided"]
    return [f"Answer {number} of {len(deciding)}" for number in range(1, len(deciding) + 1)]


def _place(exchange: RecordedExchange) -> str:
    return path_of(exchange).partition("?")[0]


def is_web(address: str) -> bool:
    """Whether an address may be a link.

    The reader's machine would run or open anything but http.
    """
    return address.startswith(("https://", "http://"))


def is_cut(body: str) -> bool:
    """Whether a body is only the beginning of what was sent."""
    return len(body) >= BODY_KEPT


def next_step(report: Report) -> str:
    """What to do now, in one line."""
    conclusion = report.conclusion
    if _only_own_is_red(report):
        return "What was judged of the specification is not red; your own features are what makes the run red."
    if conclusion is Conclusion.CONFORMANT and report.of(Verdict.WARN):
        return "Every MUST that applies held. What is marked warn is recommended, and did not hold."
    if report.untested.get(Blocker.UNFIT) and conclusion is not Conclusion.NOT_CONFORMANT:
        return "Correct the profile where the reasons say that it does not fit, and run again."
    if report.untested.get(Blocker.STATE) and conclusion is not Conclusion.NOT_CONFORMANT:
        return "Fix the state of the deployment that the reasons name, or wait for its end, and run again."
    if conclusion is Conclusion.NOT_CONFORMANT and not any(map(report.is_red, report.results)):
        return "No requirement was found broken; the reasons say what makes the run red and what to change."
    return _advice(conclusion)


def _only_own_is_red(report: Report) -> bool:
    red = [result for result in report.results if report.is_red(result)]
    return bool(red) and all(result.is_own for result in red) and not report.untested.get(Blocker.UNFIT)


def _advice(conclusion: Conclusion) -> str:
    match conclusion:
        case Conclusion.CONFORMANT:
            return "Every MUST that applies held. There is nothing to do."
        case Conclusion.WITH_WAIVERS:
            return "Fix what is waived before its waiver expires; each says who answers for it."
        case Conclusion.UNDECIDED:
            missing = "Give what is listed as not looked at, and run again."
            return f"Nothing failed, but a MUST could not be judged. {missing}"
        case Conclusion.PARTIAL:
            rest = "Run all of it to know whether the deployment conforms."
            return f"Nothing failed in what ran, which is not the whole specification. {rest}"
        case Conclusion.NOT_CONFORMANT:
            return "Start with the first finding: each says what was expected, what came and how to see it again."
        case Conclusion.BROKEN:
            repeat = "Look at the errors, and run again."
            return f"The suite or the network broke, which says nothing about the deployment. {repeat}"
        case _:
            assert_never(conclusion)
