"""What routes that look up users tell of another user."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import httpx

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.text import abridged
from harness.core.vocabulary import Vocabulary
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.difference import difference
from harness.deployment.lookups import lookup_routes
from harness.deployment.presence import is_nowhere
from harness.deployment.quotation import json_of
from harness.deployment.request import perform
from harness.deployment.tampered import UNTAMPERED, Tampering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.lookups import LookupRoute
    from harness.deployment.people import Person
    from harness.scenario.world import World

_TELLING = 16
"""Characters of an id that nothing else is by chance."""
_LONGER = Tampering(query={"limit": "1000", "page_size": "1000", "per_page": "1000"})
"""What a list is asked for as well, whose first page may lack a new user."""
_COMPARED = ("content-type", "location")
"""Headers that say something of a user; others differ by themselves."""


def _of_both(world: World, alias: str) -> Credential:
    """The session, and a token where there is one."""
    device = world.device(alias, "first device")
    access = world.deployment.access
    session = access.browser_session(device)
    if world.target.profile.credentials.token is None:
        return session
    token = access.bearer(access.access_token(device), device.who)
    return replace(
        session,
        cookies={**session.cookies, **token.cookies},
        headers=tuple({**dict(session.headers), **dict(token.headers)}.items()),
        query={**session.query, **token.query},
    )


CALLERS: Vocabulary[Callable[[World, str], Credential]] = Vocabulary(
    "caller of a lookup",
    {"as a signed-in user": _of_both, "without a credential": lambda _world, _alias: ANONYMOUS},
)
"""What a caller presents who looks for another user."""


@dataclass(frozen=True)
class Told:
    """What a route answered about a user, and about unknown ones."""

    route: LookupRoute
    plain: Exchange
    strangers: tuple[Exchange, ...] = ()
    addresses: tuple[str, ...] = ()
    longer: Exchange | None = None


@dataclass(frozen=True)
class Lookups:
    """All answers to a caller who looked for another user."""

    owner: Person
    who: str
    told: list[Told] = field(default_factory=list)


def look_up(world: World, other: str, alias: str, how: str) -> None:
    """Ask each route that looks up users.

    Raises NotApplicable where none is known.
    """
    owner, who = world.person(alias), other if CALLERS[how] is _of_both else "an anonymous client"
    routes = [route for route in lookup_routes(world.deployment) if owner.id or "{user_id}" not in route.path]
    if not routes:
        raise NotApplicable(
            "The profile declares no routes that look up users (write "
            '`user_lookups = ["/users", "/users?email={email}"]`), and no OpenAPI document describes any.'
        )
    credential = CALLERS[how](world, other)
    lookups = Lookups(owner, who, [_asked(world, route, who, credential, owner) for route in routes])
    world.remember(lookups)


def _asked(world: World, route: LookupRoute, who: str, credential: Credential, owner: Person) -> Told:
    def ask(values: dict[str, str], tampering: Tampering = UNTAMPERED) -> Exchange:
        return perform(world.target, world.deployment.client, who, route.operation, values, credential, tampering)

    if route.takes_address:
        unknown = [
            {"user_id": str(uuid.uuid4()), "email": world.cast.factory.person("Eve").email} for _ in range(2)
        ]
        before, plain, after = ask(unknown[0]), ask(owner.values), ask(unknown[1])
        return Told(route, plain, (before, after), (owner.email, *(one["email"] for one in unknown)))
    plain = ask(owner.values)
    is_list = httpx.codes.is_success(plain.status) and json_of(plain) is not None and "{" not in route.path
    return Told(route, plain, longer=ask(owner.values, _LONGER) if is_list else None)


def must_tell_nothing(world: World) -> None:
    """Raise Unmet if an answer tells of the user.

    That is an address, an id or that there is an account.

    Raises NotTested where no answer can be judged.
    """
    lookups = world.recall(Lookups)
    for told in lookups.told:
        _must_disclose_nothing(lookups, told)
        _must_not_tell_apart(lookups, told)
    _must_have_been_asked(world, lookups)


def _must_disclose_nothing(lookups: Lookups, told: Told) -> None:
    for answer in filter(None, (told.plain, told.longer)):
        if (what := disclosed(answer, lookups.owner)) is not None:
            raise Unmet(
                f"that no route tells {lookups.who} {lookups.owner.alias}'s address or id",
                f"GET {told.route.path} ({told.route.place}) was answered {answer.status} with {what}",
                [answer],
            )


def _must_not_tell_apart(lookups: Lookups, told: Told) -> None:
    if not told.strangers:
        return
    before, after = map(_compared, told.strangers)
    plain, addresses = _compared(told.plain), list(told.addresses)
    if difference(before, after, addresses) is not None:
        return  # No two of its answers are alike, whoever is asked about.
    how = difference(before, plain, addresses)
    if how is not None and difference(after, plain, addresses) is not None:
        raise Unmet(
            f"that no route tells {lookups.who} whether an address has an account",
            f"GET {told.route.path} ({told.route.place}) answers otherwise for {lookups.owner.alias}'s address "
            f"than for an unknown one: {how}",
            [told.strangers[0], told.plain],
        )


def _compared(exchange: Exchange) -> Exchange:
    return replace(exchange, headers=[pair for pair in exchange.headers if pair[0].lower() in _COMPARED])


def _must_have_been_asked(world: World, lookups: Lookups) -> None:
    broken = [told.plain for told in lookups.told if httpx.codes.is_server_error(told.plain.status)]
    if len(broken) == len(lookups.told):
        raise NotTested(
            "every route that looks up users failed: "
            + abridged([f"GET {one.url} was answered {one.status}" for one in broken], 3)
            + ".",
            "Find out in the deployment's log why it answers so, and run again.",
            broken[:1],
        )
    for place in dict.fromkeys(told.route.place for told in lookups.told if "[" in told.route.place):
        of_place = [told for told in lookups.told if told.route.place == place]
        if all(is_nowhere(world.target, world.deployment.client, told.plain) for told in of_place):
            last = of_place[-1]
            raise NotTested(
                f"GET {last.route.path} was answered {last.plain.status}: it is not where {place} says.",
                "Correct its path in the profile. If there is no such route, remove the entry.",
                [last.plain],
            )


# --- what an answer discloses ---


def disclosed(answer: Exchange, owner: Person) -> str | None:
    """What an answer has of the user's beyond its request."""
    asked, text = unquote(answer.url).casefold(), html.unescape(answer.everything).casefold()
    email = owner.email.casefold()
    if email not in asked and (email in text or quote(email, safe="").casefold() in text):
        return f"{owner.alias}'s address"
    if owner.id and owner.id.casefold() not in asked and _has_id(answer, text, owner):
        return f"{owner.alias}'s id"
    return None


def _has_id(answer: Exchange, text: str, owner: Person) -> bool:
    """Whether it has the id.

    A short one counts beside the name only.
    """
    if len(owner.id) >= _TELLING:
        return re.search(rf"(?<![\w-]){re.escape(owner.id.casefold())}(?![\w-])", text) is not None
    return any(
        owner.id in map(str, table.values()) and any(owner.canary in str(value) for value in table.values())
        for table in _tables(json_of(answer))
    )


def _tables(content: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON is any
    if isinstance(content, dict):
        yield content
    for inner in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from _tables(inner)
