"""Sentences of protected-pages.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import protected_pages
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("someone without cookies opens every protected page of {alias:Person}'s {spelling:Words}"))
def stranger_opens(world: World, alias: str, spelling: str) -> None:
    """Redirects are not followed."""
    protected_pages.open_as_stranger(world, alias, spelling)


@when(sentence("someone without cookies asks for every protected page of {alias:Person}'s as {form:Words}"))
def stranger_asks_as(world: World, alias: str, form: str) -> None:
    """Redirects are not followed."""
    protected_pages.ask_as_stranger(world, alias, form)


@when(sentence("someone opens {alias:Person}'s protected page with a session cookie that is {kind:Words}"))
def opens_with_cookie(world: World, alias: str, kind: str) -> None:
    """A cookie is there, a session isn't."""
    protected_pages.open_with_cookie(world, alias, kind)


@when(sentence('someone without cookies opens {alias:Person}\'s protected page with the header "{header:Quoted}"'))
def opens_with_header(world: World, alias: str, header: str) -> None:
    """A header that only servers send each other."""
    protected_pages.open_with_header(world, alias, header)


@when("a stranger opens the protected page")
def visitor_opens(world: World) -> None:
    """Without cookies."""
    protected_pages.open_as_visitor(world)


@then("the stranger is sent to the sign-in page")
def sent_to_sign_in(world: World) -> None:
    """By redirect or from within the page."""
    protected_pages.must_lead_to_sign_in(world)
