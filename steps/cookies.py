"""Sentences of cookies.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import cookies
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
