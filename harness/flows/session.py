"""What scenarios about sessions do and demand: alter, plant, tell apart."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.provenance import Changed, Joined, Random, Segments, made
from harness.core.vocabulary import Vocabulary
from harness.deployment import held
from harness.deployment.answer import matches
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.errors import Unrecognised
from harness.deployment.held import cookie_session
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.flows.captured import CapturedSession, key_of
from harness.scenario.world import Answer
from harness.wire.secret_scanner import tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.scenario.world import World


@dataclass(frozen=True)
class PlantedSession:
    """A session cookie's value planted in a browser before sign-in."""

    cookie: str
    value: str


@dataclass(frozen=True)
class CookiesBefore:
    """The cookies that a device had before its owner signed in."""

    device: Device
    cookies: dict[str, str]


@dataclass(frozen=True)
class WhoIsThere:
    """The session endpoint's responses with a person's cookies and without."""

    own: Exchange
    bare: Exchange


# --- altering ---


def present_altered(world: World, alteration: str) -> None:
    """Present the captured session, altered, at the session endpoint."""
    captured = world.recall(CapturedSession)
    value, owner = captured.value, captured.device.person
    changed = ALTERATIONS[alteration](world, captured)
    if changed == value:
        raise NotApplicable("Two sessions of one person have the same value, so there is no other part to put in.")
    altered = captured.credential.with_value(value, changed, f"{owner.alias}'s session {alteration}")
    place = "session endpoint"
    attempt = world.places[place].attempt("the attacker", altered, owner, altered.label)
    world.judge.attempt(attempt, key_of(place))


def _damaged(_: World, captured: CapturedSession) -> str:
    return made("altered session", Changed("damaged", captured.value))


def _unsigned(_: World, captured: CapturedSession) -> str:
    return made("altered session", _without_signature(captured.value))


def _signed_as_another(world: World, captured: CapturedSession) -> str:
    unsigned = _without_signature(captured.value)
    other = Device(captured.device.person, "another device")
    world.deployment.sessions.sign_in_verified(other)
    value = held.session_value(world.target, other)
    last = value.count(".") + 1
    return made("altered session", Joined((unsigned, ".", Segments(value, last, last))))


def _without_signature(value: str) -> Segments:
    dots = value.count(".")
    if not dots:
        raise NotApplicable("The session cookie is one opaque value without a signature part.")
    return Segments(value, 1, dots)


def _token_from_body(world: World, captured: CapturedSession) -> str:
    cookie_session(world.target)
    exchange = world.deployment.sessions.sign_in_verified(Device(captured.device.person, "another device"))
    opaque = [token for token in tokens_in(exchange.body) if token.count(".") < 2]
    if not opaque:
        raise NotApplicable("Sign-in returns no opaque token in its body.")
    if opaque[0] == captured.value:
        raise NotApplicable("The token that sign-in returns is the session cookie's value itself.")
    return opaque[0]


def _random(*_: object) -> str:
    return made("random session", Random(secrets.token_urlsafe(32)))


ALTERATIONS: Vocabulary[Callable[[World, CapturedSession], str]] = Vocabulary(
    "way to alter a session cookie",
    {
        "with its first character changed": _damaged,
        "with another session's signature": _signed_as_another,
        "without its signature": _unsigned,
        "replaced by the sign-in's token": _token_from_body,
        "replaced by a random value": _random,
    },
)


# --- planting ---


def control_own_session(world: World, alias: str) -> None:
    """Note that the person's first device is signed in as that person."""
    device = world.device(alias, "first device")
    alone = world.deployment.access.captured_session(device)
    check = world.places["session endpoint"].control(device.who, alone, device.person)
    world.judge.control("a session of one's own", check)


def sign_in_over_made_up(world: World, alias: str) -> None:
    """Sign in on a laptop with a made-up session cookie."""
    cookie_session(world.target)
    (name,) = world.deployment.access.captured_session(world.device(alias, "first device")).cookies
    _sign_in_over(world, alias, PlantedSession(name, _random()))


def sign_in_over_session(world: World, alias: str, other: str) -> None:
    """Sign in on a laptop whose browser has another user's live session."""
    cookie_session(world.target)
    # Not of a first device: signing in over a session may rightly end it, and others still need that one.
    spare = Device(world.person(other), "spare device")
    world.deployment.sessions.sign_in_verified(spare)
    ((name, value),) = world.deployment.access.captured_session(spare).cookies.items()
    _sign_in_over(world, alias, PlantedSession(name, value))


