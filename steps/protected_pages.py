"""Sentences of protected-pages.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import protected_pages
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("someone without cookies opens every protected page {how:Words}"))
def stranger_opens(world: World, how: str) -> None:
    """Redirects are not followed."""
    protected_pages.open_as_stranger(world, how.removeprefix("as ") if how != "as it is" else how)


@when(sentence("someone opens the protected page with a session cookie that is {kind:Words}"))
def opens_with_cookie(world: World, kind: str) -> None:
    """A cookie is there, a session isn't."""
    protected_pages.open_with_cookie(world, kind)


@when(sentence('someone without cookies opens the protected page with the header "{header:Quoted}"'))
def opens_with_header(world: World, header: str) -> None:
    """A header that only servers send each other."""
    protected_pages.open_with_header(world, header)


@when("a stranger opens the protected page")
def visitor_opens(world: World) -> None:
    """Without cookies."""
    protected_pages.open_as_visitor(world)


@then("the stranger is sent to the sign-in page")
def sent_to_sign_in(world: World) -> None:
    """By redirect or from within the page."""
    protected_pages.must_lead_to_sign_in(world)
