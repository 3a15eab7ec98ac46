"""What the user's own features add to the outcome of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.core.exits import Exit
from harness.core.verdict import conclude
from harness.results.result import blocked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.verdict import Outcome, Strictness
    from harness.results.result import Result

_GRAVEST = (Exit.INTERRUPTED, Exit.NOT_CONFORMANT, Exit.HARNESS_ERROR, Exit.TARGET_UNUSABLE, Exit.CONFORMANT)
"""Exit codes of runs; the first that applies is the run's."""


def with_own(outcome: Outcome, own: Sequence[Result], strictness: Strictness) -> Outcome:
    """The outcome of the specification, red as well where one's own are.

    The conclusion stays: it is about the specification alone.
    """
    if not own:
        return outcome
    theirs = conclude(
        [(result.level, result.verdict) for result in own], len(own), strictness, blocked=blocked(own)
    )
    return replace(
        outcome,
        exit_code=min(outcome.exit_code, theirs.exit_code, key=_GRAVEST.index),
        reasons=(*outcome.reasons, *(f"of your own features {reason}" for reason in theirs.reasons)),
    )