def _sign_in_over(world: World, alias: str, planted: PlantedSession) -> None:
    world.remember(planted)
    device = world.new_device(alias, "laptop")
    device.jar.store([f"{planted.cookie}={planted.value}; Path=/; Secure"], world.target.url("web", "/"))
    _sign_in(world, device)


def _sign_in(world: World, device: Device) -> None:
    answer = world.deployment.sessions.sign_in(device)
    world.remember(Answer(answer))
    world.deployment.must_be_there("sign_in", answer)


def must_hold_own_session(world: World, alias: str) -> None:
    """Raise Unmet unless the laptop has a new session of its owner."""
    world.judge.needs("a session of one's own")
    device = world.device(alias, "laptop")
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    if identity is None or not identity.is_of(device.person):
        _must_have_signed_in(world)
        who = "no user" if identity is None else identity.email
        raise Unmet(f"that {device.who} is signed in as {alias}", f"it is signed in as {who}", [world.last()])
    cookie = device.jar.find(cookie_session(world.target).cookie)
    if cookie is not None and cookie.value == world.recall(PlantedSession).value:
        raise Unmet("a new session value at sign-in", "the planted value is the session now", [world.last()])


def _must_have_signed_in(world: World) -> None:
    # A refusal to sign in over another user's session is no session fixation.
    answer = world.last()
    if not matches(world.deployment.operation("sign_in").outcomes.success, answer):
        raise NotTested(
            "signing in where a session cookie was planted was refused, so none could be kept: it was answered "
            f"{quoted(answer)}.",
            "",
            [answer],
        )


def must_not_be_adopted(world: World, alias: str) -> None:
    """Raise Unmet if the planted value became the user's session."""
    world.judge.needs("a session of one's own")
    planted = world.recall(PlantedSession)
    credential = Credential("the planted value", {planted.cookie: planted.value})
    if world.deployment.identity.is_session_of(world.person(alias), credential, "the attacker"):
        raise Unmet("that a planted session value stays worthless", f"it is {alias}'s session now", [world.last()])


def visit_then_sign_in(world: World, alias: str) -> None:
    """Open the sign-in page, keep its cookies, and sign in."""
    cookie_session(world.target)
    device = world.new_device(alias, "laptop")
    exchange = world.deployment.page(world.deployment.pages.sign_in, device.who, ANONYMOUS)
    device.keep_cookies(exchange)
    world.remember(CookiesBefore(device, dict(world.deployment.access.browser_session(device).cookies)))
    _sign_in(world, device)


def must_have_changed(world: World) -> None:
    """Raise Unmet if the cookies from before sign-in are the session."""
    before = world.recall(CookiesBefore)
    if not before.cookies:
        return
    old = Credential("cookies from before", before.cookies)
    if world.deployment.identity.is_session_of(before.device.person, old, "the attacker"):
        raise Unmet(
            "a new session value at sign-in",
            "the cookies from before the sign-in are the session now",
            [world.last()],
        )


def ask_who(world: World, alias: str) -> None:
    """Ask the session endpoint with the person's cookies and without."""
    device = world.device(alias, "first device")
    own = world.deployment.call("session", device.who, {}, world.deployment.access.browser_session(device))
    world.remember(WhoIsThere(own, world.deployment.call("session", "a bare browser", {}, ANONYMOUS)))


def must_tell_apart(world: World, alias: str) -> None:
    """Raise Unmet unless the session endpoint distinguishes the person from no user."""
    person, there = world.person(alias), world.recall(WhoIsThere)
    own, bare = there.own, there.bare
    try:
        identities = [world.deployment.identity.identity_in(exchange) for exchange in (own, bare)]
    except Unrecognised as unclear:
        raise Unmet("that the session endpoint says who is there", unclear.reason, [own, bare]) from unclear
    if identities[0] is None or not identities[0].is_of(person):
        who = "no user" if identities[0] is None else identities[0].email
        raise Unmet(f"that the response to {alias}'s browser names {alias}", f"it names {who}", [own])
    if identities[1] is not None or any(canary in bare.everything for canary in person.canaries):
        raise Unmet("that the response to a browser without cookies names no user", "it names one", [own, bare])
