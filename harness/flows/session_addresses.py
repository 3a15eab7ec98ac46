"""Sessions in addresses: taken from there, or put there by the deployment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from harness.core.exchange import origin_of
from harness.core.findings import NotTested, Unmet
from harness.core.provenance import Segments, made
from harness.core.spellings import unquoted
from harness.core.vocabulary import Vocabulary
from harness.deployment import held
from harness.deployment.credential import Credential
from harness.deployment.destination import destination_of
from harness.deployment.refusal import Attempt
from harness.deployment.trail import follow
from harness.flows.captured import OpenedPlaces, key_of
from harness.flows.frozen_copies import CapturedSession
from harness.wire.html import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.deployment.place import Place
    from harness.scenario.world import World

_WHO = "the attacker"
_SHORTEST = 16
"""Characters from which on a text in an address is the session, and no accident."""
_LINKS = ("href", "src", "action", "formaction", "content")
_HEADERS = ("location", "content-location", "refresh", "link")
_IN_TEXT = re.compile(r"(?:https?:\\?/\\?/|\\?/)[^\s\"'<>]*")
"""An address in a text, such as a field of JSON."""


def _parameter(name: str) -> Callable[[str, str], tuple[dict[str, str], str]]:
    return lambda _cookie, value: ({name: value}, "")


ADDRESSES: Vocabulary[Callable[[str, str], tuple[dict[str, str], str]]] = Vocabulary(
    "place in an address where no session belongs",
    {
        "as session": _parameter("session"),
        "as token": _parameter("token"),
        "as sessionid": _parameter("sessionid"),
        "under the name of its cookie": lambda cookie, value: ({cookie: value}, ""),
        "as ;jsessionid": lambda _cookie, value: ({}, f";jsessionid={quote(value, safe='')}"),
    },
)
"""What of an address holds the session: parameters of the query, and the end of the path."""


# --- taken from an address ---


def present_in_address(world: World, place_in_address: str) -> None:
    """Present the captured session in the address alone.

    As the cookie has it, decoded, and without what may be its signature. Raises Absent where the session is in no
    cookie.
    """
    held.cookie_session(world.target)
    captured = world.recall(CapturedSession)
    for word in world.recall(OpenedPlaces).places:
        for name, value in captured.credential.cookies.items():
            for spelling in spelled(value):
                query, ending = ADDRESSES[place_in_address](name, spelling)
                _present(world, word, place_in_address, query, ending)


def spelled(value: str) -> list[str]:
    """A cookie's value, decoded, and without what may be a signature."""
    plain = unquote(unquoted(value))
    token = plain.removeprefix("s:").rpartition(".")[0]
    if value.startswith(f"{token}."):
        token = made("unsigned session", Segments(value, 1, value.count(".")))
    return list(dict.fromkeys([value, plain, *([token] if len(token) >= _SHORTEST else [])]))


def _present(world: World, word: str, where: str, query: dict[str, str], ending: str) -> None:
    captured, place = world.recall(CapturedSession), world.places[word]
    owner = captured.device.person
    what = f"{owner.alias}'s session in the address, {where}, without any cookie, at the {word}"
    if ending:
        world.judge.attempt(_at_path(world, place, ending, what), key_of(word))
        return
    credential = Credential("the session in the address", query=query)
    world.judge.attempt(place.attempt(_WHO, credential, owner, what), key_of(word))


def _at_path(world: World, place: Place, ending: str, what: str) -> Attempt:
    owner = world.recall(CapturedSession).device.person
    parts = urlsplit(place.url(owner))
    url = urlunsplit(parts._replace(path=f"{parts.path}{ending}"))
    exchange = world.deployment.client.send(_WHO, "GET", url, (("Accept", "*/*"),), None)
    return Attempt(
        key=place.key(owner.alias),
        what=what,
        exchange=exchange,
        hidden=tuple(owner.canaries),
        effect=lambda: f"it opened the {place.word}" if place.opened(exchange, owner) else None,
        also_refusal=place.refuses,
    )


# --- put into an address ---


@dataclass(frozen=True)
class SeenAtSignIn:
    """A device, and the answers from sign-in to the page after it."""

    device: Device
    exchanges: tuple[Exchange, ...]


def sign_in_and_follow(world: World, alias: str, device_name: str) -> None:
    """Sign in, go where the answer leads, and visit a page."""
    device = world.new_device(alias, device_name)
    seen = [world.deployment.sessions.sign_in_verified(device)]
    destination, pages = destination_of(world.target, seen[0]), world.target.profile.pages
    if destination is not None and origin_of(destination) in world.target.origins:
        seen.append(world.deployment.document(destination, device.who, _browser(world, device, destination)))
    if pages is not None:
        path = pages.protected[0]
        credential = _browser(world, device, world.target.url("web", path))
        seen += follow(world.deployment, path, device.who, credential).exchanges
    world.remember(SeenAtSignIn(device, tuple(seen)))


def _browser(world: World, device: Device, url: str) -> Credential:
    return world.deployment.access.whole_jar(device, url)


def must_be_in_no_address(world: World) -> None:
    """Raise Unmet if an address holds a session or token.

    Raises NotTested where all are too short to be looked for.
    """
    seen = world.recall(SeenAtSignIn)
    secrets = dict(_secrets(world, seen.device))
    if not secrets:
        raise NotTested(
            f"what {seen.device.who} was given is shorter than {_SHORTEST} characters, which may stand in an "
            "address by accident."
        )
    for exchange in seen.exchanges:
        for where, address in addresses(exchange):
            found = next((what for secret, what in secrets.items() if _holds(address, secret)), None)
            if found is not None:
                raise Unmet(
                    f"that no address holds {found}",
                    f"{where} of {exchange.method} {urlsplit(exchange.url).path} has it",
                    [exchange],
                )


def _secrets(world: World, device: Device) -> Iterator[tuple[str, str]]:
    """What no address may hold, and what that is."""
    credentials, who = world.target.profile.credentials, device.who
    if credentials.session_cookie is not None:
        for value in held.session_values(world.target, device):
            yield from ((one, f"the session of {who}") for one in spelled(value) if len(one) >= _SHORTEST)
    token = credentials.token
    if device.access_token and token is not None and token.in_query is None:
        yield device.access_token, f"the access token of {who}"
    if device.refresh_token and len(device.refresh_token) >= _SHORTEST:
        yield device.refresh_token, f"the refresh token of {who}"


def _holds(address: str, secret: str) -> bool:
    # At its very beginning it is no part of an address, but a value that looks like one.
    return any(text.find(secret) > 0 for text in (address, unquote(address), unquote(unquote(address))))


def addresses(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Each address in an answer, and where it stands."""
    yield "the address itself", exchange.url
    for name in _HEADERS:
        if (value := exchange.header(name)) is not None:
            yield f"the header {name.title()} in the answer", value
    if "html" in (exchange.header("content-type") or ""):
        page = parse(exchange.text)
        for element in page.iter() if page is not None else ():
            links = ((name, element.get(name)) for name in _LINKS)
            yield from ((f"a link ({name}) in the answer", str(link)) for name, link in links if link)
    yield from (("an address in the answer", found) for found in _IN_TEXT.findall(exchange.text))
