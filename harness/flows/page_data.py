"""A page's data, by headers of a script's or at another address.

What comes to an anonymous client may be an empty answer, an error or the frame of a page. Only private text is a
failure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.exchange import origin_of
from harness.deployment.credential import ANONYMOUS
from harness.deployment.destination import destination_of, is_sign_in
from harness.deployment.page_visits import ANYONE
from harness.deployment.protected_page import ProtectedPage
from harness.deployment.refusal import Attempt
from harness.wire.header_text import on_wire

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.deployment.people import Person
    from harness.scenario.world import World

_MOST_HOPS = 3
_BUILD_ID = re.compile(
    r'"buildId"\s*:\s*"([\w.-]+)"|/([\w.-]+)/_(?:build|ssg)Manifest\.js|\\"b\\":\\"([\w-]{8,})\\"'
)
"""How a page names the build whose data a script asks for."""


def request_data(world: World, alias: str, header: str) -> None:
    """Ask for the page without cookies and with a script's header."""
    page = ProtectedPage(world.deployment)
    name, _, template = header.partition(": ")
    value = template.format(page=page.own_path)
    _attempt(world, alias, page.own_path, f"requesting {page.own_path} with {name}: {value}", ((name, value),))


def request_at(world: World, alias: str, address: str) -> None:
    """Ask without cookies at another address of the page."""
    page = ProtectedPage(world.deployment)
    asked = _spelled(world, alias, page, address)
    if asked == page.own_path:
        raise Absent(f"The path {page.own_path} has no other spelling of that kind.")
    _attempt(world, alias, asked, f"requesting {asked}", ())


def _spelled(world: World, alias: str, page: ProtectedPage, address: str) -> str:
    path = page.own_path
    if "{build}" in address:
        address = address.replace("{build}", _build_of(world, alias, page))
    letter = next((one for one in path if one.isalpha()), "")
    encoded = path.replace(letter, f"%{ord(letter):02x}", 1) if letter else path
    for word, spelled in {"{page}": path.rstrip("/"), "{PAGE}": path.upper(), "{encoded page}": encoded}.items():
        address = address.replace(word, spelled)
    return address


def _build_of(world: World, alias: str, page: ProtectedPage) -> str:
    """The id of the build that a page names."""
    owner, sign_in = world.browser_of(alias), world.deployment.pages.sign_in
    texts = [
        page.visits.of(alias, owner).end.text,
        world.deployment.page(sign_in, ANYONE, ANONYMOUS).text,
    ]
    found = next((match for text in texts if (match := _BUILD_ID.search(text))), None)
    if found is None:
        raise Absent("No page names the id of a build, so that no data route is known.")
    return next(group for group in found.groups() if group)


def _attempt(world: World, alias: str, asked: str, what: str, extra: Headers) -> None:
    page, owner = ProtectedPage(world.deployment), world.person(alias)
    *way, end = _answers(world, asked, extra)
    world.judge.attempt(
        Attempt(
            key=page.key(alias),
            what=f"an anonymous client {what}",
            exchange=end,
            way=tuple(way),
            hidden=tuple(owner.canaries),
            effect=lambda: _shown(page, owner, end),
            also_refusal=lambda _: True,
            harmless_crash=True,
        )
    )


def _shown(page: ProtectedPage, owner: Person, end: Exchange) -> str | None:
    return f"it opened the {page.word}" if page.opened(end, owner) else None


def _answers(world: World, asked: str, extra: Headers) -> list[Exchange]:
    """What came, with redirects inside the deployment followed.

    A path is sent as it is spelled. A redirect may lead to the same page under its usual address, or with a
    parameter for caches; the headers go along.
    """
    url = world.target.url("web", asked)
    answers: list[Exchange] = []
    headers = [("Accept", b"*/*"), *((name, on_wire(value)) for name, value in extra)]
    while len(answers) <= _MOST_HOPS:
        answers.append(world.deployment.client.send_verbatim(ANYONE, "GET", url, headers))
        following = destination_of(world.target, answers[-1])
        is_own = following is not None and origin_of(following) in world.target.origins
        if following is None or not is_own or is_sign_in(world.target, following):
            break
        url = following
    return answers
