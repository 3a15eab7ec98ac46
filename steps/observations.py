"""Sentences of observations.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import client_assets, observation_tour, observations, renewed_pages
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} and an anonymous client have asked for her places"))
def have_asked(world: World, alias: str) -> None:
    """The least that there is to examine; once for all scenarios."""
    observation_tour.tour(world, alias)


@when("each response of this run is examined")
def is_examined(world: World) -> None:
    """Those of the scenarios before, too."""
    observations.examine(world)


@when(
    sentence(
        "{alias:Person} opens the public pages and the files of her page, each time her session is due for renewal"
    )
)
def opens_public_pages(world: World, alias: str) -> None:
    """What renews a session, and what a shared cache may keep."""
    renewed_pages.open_when_due(world, alias)


@then(sentence("no response of the run {rule:Rule}"))
def none_does(world: World, rule: str) -> None:
    """Nothing was tried: it is what responses reveal in passing."""
    observations.none_may(world, rule)


@when(sentence("an attacker downloads each page of {alias:Person}'s and its scripts"))
def downloads(world: World, alias: str) -> None:
    """What everybody's browser has."""
    client_assets.download(world, alias)


@then("none of it has a secret of the server")
def has_no_secret(world: World) -> None:
    """The signing secret, a private key, a database's password."""
    client_assets.must_hold_no_secret(world)
