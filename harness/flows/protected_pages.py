"""What scenarios about protected pages do and demand."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from harness.core.findings import HarnessError, Unmet
from harness.core.provenance import Changed, Joined, Random, made
from harness.core.vocabulary import Vocabulary
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.held import cookie_session
from harness.deployment.places import ProtectedPage
from harness.flows.common import id_of
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

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
    for page in world.deployment.pages.protected:
        path = page + SPELLINGS[spelling]
        _attempt(world, alias, path, f"an anonymous client opening {path} ({spelling})", ANONYMOUS)


def request_with(world: World, alias: str, headers: str) -> None:
    """Request every protected page without cookies and with these headers."""
    extra = _headers(headers)
    for path in world.deployment.pages.protected:
        _attempt(world, alias, path, f"an anonymous client requesting {path} ({headers})", ANONYMOUS, extra)


def _headers(written: str) -> Headers:
    """The headers of an Examples row: ``Name: value and Name: value``."""
    pairs = [] if written == _NO_HEADERS else [one.partition(": ") for one in written.split(" and ")]
    if not all(name and value for name, _, value in pairs):
        raise HarnessError(f'"{written}" names no headers; write them as Name: value and Name: value')
    return tuple((name, value) for name, _, value in pairs)


def _attempt(world: World, alias: str, path: str, what: str, credential: Credential, extra: Headers = ()) -> None:
    page = ProtectedPage(world.deployment, path)
    world.judge.attempt(page.attempt("an anonymous client", credential, world.person(alias), what, extra))


def open_with_cookie(world: World, alias: str, kind: str) -> None:
    """Open the person's protected page with a session cookie that is none."""
    cookie_session(world.target)
    session = world.deployment.access.captured_session(world.device(alias, "first device"))
    path = world.deployment.pages.protected[0]
    what = f"opening {path} with a session cookie that is {kind}"
    for name, value in session.cookies.items():
        cookies = {**session.cookies, **COOKIES[kind](name, value)}
        _attempt(world, alias, path, what, Credential(kind, cookies))


def open_with_header(world: World, alias: str, header: str) -> None:
    """Open the person's protected page with an internal header.

    One that rewrites paths is also sent to a public page with the protected path, and the other way round:
    then guard and server look at different paths.
    """
    name, _, template = header.partition(": ")
    page, public = world.deployment.pages.protected[0], world.deployment.pages.sign_in
    user = id_of(world, alias) if name.endswith("Id") else world.person(alias).email
    ways = [(page, page), (public, page), (page, public)] if "{page}" in template else [(page, page)]
    for path, named in ways:
        value = template.format(page=named, user=user)
        _attempt(
            world,
            alias,
            path,
            f"an anonymous client opening {path} with {name}: {value}",
            ANONYMOUS,
            ((name, value),),
        )


def open_anonymously(world: World) -> None:
    """Open the protected page without cookies, to see where it leads."""
    page = world.deployment.pages.protected[0]
    world.remember(Answer(world.deployment.page(page, "an anonymous client", ANONYMOUS)))


def must_lead_to_sign_in(world: World) -> None:
    """Raise Unmet unless the answer leads to the sign-in page."""
    world.judge.needs(ProtectedPage.word)
    answer = world.last()
    in_page = "http-equiv" in answer.text.lower() and world.deployment.pages.sign_in in answer.text
    if not world.deployment.to_sign_in(answer) and not in_page:
        raise Unmet(
            f"that an anonymous client is led to {world.deployment.pages.sign_in}",
            f"it was answered {answer.status}, Location: {answer.header('location')}",
            [answer],
        )
