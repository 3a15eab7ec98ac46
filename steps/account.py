"""What people do to their own account: its password, its sessions, its end."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import changing, passwords, revoking
from harness.scenario.world import World
from steps.phrases import sentence

# --- sessions ---


@given(sentence("{alias:Person}'s list of sessions shows what is new when she signs in on her {device:Device}"))
def list_shows_new_session(world: World, alias: str, device: str) -> None:
    """The control: the list tells sessions apart."""
    revoking.control_list(world, alias, device)


@when(sentence("{alias:Person} signs in on his {device:Device}"))
def other_signs_in(world: World, alias: str, device: str) -> None:
    """A session of somebody else's begins."""
    world.deployment.sign_in_for_good(world.new_device(alias, device))


@then(sentence("{alias:Person}'s list of sessions has no new entry and nothing of {other:Person}'s"))
def list_is_ones_own(world: World, alias: str, other: str) -> None:
    """By its length, and by what it says."""
    revoking.must_list_own_only(world, alias, other)


@when(sentence("{alias:Person} revokes that session from her {device:Device}"))
def revokes(world: World, alias: str, device: str) -> None:
    """With what the list says of it."""
    revoking.revoke(world, alias, device)


@when(sentence("{alias:Person} tries to revoke that session from his {device:Device}"))
def tries_to_revoke(world: World, alias: str, device: str) -> None:
    """With what the list says of it, though it is another person's."""
    revoking.try_to_revoke(world, alias, device)


@then(sentence("{alias:Person} herself can revoke the session of her {device:Device}"))
def owner_can_revoke(world: World, alias: str, device: str) -> None:
    """The control: the request was one that ends a session."""
    revoking.must_be_hers_to_revoke(world, alias, device)


@when(sentence("{alias:Person} revokes her other sessions from her {device:Device}"))
def revokes_others(world: World, alias: str, device: str) -> None:
    """All but the one that asks."""
    revoking.revoke_others(world, alias, device)


# --- passwords ---


@when(sentence("{alias:Person} changes her password on her {device:Device}"))
def changes_password(world: World, alias: str, device: str) -> None:
    """With the current one, as the form asks for it."""
    changing.change_password(world, alias, device)


@then(sentence("her old password opens nothing of {alias:Person}'s, and her new one does"))
def old_password_is_dead(world: World, alias: str) -> None:
    """Sign in with each."""
    changing.must_open_nothing_with_old(world, alias)


@given(sentence("{alias:Person} can change her password with the current one"))
def can_change_password(world: World, alias: str) -> None:
    """The control for changes that must not be made."""
    changing.control_change(world, alias)


@when(sentence("someone at {alias:Person}'s first device asks for a new password with these for the current one"))
def tries_to_change_password(world: World, alias: str, datatable: list[list[str]]) -> None:
    """Signed in as her, without knowing it."""
    for (kind,) in datatable:
        changing.try_to_change(world, alias, kind)


@then(sentence("none of the new passwords opens {alias:Person}'s account"))
def changed_nothing(world: World, alias: str) -> None:
    """Whatever the answers said; and the owner can still change it."""
    changing.must_have_changed_nothing(world, alias)


@when("someone signs up with a password of 200 characters")
def signs_up_very_long(world: World) -> None:
    """More than the deployment may take."""
    passwords.sign_up_very_long(world)


@then("no sign-up with a long password was answered by a crash")
def long_did_not_crash(world: World) -> None:
    """It was taken, or refused."""
    passwords.must_not_have_crashed(world)


@then(sentence("{alias:Person}'s password has 64 characters or more"))
def long_enough(world: World, alias: str) -> None:
    """The longest that sign-up took."""
    passwords.must_be_long_enough(world, alias)


@then(sentence("no answer to {alias:Person} since she signed up holds her password or its hash"))
def password_in_no_answer(world: World, alias: str) -> None:
    """Bodies, headers and cookies, decoded too."""
    passwords.must_be_in_no_answer(world, alias)


# --- the end ---


@when(sentence("{alias:Person} deletes her account"))
def deletes_account(world: World, alias: str) -> None:
    """As its owner does."""
    changing.delete_account(world, alias)


@then(sentence("{alias:Person}'s password opens nothing any more"))
def nobody_signs_in(world: World, alias: str) -> None:
    """There is nobody to sign in as."""
    changing.must_not_sign_in(world, alias)
