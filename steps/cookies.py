"""Sentences of cookies.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import cookies, odd_signups
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person}'s cookies are tried to find those that sign her in"))
def finds_cookies(world: World, alias: str) -> None:
    """By elimination."""
    cookies.find_authenticating(world, alias)


@then(sentence("every cookie that signs {_alias:Person} in is HttpOnly"))
def each_http_only(world: World) -> None:
    """No script can read it."""
    cookies.must_carry(world, "HttpOnly")


@then(sentence("every cookie that signs {_alias:Person} in is Secure"))
def each_secure(world: World) -> None:
    """It travels over https only."""
    cookies.must_carry(world, "Secure")


@when(sentence("{alias:Person} signs in on a borrowed computer and asks not to be remembered"))
def signs_in_for_once(world: World, alias: str) -> None:
    """In the words that the profile has for it."""
    cookies.sign_in_for_once(world, alias)


@when(sentence("{alias:Person} closes the browser of the borrowed computer"))
def closes_browser(world: World, alias: str) -> None:
    """Cookies without an end of their own go with it."""
    cookies.close_browser(world, alias)


@then(sentence("the borrowed computer no longer signs {alias:Person} in"))
def is_not_remembered(world: World, alias: str) -> None:
    """Ask the session endpoint with the cookies that are left."""
    cookies.must_not_be_remembered(world, alias)


@when(sentence("{alias:Person} signs up with a name of 3000 characters"))
def signs_up_with_long_name(world: World, alias: str) -> None:
    """It may be refused."""
    odd_signups.sign_up_with_long_name(world, alias)


@then("every cookie fits into a browser")
def cookies_fit(world: World) -> None:
    """Name and value together."""
    odd_signups.must_fit_into_cookies(world)
