"""Cookies in which a part names another user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.core.provenance import Unrepeatable, made
from harness.core.redaction import register
from harness.deployment.credential import Credential
from harness.deployment.held import cookie_session, whole_name
from harness.flows.session import OWN_SESSION
from harness.wire.encoded_parts import rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_PLACES = ("session endpoint", "protected page", "task list")
_NO_SCRIPT = "It takes a value decoded, changed and encoded again, which no script does."


@dataclass(frozen=True)
class Answered:
    """What a place answered to cookies of which one was changed."""

    cookie: str
    place: str
    exchange: Exchange


@dataclass(frozen=True)
class Impersonations:
    """Every answer to cookies that name another user in a part."""

    answers: list[Answered] = field(default_factory=list)


def name_other(world: World, alias: str, other: str) -> None:
    """Ask each place with cookies in which a part names another user.

    Raises Absent where no part of them has the person's own id or address.
    """
    cookie_session(world.target)
    world.judge.needs(OWN_SESSION)
    device, person, victim = world.device(alias, "first device"), world.person(alias), world.person(other)
    words = {person.email: victim.email, **({person.id: victim.id} if person.id and victim.id else {})}
    cookies = dict(world.deployment.access.whole_jar(device).cookies)
    found = world.setdefault(Impersonations())
    for name, changed in _changed(cookies, words):
        credential = Credential(f"{alias}'s cookies with {other}'s id or address in \"{name}\"", changed)
        for word in _PLACES:
            place = world.places[word]
            if place.absence is None:
                attempt = place.attempt(f"{alias} as {other}", credential, person, credential.label)
                found.answers.append(Answered(name, word, attempt.exchange))
    if not found.answers:
        raise Absent(f"No part of {alias}'s cookies decodes to an id or address, which another's could replace.")


def _changed(cookies: Mapping[str, str], words: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The cookies with a part of one changed, and its name."""
    pieces: dict[str, list[str]] = {}
    for name in cookies:
        pieces.setdefault(whole_name(name), []).append(name)
    for whole, names in pieces.items():
        ordered = sorted(names, key=lambda name: (len(name), name))
        for value in rewritten("".join(cookies[name] for name in ordered), words):
            yield whole, {**cookies, **_cut(value, ordered, cookies)}


def _cut(value: str, names: list[str], before: Mapping[str, str]) -> dict[str, str]:
    """The value, cut into cookies as long as before."""
    cut, start = {}, 0
    for name in names:
        end = None if name == names[-1] else start + len(before[name])
        cut[name] = register(made("changed cookie", Unrepeatable(value[start:end], _NO_SCRIPT)), "cookie")
        start = end or 0
    return cut


def must_not_be_other(world: World, alias: str, other: str) -> None:
    """Raise Unmet if an answer is another user's."""
    victim = world.person(other)
    for one in world.recall(Impersonations).answers:
        expected = f'that {alias} stays {alias} with {other}\'s id or address in the cookie "{one.cookie}"'
        identity = world.deployment.identity.named_in(one.exchange) if one.place == "session endpoint" else None
        if identity is not None and (identity.is_of(victim) or (victim.id and identity.id == victim.id)):
            raise Unmet(expected, f"the session endpoint says that it is {other}", [one.exchange])
        if any(canary in one.exchange.everything for canary in victim.canaries):
            raise Unmet(expected, f"the {one.place} shows {other}'s private text", [one.exchange])
