"""Sentences of browser-markup.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import browser_markup
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person}'s name and the title of a task are {markup:Markup}"))
def fields_are_markup(world: World, alias: str, markup: str) -> None:
    """Until her pages were seen."""
    browser_markup.show_markup(world, alias, markup)


@then("her pages show them as text")
def shown_as_text(world: World) -> None:
    """No element, no attribute and no script was made of it."""
    browser_markup.must_be_text(world)
