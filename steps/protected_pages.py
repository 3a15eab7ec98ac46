"""Sentences of protected-pages.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import own_pages, page_data, protected_pages, way_to_signin
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("an anonymous client opens every protected page of {alias:Person}'s {spelling:Spelling}"))
def opens_spelled(world: World, alias: str, spelling: str) -> None:
    """Redirects are not followed."""
    protected_pages.open_spelled(world, alias, spelling)


@when(sentence("an anonymous client requests every protected page of {alias:Person}'s with {headers:Headers}"))
def requests_with(world: World, alias: str, headers: str) -> None:
    """Redirects are not followed."""
    protected_pages.request_with(world, alias, headers)


@when(sentence("an anonymous client requests every protected page of {alias:Person}'s by POST"))
def requests_by_post(world: World, alias: str) -> None:
    """An empty form, as the deployment's own page would send it."""
    protected_pages.request_by(world, alias, "POST")


@when(sentence("an attacker opens {alias:Person}'s protected page with a session cookie that is {kind:Cookie}"))
def opens_with_cookie(world: World, alias: str, kind: str) -> None:
    """A cookie is there, a session isn't."""
    protected_pages.open_with_cookie(world, alias, kind)


@when(sentence('an anonymous client opens {alias:Person}\'s protected page with the header "{header:Header}"'))
def opens_with_header(world: World, alias: str, header: str) -> None:
    """A header that only servers send each other."""
    protected_pages.open_with_header(world, alias, header)


@when(sentence('an anonymous client requests the data of {alias:Person}\'s protected page with "{header:Header}"'))
def requests_data(world: World, alias: str, header: str) -> None:
    """A header of a framework's own script, or of a prefetch."""
    page_data.request_data(world, alias, header)


@when(sentence('an anonymous client requests {alias:Person}\'s protected page at "{address:Address}"'))
def requests_at(world: World, alias: str, address: str) -> None:
    """The path is sent as it is spelled."""
    page_data.request_at(world, alias, address)


@when(sentence('an anonymous client opens the protected page through a proxy that says "{header:Header}"'))
def opens_forwarded(world: World, header: str) -> None:
    """Redirects are not followed."""
    way_to_signin.open_forwarded(world, header)


@then("the client is sent to no other host")
def sent_to_own_host(world: World) -> None:
    """A redirect without a host is the own host's."""
    way_to_signin.must_lead_to_own_host(world)


@then("no browser keeps the redirect to the sign-in page")
def redirect_is_temporary(world: World) -> None:
    """A permanent one outlives the sign-in."""
    trail = world.recall(protected_pages.AnonymousVisit).trail
    way_to_signin.must_not_be_permanent(world, trail)


@when(sentence('an anonymous client lists {alias:Person}\'s tasks with "Accept: application/json"'))
def lists_anonymously(world: World, alias: str) -> None:
    """As a script does that reads JSON."""
    way_to_signin.list_anonymously(world, alias)


@then("the client is not sent to the sign-in page")
def gets_an_error(world: World) -> None:
    """Nor does it get a page."""
    way_to_signin.must_be_an_error(world)


@when("an anonymous client opens the protected page")
def opens_anonymously(world: World) -> None:
    """Without cookies."""
    protected_pages.open_anonymously(world)


@then("the client is sent to the sign-in page")
def sent_to_sign_in(world: World) -> None:
    """By redirect or from within the page."""
    protected_pages.must_lead_to_sign_in(world)


@when(sentence("{alias:Person} opens every protected page with her own session"))
def opens_own(world: World, alias: str) -> None:
    """Redirects are followed, as a browser does."""
    own_pages.open_own(world, alias)


@then("every page has opened")
def opened_for_owner(world: World) -> None:
    """It is not the way to sign-in, nor one round in circles."""
    own_pages.must_have_opened(world)


@when(sentence("{one:Person}, {other:Person} and {_one:Person} again open the protected page"))
def open_in_turn(world: World, one: str, other: str) -> None:
    """Each with their own session, one after another."""
    own_pages.open_in_turn(world, one, other, one)


@then("each page shows nothing of the other user's")
def shows_own_only(world: World) -> None:
    """Name, address and tasks are looked for."""
    own_pages.must_show_own_only(world)


@when(
    sentence("a browser with a made-up session cookie opens {alias:Person}'s protected page and the sign-in page")
)
def opens_with_dead_session(world: World, alias: str) -> None:
    """Redirects are followed, and cookies are kept, as a browser does."""
    protected_pages.open_with_dead_session(world, alias)


@then("both pages answer, or lead to one that does")
def has_ended(world: World) -> None:
    """It is not a crash, and no redirect that never ends."""
    protected_pages.must_have_ended(world)
