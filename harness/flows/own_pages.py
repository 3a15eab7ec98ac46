"""Protected pages as their own users get them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import Indistinct
from harness.deployment.marks import marks_of, shown_in
from harness.deployment.protected_page import ProtectedPage
from harness.deployment.trail import Trail, follow

if TYPE_CHECKING:
    from harness.scenario.world import World


@dataclass(frozen=True)
class OwnPages:
    """What was wrong when a user opened their own pages."""

    findings: list[Unmet | Unavailable]


@dataclass(frozen=True)
class OwnVisits:
    """The protected page as users got it, by their names."""

    made: list[tuple[str, Trail]]


def open_own(world: World, alias: str) -> None:
    """Open every protected page with the person's own session."""
    findings: list[Unmet | Unavailable] = []
    for path in world.deployment.pages.protected:
        page = ProtectedPage(world.deployment, path)
        try:
            page.admitted(alias, world.browser_of(alias), world.person(alias))
        except (Unmet, Unavailable) as found:
            findings.append(found)
    world.remember(OwnPages(findings))


def must_have_opened(world: World) -> None:
    """Raise Unmet if a page did not open for its owner.

    Raises Unavailable where nothing shows whether one did.
    """
    found = sorted(world.recall(OwnPages).findings, key=lambda one: isinstance(one, Unavailable))
    if found:
        raise found[0]


def open_in_turn(world: World, *aliases: str) -> None:
    """Have each open the protected page with their own session."""
    page = ProtectedPage(world.deployment)
    visits = [
        (alias, follow(world.deployment, page.own_path, alias, world.browser_of(alias), through_sign_in=True))
        for alias in aliases
    ]
    world.remember(OwnVisits(visits))


def must_show_own_only(world: World) -> None:
    """Raise Unmet if a user's page shows anything of another's.

    Raises NotTested where a page did not open, Indistinct where it shows nothing of anyone.
    """
    visits = world.recall(OwnVisits).made
    users = {alias: world.person(alias) for alias, _ in visits}
    for alias, trail in visits:
        for other in (user for name, user in users.items() if name != alias):
            found = shown_in(trail.end.text, marks_of(world.target.profile, other))
            if found is not None:
                expected = f"that {alias}'s protected page shows nothing of {other.alias}'s"
                raise Unmet(expected, f"it shows {found}", trail.exchanges[-3:])
    page = ProtectedPage(world.deployment)
    for alias, trail in visits:
        if (came := page.visits.turned_away(trail)) is not None:
            raise NotTested(f"{page.own_path} did not open for {alias}, who was {came}.", "", trail.exchanges[-3:])
        if not page.opened(trail.end, users[alias]):
            raise Indistinct(
                f"the page at {page.own_path} shows neither name, address nor task of {alias}'s in its HTML, so "
                "over HTTP nothing shows whose it is; the browser scenarios judge it.",
                "If it shows something else of its owner, name it in pages.shows of the profile.",
                trail.exchanges[-1:],
            )
