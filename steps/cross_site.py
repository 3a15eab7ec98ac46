"""Sentences of cross-site.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import cors, cross_site, login_csrf, lookalike_sites, own_origin, task_links
from harness.flows.lookalike_sites import SITES
from harness.flows.task_links import LINKS
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s own page can {action:Action}"))
def own_page_can(world: World, alias: str, action: str) -> None:
    """The control for pages of other sites."""
    cross_site.control_action(world, alias, action)


@when(
    sentence(
        "a page of another site tries to {action:Action} with {alias:Person}'s cookies, "
        "in every form that needs no preflight"
    )
)
def foreign_page_tries(world: World, action: str, alias: str) -> None:
    """Text, form, multipart and empty bodies."""
    cross_site.from_foreign_page(world, alias, action, as_json=False)


@when(sentence("a page of another site tries to {action:Action} with {alias:Person}'s cookies, as JSON"))
def foreign_page_tries_json(world: World, action: str, alias: str) -> None:
    """A body that needs a preflight."""
    cross_site.from_foreign_page(world, alias, action, as_json=True)


@when(sentence("pages of these origins try to {action:Action} with {alias:Person}'s cookies", SITES))
def lookalike_pages_try(world: World, action: str, alias: str, datatable: list[list[str]]) -> None:
    """Each with the bodies that show most."""
    lookalike_sites.from_lookalike_pages(world, alias, action, [site for (site,) in datatable])


@when(
    sentence(
        "a page of another site tries to {action:Action} with {alias:Person}'s cookies, "
        "with less usual types of the body"
    )
)
def foreign_page_spells_types(world: World, action: str, alias: str) -> None:
    """Types that need no preflight either."""
    lookalike_sites.with_spelled_types(world, alias, action)


@then("no attempt has an effect")
def has_no_effect(world: World) -> None:
    """By effect."""
    cross_site.must_be_stopped(world, same_site_counts=False)


@then("no attempt has an effect, or SameSite withholds the cookie")
def has_no_effect_or_same_site(world: World) -> None:
    """No browser would send such a cookie with these requests."""
    cross_site.must_be_stopped(world, same_site_counts=True)


@when(sentence("{alias:Person}'s credential is sent with links of these kinds", LINKS))
def follows_links(world: World, alias: str, datatable: list[list[str]]) -> None:
    """By GET, as whatever a link stands in causes it."""
    task_links.follow_links(world, alias, [link for (link,) in datatable])


@then(sentence("none of them changes a task of {alias:Person}'s"))
def links_change_nothing(world: World, alias: str) -> None:
    """As the owner's own list has them."""
    task_links.must_have_changed_nothing(world, alias)


@when(sentence("a script of another site requests {alias:Person}'s {place:Place}, with and without a preflight"))
def foreign_script_requests(world: World, alias: str, place: str) -> None:
    """With an Origin, as a browser sends it."""
    cors.ask_across_origins(world, alias, place)


@when(
    sentence(
        "scripts of these origins request {alias:Person}'s {place:Place}, with and without a preflight", SITES
    )
)
def lookalike_scripts_request(world: World, alias: str, place: str, datatable: list[list[str]]) -> None:
    """With the Origin of each."""
    cors.ask_across_lookalikes(world, alias, place, [site for (site,) in datatable])


@then("no response allows that site to read it with credentials")
def not_readable_with_credentials(world: World) -> None:
    """By the CORS headers."""
    cors.must_not_be_readable(world, with_credentials=True)


@then("no response names that site as an allowed origin")
def not_readable(world: World) -> None:
    """By the CORS headers."""
    cors.must_not_be_readable(world, with_credentials=False)


@when(sentence("{alias:Person}'s own page changes her name"))
def own_page_changes_name(world: World, alias: str) -> None:
    """As the deployment's own page does it."""
    cross_site.act_on_own_page(world, alias, "change her name")


@then(sentence("{_alias:Person}'s session has the new name"))
def has_new_name(world: World) -> None:
    """As the session endpoint says."""
    cross_site.must_have_acted(world)


@when(sentence("a page of another site sends {alias:Person}'s address and password in its own forms"))
def foreign_page_signs_in(world: World, alias: str) -> None:
    """As an attacker's page does, with an account of the attacker's."""
    login_csrf.sign_in_from_foreign_page(world, alias)


@then("no attempt signs its visitor in")
def visitor_is_not_signed_in(world: World) -> None:
    """The cookies that came are tried."""
    world.judge.all_refused()


@when(sentence("{alias:Person} signs in and out on a page of the deployment's own origin"))
def own_page_signs_in_and_out(world: World, alias: str) -> None:
    """In a browser of her own."""
    own_origin.sign_in_and_out(world, alias)


@then(sentence("both are carried out for {alias:Person}"))
def own_origin_is_accepted(world: World, alias: str) -> None:
    """Signed in first, and then signed out."""
    own_origin.must_be_carried_out(world, alias)
