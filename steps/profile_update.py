"""Sentences of profile-update.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import profile_update
from harness.flows.profile_update import PRIVILEGED
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} can change her name"))
def can_change_name(world: World, alias: str) -> None:
    """The control for updates that say more."""
    profile_update.control_update(world, alias)


@when(sentence("{alias:Person} changes her name and also sends these", PRIVILEGED))
def changes_more(world: World, alias: str, datatable: list[list[str]]) -> None:
    """One request a row; one a field where that is refused."""
    profile_update.update_greedily(world, alias, [word for (word,) in datatable])


@then(sentence("{alias:Person}'s session shows none of these"))
def set_nothing(world: World, alias: str) -> None:
    """Compare with what it showed before."""
    profile_update.must_have_set_nothing(world, alias)
