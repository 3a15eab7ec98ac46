"""What scripts of other sites may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.findings import NotTested, Unmet
from harness.deployment.held import cookie_session
from harness.flows.foreign_page import FOREIGN, Site, allows, takes_credentials
from harness.flows.lookalike_sites import SEE_FIRST, SITES
from harness.wire.request import Request

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World


@dataclass(frozen=True)
class CrossOriginAnswers:
    """The responses to a script of another site, without and with preflight.

    ``control`` is the control that showed that the place works.
    """

    control: str
    site: Site
    simple: Exchange
    preflight: Exchange


@dataclass(frozen=True)
class OfManySites:
    """The responses to scripts of several sites."""

    answers: list[CrossOriginAnswers]


def ask_across_origins(world: World, alias: str, word: str) -> None:
    """Request a place as a script of another site does.

    Without and with a preflight, with the person's credential.
    """
    world.remember(OfManySites([_asked_by(world, alias, word, FOREIGN)]))


def ask_across_lookalikes(world: World, alias: str, word: str, sites: list[str]) -> None:
    """Request a place as scripts of these sites do.

    Raises NotTested where a script of any other site may read it.
    """
    first = _asked_by(world, alias, word, FOREIGN)
    if any(allows(answer, FOREIGN.origin) for answer in (first.simple, first.preflight)):
        raise NotTested(
            f"any other site may read the {word}.",
            SEE_FIRST,
            [first.simple, first.preflight],
            blocker=Blocker.MISSING,
        )
    asking = (SITES[name](world.target.origin) for name in sites)
    answers = [_asked_by(world, alias, word, site) for site in asking if site is not None]
    world.remember(OfManySites(answers))


def _asked_by(world: World, alias: str, word: str, site: Site) -> CrossOriginAnswers:
    place, device = world.places[word], world.device(alias, "first device")
    if place.by_session:
        cookie_session(world.target)
    plain = place.credential(device).onto(Request("GET", place.url(device.person)))
    simple = plain.adding(headers=[("Origin", site.origin), *site.script()])
    # A browser asks first without any credential, but for the address, which is the same.
    preflight = replace(simple, method="OPTIONS", headers=site.before("GET", "authorization"), cookies={})
    client = world.deployment.client
    answers = (client.send("a foreign page", *request.encoded()) for request in (simple, preflight))
    return CrossOriginAnswers(place.key(alias), site, *answers)


def must_not_be_readable(world: World, *, with_credentials: bool) -> None:
    """Raise Unmet when an answer allows a foreign site to read it."""
    for answers in world.recall(OfManySites).answers:
        world.judge.needs(answers.control)
        for answer in (answers.simple, answers.preflight):
            _must_not_allow(answer, answers.site.origin, with_credentials=with_credentials)


def _must_not_allow(answer: Exchange, origin: str, *, with_credentials: bool) -> None:
    credentials = takes_credentials(answer)
    if allows(answer, origin) and (credentials or not with_credentials):
        raise Unmet(
            f"that {origin} is not allowed to read {answer.url}",
            f"Access-Control-Allow-Origin is {origin}" + (" and credentials are allowed" if credentials else ""),
            [answer],
        )
