"""Sentences of exposure.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import documentation, exposure, plain_http
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("an attacker has {alias:Person}'s browser send markup in {place:MarkupPlace}"))
def sends_markup(world: World, alias: str, place: str) -> None:
    """As a link or a form of another page does."""
    exposure.send_markup(world, alias, place)


@then("no page has the markup as an element")
def has_no_element(world: World) -> None:
    """As text it may be repeated."""
    exposure.must_have_no_element(world)


@when(sentence("an attacker requests the file {file:SensitiveFile}"))
def requests_file(world: World, file: str) -> None:
    """On each of the deployment's addresses."""
    exposure.ask_for_file(world, file)


@then("no response has what such a file has")
def has_no_content(world: World) -> None:
    """Whatever its status is."""
    exposure.must_have_no_content(world)


@given(sentence("a request over https is answered with {resource:ClearResource}"))
def is_served_over_https(world: World, resource: str) -> None:
    """The control: what is compared with."""
    plain_http.ask_over_https(world, resource)


@when("an attacker requests it over plain http")
def requests_in_clear(world: World) -> None:
    """With no credential, or with a made-up one."""
    plain_http.ask_in_clear(world)


@then("no response over plain http is the one over https")
def is_not_in_clear(world: World) -> None:
    """A redirect, a refusal and silence are right."""
    plain_http.must_not_be_served(world)


@when(sentence("an attacker requests the page {path:InternalPage}"))
def requests_page(world: World, path: str) -> None:
    """On each of the deployment's addresses."""
    documentation.ask_for_page(world, path)


@then("no response is documentation of the API or a debug page")
def is_no_documentation(world: World) -> None:
    """By what it has, whatever its status is."""
    documentation.must_be_none(world)
