"""What scenarios about protected pages do and demand."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx

from harness.core.findings import HarnessError, Unmet
from harness.core.provenance import Changed, Joined, Random, made
from harness.core.vocabulary import Vocabulary
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.held import cookie_session
from harness.deployment.page_visits import ANYONE
from harness.deployment.protected_page import ProtectedPage
from harness.deployment.trail import Trail, follow
from harness.flows.common import id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.core.exchange import Headers
    from harness.scenario.world import World


SPELLINGS = Vocabulary("spelling of a page's path", {"at its own path": "", "with a trailing slash": "/"})
"""What follows the path."""

_NO_HEADERS = "no extra header"

_COMMON_NAMES = ("session", "sessionid", "sid", "token", "auth", "connect.sid", "session_token", "access_token")


def _every_name(name: str) -> tuple[str, ...]:
    bare = name.removeprefix("__Secure-").removeprefix("__Host-")
    return (bare, f"__Secure-{bare}", f"__Host-{bare}", *_COMMON_NAMES)


def _random_session() -> str:
    pieces = Random(secrets.token_urlsafe(24)), ".", Random(secrets.token_urlsafe(32))
    return made("random session", Joined(pieces))


COOKIES: Vocabulary[Callable[[str, str], dict[str, str]]] = Vocabulary(
    "session cookie that is none",
    {
        "made up": lambda name, _: {name: _random_session()},
        "made up, under every name": lambda name, _: dict.fromkeys(_every_name(name), _random_session()),
        "altered": lambda name, value: {name: made("altered session", Changed("damaged", value))},
    },
)
"""Cookies in place of a session cookie of that name and value.

Where several are needed together, each is replaced in turn, beside the others as they are.
"""


def open_spelled(world: World, alias: str, spelling: str) -> None:
    """Open every protected page without cookies, its path in that spelling."""
    for page in _pages(world, alias):
        path = page.own_path + SPELLINGS[spelling]
        what = f"an anonymous client opening {path} ({spelling})"
        _attempt(world, alias, replace(page, asked=path), what, ANONYMOUS)


def request_with(world: World, alias: str, headers: str) -> None:
    """Request every protected page without cookies and with these headers."""
    extra = _headers(headers)
    for page in _pages(world, alias):
        what = f"an anonymous client requesting {page.own_path} ({headers})"
        _attempt(world, alias, page, what, ANONYMOUS, extra)


def request_by(world: World, alias: str, method: str) -> None:
    """Request every protected page without cookies and by that method."""
    for page in _pages(world, alias):
        what = f"an anonymous client's {method} {page.own_path}"
        _attempt(world, alias, replace(page, method=method), what, ANONYMOUS)


def _pages(world: World, alias: str) -> Iterator[ProtectedPage]:
    """Every protected page, each with its control."""
    for path in world.deployment.pages.protected:
        page = ProtectedPage(world.deployment, path)
        if page.key(alias) not in world.judge.controls:
            check = page.control(alias, world.session_of(alias), world.person(alias))
            world.judge.control(page.key(alias), check)
        yield page


def _headers(written: str) -> Headers:
    """The headers of an Examples row: ``Name: value and Name: value``."""
    pairs = [] if written == _NO_HEADERS else [one.partition(": ") for one in written.split(" and ")]
    if not all(name and value for name, _, value in pairs):
        raise HarnessError(f'"{written}" names no headers; write them as Name: value and Name: value')
    return tuple((name, value) for name, _, value in pairs)


def _attempt(
    world: World, alias: str, page: ProtectedPage, what: str, credential: Credential, extra: Headers = ()
) -> None:
    world.judge.attempt(page.attempt("an anonymous client", credential, world.person(alias), what, extra))


def open_with_cookie(world: World, alias: str, kind: str) -> None:
    """Open the person's protected page with a session cookie that is none."""
    cookie_session(world.target)
    session = world.deployment.access.captured_session(world.device(alias, "first device"))
    page = ProtectedPage(world.deployment)
    what = f"opening {page.own_path} with a session cookie that is {kind}"
    for name, value in session.cookies.items():
        cookies = {**session.cookies, **COOKIES[kind](name, value)}
        _attempt(world, alias, page, what, Credential(kind, cookies))


@dataclass(frozen=True)
class DeadVisits:
    """How far a browser with a dead session cookie got, by path."""

    trails: dict[str, Trail]


def open_with_dead_session(world: World, alias: str) -> None:
    """Open the protected page and the sign-in page with made-up cookies."""
    cookie_session(world.target)
    session = world.deployment.access.captured_session(world.device(alias, "first device"))
    dead = Credential("a dead session", {name: _random_session() for name in session.cookies})
    paths = (world.deployment.pages.protected[0], world.deployment.pages.sign_in)
    who = "a browser with a dead session"
    trails = {path: follow(world.deployment, path, who, dead, through_sign_in=True) for path in paths}
    world.remember(DeadVisits(trails))


def must_have_ended(world: World) -> None:
    """Raise Unmet if a way never ends, or in a crash."""
    world.judge.needs(ProtectedPage.word)
    for path, trail in world.recall(DeadVisits).trails.items():
        is_broken = httpx.codes.is_server_error(trail.end.status)
        if trail.circle or is_broken:
            came = trail.circles if trail.circle else f"answered {trail.end.status}"
            expected = f"that a browser with a dead session cookie gets an answer at {path}"
            raise Unmet(expected, f"it was {came}", trail.exchanges[-3:])


def open_with_header(world: World, alias: str, header: str) -> None:
    """Open the person's protected page with an internal header.

    One that rewrites paths is also sent to a public page with the protected path, and the other way round:
    then guard and server look at different paths.
    """
    name, _, template = header.partition(": ")
    page, public = ProtectedPage(world.deployment), world.deployment.pages.sign_in
    path = page.own_path
    user = id_of(world, alias) if name.endswith("Id") else world.person(alias).email
    ways = [(path, path), (public, path), (path, public)] if "{page}" in template else [(path, path)]
    for asked, named in ways:
        value = template.format(page=named, user=user)
        what = f"an anonymous client opening {asked} with {name}: {value}"
        _attempt(world, alias, replace(page, asked=asked), what, ANONYMOUS, ((name, value),))


# --- the way to sign-in ---


@dataclass(frozen=True)
class AnonymousVisit:
    """How far an anonymous client got towards the protected page."""

    page: ProtectedPage
    trail: Trail


def open_anonymously(world: World) -> None:
    """Open the protected page without cookies, to see where it leads."""
    page = ProtectedPage(world.deployment)
    trail = follow(world.deployment, page.own_path, ANYONE, ANONYMOUS)
    world.remember(AnonymousVisit(page, trail))


def must_lead_to_sign_in(world: World) -> None:
    """Raise Unmet unless it led to the sign-in page or its form."""
    visit = world.recall(AnonymousVisit)
    world.judge.needs(visit.page.word)
    trail = visit.trail
    if trail.to_sign_in or visit.page.visits.asks_to_sign_in(trail.end):
        return
    location = trail.end.header("location")
    where = f", Location: {location}" if location else ""
    came = trail.circles if trail.circle else f"answered {trail.end.status} at {trail.end.url}{where}"
    raise Unmet(
        f"that an anonymous client is led to {world.deployment.pages.sign_in}",
        f"it was {came}",
        trail.exchanges[-3:],
    )
