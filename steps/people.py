"""Who is there, and what they hold before anything happens."""

from __future__ import annotations

from pytest_bdd import given

from harness.deployment.accounts import SIGN_IN
from harness.flows import passwords
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} is signed in"))
def is_signed_in(world: World, alias: str) -> None:
    """Somebody shared by scenarios that change nothing of theirs."""
    world.introduce(world.cast.share(alias))


@given("Ann and Bob are signed in")
def two_are_signed_in(world: World) -> None:
    """Two people, each with an account of their own."""
    for alias in ("Ann", "Bob"):
        world.introduce(world.cast.share(alias))


@given(sentence("{alias:Person} has a new account"))
def has_new_account(world: World, alias: str) -> None:
    """Somebody whom this scenario may change."""
    world.introduce(world.cast.create(alias))


@given(sentence("{alias:Person} has an account of her own"))
def has_account_of_her_own(world: World, alias: str) -> None:
    """Somebody whom this scenario may change, and the next one after it."""
    world.introduce(world.cast.lend(alias))


@given(sentence("{alias:Person} has signed up with a long password"))
def has_long_password(world: World, alias: str) -> None:
    """Somebody shared, with 100 characters where sign-up takes them, and 64 or fewer where it does not."""
    world.introduce(passwords.share_long(world, alias))


@given(sentence("{alias:Person} is signed in on her {device:Device} too"))
def is_signed_in_on_device(world: World, alias: str, device: str) -> None:
    """A second session of the same person."""
    world.deployment.sign_in_for_good(world.new_device(alias, device))


@given(sentence("{alias:Person} has a task"))
def has_a_task(world: World, alias: str) -> None:
    """A task with random text in its title."""
    world.give_task(alias)


@given("Ann and Bob each have a task")
def each_has_a_task(world: World) -> None:
    """A task each."""
    for alias in ("Ann", "Bob"):
        world.give_task(alias)


@given("Ann and Bob each see their own task")
def each_sees_own_task(world: World) -> None:
    """The control for whoever may not see the other's."""
    for alias in ("Ann", "Bob"):
        world.control_task_call("list", alias)


@given(sentence("{alias:Person} can sign in"))
def can_sign_in(world: World, alias: str) -> None:
    """The control for sign-ins that must fail."""
    world.judge.control(SIGN_IN, world.accounts.signs_in(world.person(alias)))
