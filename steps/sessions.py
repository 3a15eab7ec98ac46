"""Sessions: captured, replayed, altered, planted, ended."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import sessions
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("someone has captured the session of {alias:Person}'s {device:Device}"))
def captured(world: World, alias: str, device: str) -> None:
    """A frozen copy of the session cookie, to be replayed on a bare client."""
    sessions.capture(world, alias, device)


@given(sentence("the captured session opens {alias:Person}'s {place:Place}"))
def captured_opens(world: World, alias: str, place: str) -> None:
    """The control for a session that must die."""
    sessions.control_captured(world, alias, place)


@then(sentence("the captured session no longer opens {alias:Person}'s {place:Place}"))
def captured_is_dead(world: World, alias: str, place: str) -> None:
    """Replay the frozen copy."""
    sessions.must_be_dead(world, alias, place)


@given(sentence("the captured session opens these places of {alias:Person}'s"))
def captured_opens_places(world: World, alias: str, datatable: list[list[str]]) -> None:
    """The control for a session that must die everywhere; places that the deployment has not are left out."""
    sessions.control_captured_at(world, alias, [place for (place,) in datatable])


@then(sentence("the captured session opens none of these places of {alias:Person}'s"))
def captured_is_dead_at_all(world: World, alias: str) -> None:
    """Replay the frozen copy at each."""
    sessions.must_be_dead_at_all(world, alias)


@then(sentence("{alias:Person}'s {device:Device} still opens his {place:Place}"))
@then(sentence("{alias:Person}'s {device:Device} still opens her {place:Place}"))
def other_device_lives(world: World, alias: str, device: str, place: str) -> None:
    """Only the right session died."""
    sessions.must_still_open(world, alias, device, place)


@when("the session has reached its end on the server")
def session_ends(world: World) -> None:
    """Reach the end as the deployment allows; the verdict names how."""
    sessions.end_on_server(world, "Ann")


@then(sentence("{alias:Person} can sign in again and open her {place:Place}"))
def signs_in_again(world: World, alias: str, place: str) -> None:
    """The account is alive; only the session ended."""
    sessions.must_sign_in_again(world, alias, place)


@when(sentence("someone presents the captured session {alteration:Words} at the session endpoint"))
def presents_altered(world: World, alteration: str) -> None:
    """One thing about the cookie's value is changed."""
    sessions.present_altered(world, "Ann", alteration)


@given(sentence("{alias:Person}'s first device has a session of hers"))
def has_own_session(world: World, alias: str) -> None:
    """The control for sessions that somebody plants."""
    sessions.control_own_session(world, alias)


@when(sentence("{alias:Person} signs in on his laptop, where {planted:Words} was planted as the session cookie"))
def signs_in_with_planted(world: World, alias: str, planted: str) -> None:
    """The cookie was there before the sign-in."""
    sessions.sign_in_with_planted(world, alias, planted)


@then(sentence("{alias:Person}'s laptop holds a session of its own"))
def holds_own_session(world: World, alias: str) -> None:
    """Signed in as its owner, under a value that the server made."""
    sessions.must_hold_own_session(world, alias)


@then(sentence("what was planted is not {alias:Person}'s session"))
def planted_is_worthless(world: World, alias: str) -> None:
    """Whoever planted it has gained nothing."""
    sessions.must_not_be_adopted(world, alias)


@when(sentence("{alias:Person} visits the sign-in page on her laptop and signs in there"))
def visits_and_signs_in(world: World, alias: str) -> None:
    """Whatever cookies the page hands out are kept."""
    sessions.visit_then_sign_in(world, alias)


@then("none of the cookies from before is her session")
def session_has_changed(world: World) -> None:
    """Replay what was there before the sign-in."""
    sessions.must_have_changed(world, "Ann")


@when(sentence("{alias:Person}'s browser and a browser without cookies ask who is signed in"))
def ask_who(world: World, alias: str) -> None:
    """The identity probe that other scenarios lean on."""
    sessions.ask_who(world, alias)


@then(sentence("{alias:Person}'s browser is told {_same:Person} and the other one nobody"))
def told_apart(world: World, alias: str) -> None:
    """Signed in and anonymous look different."""
    sessions.must_tell_apart(world, alias)
