"""Sentences of cross-site.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import cross_site
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s own page can {action:Words}"))
def own_page_can(world: World, alias: str, action: str) -> None:
    """The control for pages of other sites."""
    cross_site.control_action(world, alias, action)


@when(
    sentence(
        "a page of another site tries to {action:Words} with {alias:Person}'s cookies, "
        "in every form a browser sends unasked"
    )
)
def foreign_page_tries(world: World, action: str, alias: str) -> None:
    """Text, form, multipart and empty bodies, which need no preflight."""
    cross_site.from_foreign_page(world, alias, action, as_json=False)


@when(sentence("a page of another site tries to {action:Words} with {alias:Person}'s cookies, as JSON"))
def foreign_page_tries_json(world: World, action: str, alias: str) -> None:
    """A body that needs a preflight first."""
    cross_site.from_foreign_page(world, alias, action, as_json=True)


@then("nothing came of it")
def nothing_came_of_it(world: World) -> None:
    """By effect."""
    cross_site.must_be_stopped(world, same_site_counts=False)


@then("nothing came of it, or SameSite keeps the cookie at home")
def nothing_came_of_it_or_same_site(world: World) -> None:
    """By effect, unless no browser would have sent the cookie."""
    cross_site.must_be_stopped(world, same_site_counts=True)


@when(sentence("a page of another site asks for {alias:Person}'s {place:Place}, with and without a preflight"))
def foreign_page_asks(world: World, alias: str, place: str) -> None:
    """As a script of that site would."""
    cross_site.ask_across_origins(world, alias, place)


@when(sentence("a page of another site asks the API for {alias:Person}'s tasks, with and without a preflight"))
def foreign_page_asks_api(world: World, alias: str) -> None:
    """As a script of that site would."""
    cross_site.ask_across_origins(world, alias, "API's tasks")


@then("no answer allows that site to read with credentials")
def not_readable_with_credentials(world: World) -> None:
    """By the CORS headers."""
    cross_site.must_not_be_readable(world, with_credentials=True)


@then("no answer names that site as allowed")
def not_readable(world: World) -> None:
    """By the CORS headers."""
    cross_site.must_not_be_readable(world, with_credentials=False)


@given(sentence("{alias:Person} herself can {verb:Verb} her task through the front end"))
def herself_can_through_front_end(world: World, alias: str, verb: str) -> None:
    """The control for a call that other sites must not cause."""
    world.control_task_call(verb, alias, "proxy")  # type: ignore[arg-type]
