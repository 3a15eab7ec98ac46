"""Sentences of refresh.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import refresh, refresh_generations, refresh_identity, refresh_race
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("an attacker has captured the refresh token of {alias:Person}'s laptop"))
def captured_refresh(world: World, alias: str) -> None:
    """A copy of what the laptop holds."""
    refresh.capture_refresh(world, alias)


@when(sentence("{alias:Person} refreshes on her laptop"))
def refreshes(world: World, alias: str) -> None:
    """The live refresh token is used: the control for its copy."""
    refresh.refresh(world, alias)


@when("the attacker presents the captured refresh token")
def presents_captured_refresh(world: World) -> None:
    """The copy, after the original was used."""
    refresh.present_captured(world)


@when(sentence("{alias:Person}'s laptop presents the successor"))
def presents_successor(world: World, alias: str) -> None:
    """The refresh token that the laptop got when it refreshed."""
    refresh.present_successor(world, alias)


@given(sentence("{alias:Person} has refreshed on her {device:Device}"))
def has_refreshed(world: World, alias: str, device: str) -> None:
    """The control for refused refresh tokens, on another device."""
    refresh.control_refresh(world, alias, device)


@then("it yields no token")
@then("neither yields a token")
def yields_nothing(world: World) -> None:
    """No access token came back."""
    refresh.must_have_yielded_nothing(world)


@when(sentence("an attacker presents the refresh token of {alias:Person}'s laptop as an access token"))
def presents_refresh_as_access(world: World, alias: str) -> None:
    """It is for the refresh operation only."""
    refresh.present_refresh_token(world, alias)


@then(sentence("the new token opens {alias:Person}'s tasks"))
def new_token_opens_tasks(world: World, alias: str) -> None:
    """By effect: her task is in the list."""
    refresh.must_open_tasks(world, alias)


@when(
    sentence(
        "{alias:Person}'s laptop uses its refresh token {times:d} times at the same moment, in {rounds:d} rounds"
    )
)
def presents_together(world: World, alias: str, times: int, rounds: int) -> None:
    """Each round with another live token."""
    refresh_race.present_in_rounds(world, alias, times, rounds)


@then("in no round it yields a token more than once")
def yields_once(world: World) -> None:
    """One presentation wins; the others yield nothing, nor does one more afterwards."""
    refresh_race.must_have_yielded_once(world)


@when(sentence("{alias:Person} refreshes three times on her laptop"))
def refreshes_three_times(world: World, alias: str) -> None:
    """The control for the used ones."""
    refresh_generations.refresh_several_times(world, alias)


@when("the attacker presents the first and the second of the used refresh tokens")
def presents_earlier(world: World) -> None:
    """Both are older than the one just before the live one."""
    refresh_generations.present_earlier(world)


@when(sentence("an attacker presents an access token of {alias:Person}'s laptop as a refresh token"))
def presents_access_token(world: World, alias: str) -> None:
    """After her live refresh token, in the same way: the control."""
    refresh.present_access_token(world, alias)


@when(sentence("{alias:Person} refreshes on her laptop, naming {named:Person} by {hint:RefreshHint}"))
def refreshes_naming(world: World, alias: str, named: str, hint: str) -> None:
    """With her own refresh token, which says who she is."""
    refresh_identity.refresh_naming(world, alias, named, hint)


@then(sentence("every token that comes is {alias:Person}'s"))
def tokens_are_the_owners(world: World, alias: str) -> None:
    """By effect: it opens her tasks and no others."""
    refresh_identity.must_be_the_owners(world, alias)
