"""Sentences of errors.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import errors
from harness.flows.errors import ODD_TOKENS
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("an attacker requests {alias:Person}'s tasks with a malformed credential: {odd:OddToken}"))
def sends_malformed_credential(world: World, alias: str, odd: str) -> None:
    """Sent byte by byte."""
    errors.send_odd(world, alias, odd)


@then("it is refused promptly, without a crash")
def refused_promptly(world: World) -> None:
    """A 4xx within seconds, without private text."""
    errors.must_be_refused_promptly(world)


@when(sentence("an attacker requests {alias:Person}'s tasks with these credentials", ODD_TOKENS))
def sends_odd_ones(world: World, alias: str, datatable: list[list[str]]) -> None:
    """One request a row."""
    errors.send_all_odd(world, alias, [odd for (odd,) in datatable])


@then(sentence("{alias:Person}'s credential still opens her tasks"))
def still_works(world: World, alias: str) -> None:
    """The control again, as a requirement."""
    errors.must_still_work(world, alias)
