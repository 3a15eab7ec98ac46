"""Sentences of account-deletion.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import account_deletion
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} deletes her account"))
def deletes_account(world: World, alias: str) -> None:
    """As its owner does."""
    account_deletion.delete_account(world, alias)


@then(sentence("{alias:Person}'s password no longer signs in"))
def password_is_refused(world: World, alias: str) -> None:
    """There is no account to sign in to."""
    account_deletion.must_not_sign_in(world, alias)
