"""Scenarios that were tried more than once in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.verdict import Verdict

if TYPE_CHECKING:
    from harness.results.result import Result

_WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.WARN,
    Verdict.NOT_TESTED,
    Verdict.WAIVED,
    Verdict.NOT_APPLICABLE,
    Verdict.PASS,
)
_ENDED = {
    Verdict.FAIL: "Failed",
    Verdict.ERROR: "Broke",
    Verdict.WARN: "Did not hold",
    Verdict.NOT_TESTED: "Not tested",
    Verdict.WAIVED: "Did not hold (waived)",
    Verdict.NOT_APPLICABLE: "Not applicable",
    Verdict.PASS: "Held",
}


def repeated(before: Result, after: Result) -> Result:
    """The worse result of two attempts.

    A requirement that holds now and then does not hold.
    """
    said = f"{_ENDED[before.verdict]}, then {_ENDED[after.verdict].lower()} on repetition"
    worse = min(before, after, key=lambda one: _WORST_FIRST.index(one.verdict))
    if before.verdict is after.verdict:
        return after.model_copy(update={"notes": [*after.notes, f"{said}."]})
    if worse.reason.startswith(said):
        return worse
    return worse.model_copy(update={"reason": f"{said}: {worse.reason}".rstrip(": ")})
