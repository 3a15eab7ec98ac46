"""Sentences of password-change.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import password_change
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person} changes her password on her {device:Device}"))
def changes_password(world: World, alias: str, device: str) -> None:
    """With the current one, as the form asks for it."""
    password_change.change_password(world, alias, device)


@then(sentence("{alias:Person}'s old password no longer signs in, and her new one does"))
def old_password_is_refused(world: World, alias: str) -> None:
    """Sign in with each."""
    password_change.must_open_nothing_with_old(world, alias)


@given(sentence("{alias:Person} can change her password with the current one"))
def can_change_password(world: World, alias: str) -> None:
    """The control for changes that must not be made."""
    password_change.control_change(world, alias)


@when(
    sentence(
        "an attacker at {alias:Person}'s first device requests a new password with these as the current one",
        password_change.CURRENT_PASSWORDS,
    )
)
def tries_to_change_password(world: World, alias: str, datatable: list[list[str]]) -> None:
    """Signed in as her, without her password."""
    for (kind,) in datatable:
        password_change.try_to_change(world, alias, kind)


@then(sentence("none of the new passwords signs in to {alias:Person}'s account"))
def changed_nothing(world: World, alias: str) -> None:
    """Whatever the answers said; and the owner can still change it."""
    password_change.must_have_changed_nothing(world, alias)
