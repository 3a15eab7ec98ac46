"""Sentences of errors.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import errors
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("someone asks the API for {alias:Person}'s tasks with a token that is {odd:Words}"))
def asks_with_odd_token(world: World, alias: str, odd: str) -> None:
    """Sent byte by byte."""
    errors.send_odd(world, alias, odd)


@then("it is refused promptly, without a crash")
def refused_promptly(world: World) -> None:
    """A 4xx in good time, and nothing of anybody's."""
    errors.must_be_refused_promptly(world)
