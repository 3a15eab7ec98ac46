"""Sentences of token-claims.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import token_claims
from harness.scenario.world import World
from steps.phrases import sentence


@when(
    sentence("an attacker asks for {other:Person}'s tasks with a token of {alias:Person}'s that {beside:Beside}")
)
def asks_beside(world: World, other: str, alias: str, beside: str) -> None:
    """Rightly signed, and its subject is the person whose token it is."""
    token_claims.ask_beside(world, alias, other, beside)


@when(sentence("an attacker lists tasks with tokens of {alias:Person}'s that have {odd:OddClaim}"))
def lists_with_odd(world: World, alias: str, odd: str) -> None:
    """One claim after another, each in a token of its own."""
    token_claims.present_odd(world, alias, odd)


@then(sentence("none of them breaks the API or opens {other:Person}'s tasks"))
def breaks_nothing(world: World, other: str) -> None:
    """No crash, and the right person's data or none."""
    token_claims.must_break_nothing(world, other)
