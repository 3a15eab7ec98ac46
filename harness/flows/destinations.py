"""Destinations of a sign-in, spelled so that they deceive a check.

They are asked for under the names that the deployment itself uses, and under common ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from harness.core.decisions import Holding
from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment.accounts import SIGN_IN
from harness.deployment.credential import ANONYMOUS
from harness.deployment.destination import destination_of
from harness.deployment.leads import leads_elsewhere
from harness.deployment.page_visits import ANYONE
from harness.deployment.protected_page import ProtectedPage
from harness.deployment.tampered import Tampering
from harness.deployment.trail import follow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange
    from harness.deployment.trail import Trail
    from harness.scenario.world import World

COMMON_NAMES = (
    "next",
    "callbackURL",
    "callbackUrl",
    "redirectTo",
    "returnTo",
    "redirect",
    "redirect_to",
    "redirect_url",
    "return_to",
    "from",
    "url",
    "continue",
    "dest",
)
"""Parameters under which applications take a destination."""

_CONTROLS = {"{TAB}": "\t", "{LF}": "\n", "{CR}": "\r", "{START}": "\x01"}


@dataclass(frozen=True)
class Responses:
    """What came for each destination, as the feature writes it."""

    came: list[tuple[str, Exchange]]


def written_out(world: World, destination: str) -> str:
    """A destination as it is sent.

    A feature writes control characters and the own host in braces.
    """
    for name, character in _CONTROLS.items():
        destination = destination.replace(name, character)
    return destination.replace("{own}", urlsplit(world.target.origin).netloc)


def names_of(world: World) -> list[str]:
    """The parameters under which a destination is asked for.

    First those with which the deployment itself sends an anonymous client to sign-in.
    """
    sign_in = world.target.profile.operations.sign_in
    declared = [name for name in (sign_in.redirect_in_query, sign_in.redirect_in_body) if name is not None]
    return list(dict.fromkeys([*_learnt(world), *declared, *COMMON_NAMES]))


def _learnt(world: World) -> list[str]:
    pages = world.target.profile.pages
    if pages is None:
        return []
    path = pages.protected[0]
    trail = follow(world.deployment, path, ANYONE, ANONYMOUS)
    ways = [destination_of(world.target, exchange) for exchange in trail.exchanges]
    queries = [parse_qsl(urlsplit(way).query) for way in ways if way is not None]
    return [name for query in queries for name, value in query if path in value]


def _inside(world: World) -> str:
    pages = world.target.profile.pages
    return pages.after_sign_in if pages is not None else "/"


# --- the sign-in page of a user who is signed in ---


def address_with(world: World, destination: str) -> str:
    """The sign-in page's address with a destination under every name."""
    path = world.deployment.pages.sign_in
    query = urlencode(dict.fromkeys(names_of(world), destination))
    return f"{path}{'&' if '?' in path else '?'}{query}"


def _open(world: World, alias: str, destination: str) -> Trail:
    address = address_with(world, destination)
    return follow(world.deployment, address, alias, world.browser_of(alias), through_sign_in=True)


def control_led_on(world: World, alias: str) -> None:
    """Note that the sign-in page sends a signed-in user on.

    Raises Absent where it doesn't.
    """

    def check() -> Exchange:
        trail, visits = _open(world, alias, _inside(world)), ProtectedPage(world.deployment).visits
        if len(trail.exchanges) == 1 or trail.to_sign_in or visits.asks_to_sign_in(trail.end):
            raise Absent("The sign-in page sends a user who is signed in nowhere.")
        if (came := visits.turned_away(trail)) is not None:
            raise Unmet("that the sign-in page sends a signed-in user on", f"it was {came}", trail.exchanges)
        return trail.end

    world.judge.control(SIGN_IN, check)


def open_towards(world: World, alias: str, destination: str) -> None:
    """Open the sign-in page with a destination, and follow where it leads."""
    trail = _open(world, alias, written_out(world, destination))
    world.remember(Responses([(destination, exchange) for exchange in trail.exchanges]))


# --- signing in ---


def _asking(world: World, place: str, destination: str) -> Tampering:
    """A sign-in that asks for a destination at that place.

    Fields of a form that a deployment does not know are ignored, those of a JSON object may be refused: there what
    is not declared goes to the query.
    """
    declared = world.target.profile.operations.sign_in
    in_body = place == "in the body"
    name = declared.redirect_in_body if in_body else declared.redirect_in_query
    fields = dict.fromkeys([name] if name is not None else names_of(world), destination)
    return Tampering(body=fields) if in_body and (name or declared.form) else Tampering(query=fields)


def control_sign_in(world: World, alias: str, places: Sequence[str]) -> None:
    """Note that each place accepts a destination inside the deployment."""
    for place in places:
        asking = _asking(world, place, _inside(world))
        world.judge.control(SIGN_IN, world.accounts.signs_in(world.person(alias), asking))


def sign_in_towards(world: World, alias: str, rows: Sequence[tuple[str, str]]) -> None:
    """Sign in once for each place and destination."""
    came: list[tuple[str, Exchange]] = []
    for place, destination in rows:
        asking = _asking(world, place, written_out(world, destination))
        device = world.new_device(alias, "laptop")
        came.append((destination, world.deployment.sessions.sign_in(device, asking)))
    world.remember(Responses(came))


def must_stay_inside(world: World) -> None:
    """Raise Unmet when an answer leads a browser to another site."""
    world.judge.needs(SIGN_IN)
    for destination, exchange in world.recall(Responses).came:
        led = leads_elsewhere(world.target, exchange)
        if led is not None:
            raise Unmet(
                f'that the destination "{destination}" leads nowhere outside the deployment',
                f'it leads to "{led}"',
                [exchange],
                [Holding(exchange, led, "the foreign destination")],
            )
