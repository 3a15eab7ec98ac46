"""Protected pages and other places, asked for over HTTP."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import guarding, keeping
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s own session opens her {place:Place}"))
def own_session_opens(world: World, alias: str, place: str) -> None:
    """The control for whoever has none."""
    guarding.control_place(world, alias, place)


@when(sentence("someone without cookies opens every protected page {how:Words}"))
def stranger_opens(world: World, how: str) -> None:
    """Redirects are not followed."""
    guarding.open_as_stranger(world, how.removeprefix("as ") if how != "as it is" else how)


@when(sentence("someone opens the protected page with a session cookie that is {kind:Words}"))
def opens_with_cookie(world: World, kind: str) -> None:
    """A cookie is there, a session isn't."""
    guarding.open_with_cookie(world, kind)


@when(sentence('someone without cookies opens the protected page with the header "{header:Quoted}"'))
def opens_with_header(world: World, header: str) -> None:
    """A header that only servers send each other."""
    guarding.open_with_header(world, header)


@when("a stranger opens the protected page")
def visitor_opens(world: World) -> None:
    """Without cookies."""
    guarding.open_as_visitor(world)


@then("the stranger is sent to the sign-in page")
def sent_to_sign_in(world: World) -> None:
    """By redirect or from within the page."""
    guarding.must_lead_to_sign_in(world)


@when(sentence("{alias:Person} asks for her {place:Place}"))
def asks_for_place(world: World, alias: str, place: str) -> None:
    """With her own session."""
    world.answer = world.places.open(place, alias, world.session_of(alias), world.person(alias))


@when(sentence("{alias:Person} lists her tasks at the API"))
def lists_at_api(world: World, alias: str) -> None:
    """With her own token."""
    world.answer = world.tasks.listed(world.person(alias)).pages[0]


@then("no shared cache may keep the answer")
def not_shared(world: World) -> None:
    """By Cache-Control and Expires."""
    keeping.must_not_be_shared(world, "Ann")


@when(sentence("someone finds out which of {alias:Person}'s cookies sign her in"))
def finds_cookies(world: World, alias: str) -> None:
    """By elimination."""
    keeping.find_authenticating(world, alias)


@then("there is one, and each is HttpOnly")
def each_http_only(world: World) -> None:
    """No script can read it."""
    keeping.must_carry(world, "Ann", "HttpOnly")


@then("there is one, and each is Secure")
def each_secure(world: World) -> None:
    """It travels over https only."""
    keeping.must_carry(world, "Ann", "Secure")
