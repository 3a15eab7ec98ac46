"""Sentences of session.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import (
    access_token,
    cookie_parts,
    guessable_values,
    session,
    session_addresses,
    session_before_signin,
    session_values,
    unknown_sessions,
)
from harness.flows.unknown_sessions import UNKNOWN
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("the attacker presents the captured session {alteration:Alteration} at the session endpoint"))
def presents_altered(world: World, alteration: str) -> None:
    """One thing about the cookie's value is changed."""
    session.present_altered(world, alteration)


@given(sentence("{alias:Person}'s first device has a session of {_same:Person}'s"))
def has_own_session(world: World, alias: str) -> None:
    """The control for planted sessions."""
    session.control_own_session(world, alias)


@when(sentence("{alias:Person} signs in on his laptop, where a made-up value was planted as the session cookie"))
def signs_in_over_made_up(world: World, alias: str) -> None:
    """The cookie was there before the sign-in."""
    session.sign_in_over_made_up(world, alias)


@when(
    sentence(
        "{alias:Person} signs in on his laptop, "
        "where {other:Person}'s live session was planted as the session cookie"
    )
)
def signs_in_over_session(world: World, alias: str, other: str) -> None:
    """The cookie was there before the sign-in."""
    session.sign_in_over_session(world, alias, other)


@then(sentence("{alias:Person}'s laptop has a new session of {_same:Person}'s"))
def holds_own_session(world: World, alias: str) -> None:
    """Signed in as its owner, under a value that the server made."""
    session.must_hold_own_session(world, alias)


@then(sentence("the planted value is not {alias:Person}'s session"))
def planted_is_worthless(world: World, alias: str) -> None:
    """Its planter gained nothing."""
    session.must_not_be_adopted(world, alias)


@when(sentence("{alias:Person} visits the sign-in page on her laptop and signs in there"))
def visits_and_signs_in(world: World, alias: str) -> None:
    """Whatever cookies the page hands out are kept."""
    session.visit_then_sign_in(world, alias)


@then("none of the cookies from before is her session")
def session_has_changed(world: World) -> None:
    """Replay what was there before the sign-in."""
    session.must_have_changed(world)


@then(sentence("the response to {alias:Person}'s browser names {_same:Person}, and the other one no user"))
def names_owner_only(world: World, alias: str) -> None:
    """Signed in and anonymous look different."""
    session.must_tell_apart(world, alias)


@when(sentence("{alias:Person}'s browser asks the token endpoint for an access token"))
def asks_for_token(world: World, alias: str) -> None:
    """With her session."""
    access_token.open_token_endpoint(world, alias)


@then(sentence("the response has an access token for {alias:Person}"))
def has_token(world: World, alias: str) -> None:
    """Where the profile says that it is."""
    access_token.must_have_issued_token(world, alias)


@when(sentence("{alias:Person} signs in on her {device:Device}, signs out there and signs in again"))
def signs_in_twice(world: World, alias: str, device: str) -> None:
    """Each time as a browser without cookies."""
    session_values.sign_in_twice(world, alias, device)


@then(sentence("each of {alias:Person}'s sign-ins has a session value of its own"))
def values_are_new(world: World, alias: str) -> None:
    """By what signs in, and no other cookie."""
    session_values.must_be_new(world, alias)


@when(
    sentence(
        "an anonymous client asks the session endpoint with these sessions instead of {alias:Person}'s", UNKNOWN
    )
)
def asks_with_unknown(world: World, alias: str, datatable: list[list[str]]) -> None:
    """One request a row."""
    unknown_sessions.ask_with(world, alias, [kind for (kind,) in datatable])


@then("no response names a user or is a server error")
def no_user_and_no_error(world: World) -> None:
    """Whatever else it is."""
    unknown_sessions.must_show_no_user(world)


@then(sentence("{alias:Person}'s own session still opens her session endpoint"))
def own_session_still_opens(world: World, alias: str) -> None:
    """The control once more."""
    unknown_sessions.must_still_open(world, alias)


@when(sentence("{alias:Person} puts {other:Person}'s id and address in the place of his own in his cookies"))
def names_other_in_cookies(world: World, alias: str, other: str) -> None:
    """In each part that decodes to one of them."""
    cookie_parts.name_other(world, alias, other)


@then(sentence("no response to {alias:Person} is {other:Person}'s"))
def is_not_other(world: World, alias: str, other: str) -> None:
    """At the session endpoint, on a page and in a list."""
    cookie_parts.must_not_be_other(world, alias, other)


@when(sentence("{alias:Person} signs in until she has had {number:d} different {credential:Guessable}s"))
def signs_in_for_values(world: World, alias: str, number: int, credential: str) -> None:
    """Those of scenarios before this one count."""
    guessable_values.collect(world, alias, credential, number)


@then(sentence("each {_credential:Guessable} of {alias:Person}'s may have 64 random bits"))
def values_cannot_be_guessed(world: World, alias: str) -> None:
    """As many as differ from one to the next, at most."""
    guessable_values.must_not_be_guessable(world, alias)


@then(
    sentence("each {_credential:Guessable} of {alias:Person}'s, without its signature, may have 128 random bits")
)
def values_are_random(world: World, alias: str) -> None:
    """As many as differ from one to the next, at most."""
    guessable_values.must_be_random(world, alias)


@when(sentence("the attacker presents the captured session in the address alone, {place:AddressPlace}"))
def presents_in_address(world: World, place: str) -> None:
    """At each place that it opened as a cookie."""
    session_addresses.present_in_address(world, place)


@when(sentence("{alias:Person} signs in on her {device:Device} and goes where that leads"))
def signs_in_and_goes_on(world: World, alias: str, device: str) -> None:
    """Then to a page of the user's own."""
    session_addresses.sign_in_and_follow(world, alias, device)


@then(sentence("no address on the way holds a session or token of {_alias:Person}'s {_device:Device}"))
def no_address_holds_it(world: World) -> None:
    """Where answers lead, and what they link to."""
    session_addresses.must_be_in_no_address(world)


@when(sentence("{alias:Person} signs in once more on her {device:Device}, which keeps its cookies"))
def signs_in_once_more(world: World, alias: str, device: str) -> None:
    """Over the session that it has."""
    session_before_signin.sign_in_once_more(world, alias, device)


@then(sentence("the captured session has ended, and the new one is {alias:Person}'s"))
def session_before_has_ended(world: World, alias: str) -> None:
    """Replay the old one."""
    session_before_signin.must_have_ended(world, alias)
