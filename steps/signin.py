"""Sentences of signin.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import destinations, odd_credentials, signin, signin_times
from harness.flows.odd_credentials import ODD
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} can sign in with a destination inside the deployment {place:DestinationPlace}"))
def can_sign_in_with_destination(world: World, alias: str, place: str) -> None:
    """The control for destinations that must not be followed."""
    signin.control_destination(world, alias, place)


@when(sentence('{alias:Person} signs in with the destination "https://evil.invalid/x" {place:DestinationPlace}'))
def signs_in_towards_elsewhere(world: World, alias: str, place: str) -> None:
    """Ask to be sent to another site afterwards."""
    signin.sign_in_towards_elsewhere(world, alias, place)


@given(sentence("sign-in accepts a destination inside the deployment from {alias:Person}"))
def can_sign_in_with_destinations(world: World, alias: str) -> None:
    """One sign-in for each place."""
    destinations.control_sign_in(world, alias, ["in the body", "in the query"])


@when(sentence("{alias:Person} signs in with these destinations"))
def signs_in_towards(world: World, alias: str, datatable: list[list[str]]) -> None:
    """One sign-in a row."""
    destinations.sign_in_towards(world, alias, [(place, destination) for place, destination in datatable])


@given(sentence("the sign-in page sends {alias:Person} on to a destination inside the deployment"))
def is_sent_on(world: World, alias: str) -> None:
    """She is signed in already, so no sign-in is needed."""
    destinations.control_led_on(world, alias)


@when(sentence('{alias:Person} opens the sign-in page with the destination "{destination:Destination}"'))
def opens_towards(world: World, alias: str, destination: str) -> None:
    """With her own session; redirects are followed."""
    destinations.open_towards(world, alias, destination)


@then("the response leads nowhere outside the deployment")
@then("no response leads outside the deployment")
def leads_nowhere_else(world: World) -> None:
    """Neither the Location nor the body's destination, resolved as a browser does."""
    destinations.must_stay_inside(world)


@when(sentence("an attacker tries three wrong passwords for an unknown address and three for {alias:Person}'s"))
def tries_known_and_unknown(world: World, alias: str) -> None:
    """Alternately, addresses of one length, passwords of allowed length."""
    signin.try_known_and_unknown(world, alias, times=3)


@when(sentence("an attacker tries to sign in as {alias:Person} with these credentials", ODD))
def tries_odd_credentials(world: World, alias: str, datatable: list[list[str]]) -> None:
    """One attempt a row."""
    odd_credentials.try_odd(world, alias, [word for (word,) in datatable])


@then("the responses can't be distinguished")
def responses_are_alike(world: World) -> None:
    """Status, header names and body, without what differs in every response."""
    signin.must_be_alike(world)


@given(sentence("an attacker has tried wrong passwords for an unknown address and for {alias:Person}'s"))
def has_tried_known_and_unknown(world: World, alias: str) -> None:
    """Those of the scenario on responses, where it ran."""
    signin_times.tried(world, alias)


@when("more of them are tried as long as their times differ")
def tries_more(world: World) -> None:
    """Seven pairs more, in turn."""
    signin_times.compare(world)


@then("their times can't be distinguished")
def times_are_alike(world: World) -> None:
    """By medians, ranks and scatter, twice."""
    signin_times.must_be_alike(world)
