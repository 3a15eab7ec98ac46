"""The comparison that decided, as commands of the script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

from harness.core.decisions import Decision, Growing, Holding, Lasting, Matching
from harness.evidence.repro.comparison import word_for
from harness.evidence.repro.quotes import quoted

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.evidence.repro.values import Variable


def compared_in(decision: Decision) -> tuple[Exchange, ...]:
    """The exchanges whose answers are compared."""
    return (decision.before, decision.exchange) if isinstance(decision, Growing) else (decision.exchange,)


def needs_readings(decisions: Sequence[Decision]) -> bool:
    """Whether something encoded has to be read."""
    return any(isinstance(one, Holding | Matching) and one.is_encoded for one in decisions)


def commands(decisions: Sequence[Decision], exchange: Exchange, known: Sequence[Variable]) -> Iterator[str]:
    """What to compare in that exchange's answer.

    ``known`` are the variables that are set by then.
    """
    for decision in decisions:
        match decision:
            case Growing(before=before, key=key) if before is exchange:
                yield f"counted {quoted(key)}"
            case _ if decision.exchange is not exchange:
                continue
            case Holding(text=text, about=about, is_encoded=is_encoded):
                yield f"{'holds_encoded' if is_encoded else 'holds'} {quoted(about)} {word_for(text, known)}"
            case Matching(pattern=pattern, about=about, is_encoded=is_encoded):
                yield f"{'matches_encoded' if is_encoded else 'matches'} {quoted(about)} {quoted(pattern)}"
            case Growing(key=key):
                yield f"more_than_before {quoted(key)}"
            case Lasting(seconds=seconds):
                yield f"longer_than {seconds:g}"
            case _:
                assert_never(decision)
