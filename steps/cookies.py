"""Sentences of cookies.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import cookies
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("someone finds out which of {alias:Person}'s cookies sign her in"))
def finds_cookies(world: World, alias: str) -> None:
    """By elimination."""
    cookies.find_authenticating(world, alias)


@then("there is one, and each is HttpOnly")
def each_http_only(world: World) -> None:
    """No script can read it."""
    cookies.must_carry(world, "HttpOnly")


@then("there is one, and each is Secure")
def each_secure(world: World) -> None:
    """It travels over https only."""
    cookies.must_carry(world, "Secure")
