"""What scenarios about sessions do and demand: alter, plant, tell apart."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.errors import Absent
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
from harness.flows.captured import key_of
from harness.flows.common import ONE_SESSION
from harness.flows.frozen_copies import CapturedSession
from harness.scenario.world import Answer
from harness.tokens.jws import is_jwt
from harness.wire.secret_scanner import tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.scenario.world import World
    from harness.wire.cookies import Kept


@dataclass(frozen=True)
class PlantedSession:
    """Session cookies planted in a browser before sign-in."""

    cookies: list[Kept]

    @property
    def credential(self) -> Credential:
        """What presents the planted values."""
        return Credential("the planted value", {kept.name: kept.value for kept in self.cookies})


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


OWN_SESSION = "a session of one's own"
"""The name of the control that a person's first device is signed in."""


# --- altering ---


def present_altered(world: World, alteration: str) -> None:
    """Present the captured session, altered, at the session endpoint.

    Of several cookies each is altered in turn, beside the others as they are.
    """
    captured = world.recall(CapturedSession)
    unalterable: list[Absent] = []
    for value in captured.values:
        try:
            _present_with(world, alteration, value)
        except Absent as reason:
            unalterable.append(reason)
    if len(unalterable) == len(captured.values):
        raise NotApplicable(unalterable[0].reason)


def _present_with(world: World, alteration: str, value: str) -> None:
    captured = world.recall(CapturedSession)
    owner, place = captured.device.person, "session endpoint"
    changed = ALTERATIONS[alteration](world, captured, value)
    if changed == value:
        raise Absent("Two sessions of one person have the same value, so there is no other part to put in.")
    name = _needed_cookie(world, captured, value)
    what = f"{owner.alias}'s session" if name is None else f'{owner.alias}\'s session, its cookie "{name}"'
    altered = captured.with_value(value, changed, f"{what} {alteration}")
    attempt = world.places[place].attempt("the attacker", altered, owner, altered.label)
    world.judge.attempt(attempt, key_of(place))


def _needed_cookie(world: World, captured: CapturedSession, value: str) -> str | None:
    """The name of one of several cookies; None for the only.

    Raises NotTested when the others sign in without it: then its alteration shows nothing.
    """
    cookies = captured.credential.cookies
    if len(cookies) < 2:
        return None
    name = next(name for name, one in cookies.items() if one == value)
    others = Credential("the other cookies", {key: one for key, one in cookies.items() if key != name})
    if world.deployment.identity.is_session_of(captured.device.person, others, "the attacker"):
        raise NotTested(
            f'the control failed: signed in without the cookie "{name}" too, so that it may be altered.',
            "Name in credentials.session.cookie only what is needed.",
            blocker=Blocker.UNFIT,
        )
    return name


def _damaged(_world: World, _captured: CapturedSession, value: str) -> str:
    return made("altered session", Changed("damaged", value))


def _unsigned(_world: World, _captured: CapturedSession, value: str) -> str:
    return made("altered session", _without_signature(value))


def _signed_as_another(world: World, captured: CapturedSession, value: str) -> str:
    unsigned = _without_signature(value)
    other = Device(captured.device.person, "second device")
    world.deployment.sessions.sign_in_verified(other)
    _must_live_on(world, captured)
    others = held.session_values(world.target, other)[captured.values.index(value)]
    last = others.count(".") + 1
    return made("altered session", Joined((unsigned, ".", Segments(others, last, last))))


def _without_signature(value: str) -> Segments:
    dots = value.count(".")
    if not value.rpartition(".")[0]:  # a dot at its start is a mark of compression, and no seam
        raise Absent("The session cookie is one opaque value without a signature part.")
    return Segments(value, 1, dots)


def _token_from_body(world: World, captured: CapturedSession, _value: str) -> str:
    cookie_session(world.target)
    exchange = world.deployment.sessions.sign_in_verified(Device(captured.device.person, "second device"))
    _must_live_on(world, captured)
    opaque = [token for token in tokens_in(exchange.body) if not is_jwt(token)]
    if not opaque:
        raise Absent("Sign-in returns no opaque token in its body.")
    if opaque[0] in captured.values:
        raise Absent("The token that sign-in returns is the session cookie's value itself.")
    return opaque[0]


def _must_live_on(world: World, captured: CapturedSession) -> None:
    if not world.deployment.identity.is_session_of(captured.device.person, captured.credential, "the attacker"):
        raise Absent(f"{ONE_SESSION}: another sign-in ends the session that would be altered.")


def random_session(*_: object) -> str:
    """A value that no server has handed out."""
    return made("random session", Random(secrets.token_urlsafe(32)))


ALTERATIONS: Vocabulary[Callable[[World, CapturedSession, str], str]] = Vocabulary(
    "way to alter a session cookie",
    {
        "with its first character changed": _damaged,
        "with another session's signature": _signed_as_another,
        "without its signature": _unsigned,
        "replaced by the sign-in's token": _token_from_body,
        "replaced by a random value": random_session,
    },
)


# --- planting ---


def control_own_session(world: World, alias: str) -> None:
    """Note that the person's first device is signed in as that person."""
    device = world.device(alias, "first device")
    alone = world.deployment.access.captured_session(device)
    check = world.places["session endpoint"].control(device.who, alone, device.person)
    world.judge.control(OWN_SESSION, check)


def sign_in_over_made_up(world: World, alias: str) -> None:
    """Sign in on a laptop with a made-up session cookie."""
    like = held.session_cookies(world.target, world.device(alias, "first device"))
    _sign_in_over(world, alias, PlantedSession([kept.with_value(random_session()) for kept in like]))


def sign_in_over_session(world: World, alias: str, other: str) -> None:
    """Sign in on a laptop whose browser has another user's live session."""
    cookie_session(world.target)
    # Not of a first device: signing in over a session may rightly end it, and others still need that one.
    spare = Device(world.person(other), "spare device")
    world.deployment.sessions.sign_in_verified(spare)
    _sign_in_over(world, alias, PlantedSession(held.session_cookies(world.target, spare)))


def _sign_in_over(world: World, alias: str, planted: PlantedSession) -> None:
    world.remember(planted)
    device = world.new_device(alias, "laptop")
    # With the Domain and Path of the deployment's own: otherwise the browser would hold both afterwards.
    for kept in planted.cookies:
        device.jar.keep(kept)
    _sign_in(world, device)


def _sign_in(world: World, device: Device) -> None:
    answer = world.deployment.sessions.sign_in(device)
    world.remember(Answer(answer))
    world.deployment.must_be_there("sign_in", answer)


def must_hold_own_session(world: World, alias: str) -> None:
    """Raise Unmet unless the laptop has a new session of its owner."""
    world.judge.needs(OWN_SESSION)
    device = world.device(alias, "laptop")
    identity = world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who)
    if identity is None or not identity.is_of(device.person):
        _must_have_signed_in(world)
        who = "no user" if identity is None else identity.called
        raise Unmet(f"that {device.who} is signed in as {alias}", f"it is signed in as {who}", [world.last()])
    planted = world.recall(PlantedSession).credential
    now = device.jar.cookies_for(held.session_url(world.target))
    if planted.cookies.items() <= now.items() and (opened := _opened_by(world, planted, alias)) is not None:
        came = "the planted value is the session now"
        raise Unmet("a new session value at sign-in", came, [world.last(), opened])


def _opened_by(world: World, credential: Credential, alias: str) -> Exchange | None:
    """The answer that shows the person's session to that credential.

    None where it opens nothing.
    """
    exchange = world.deployment.call("session", "the attacker", {}, credential)
    identity = world.deployment.identity.identity_in(exchange)
    return exchange if identity is not None and identity.is_of(world.person(alias)) else None


def _must_have_signed_in(world: World) -> None:
    # A refusal to sign in over another user's session is no session fixation.
    answer = world.last()
    if not matches(world.deployment.operation("sign_in").outcomes.success, answer):
        raise NotTested(
            "signing in where a session cookie was planted was refused, so none could be kept: it was answered "
            f"{quoted(answer)}.",
            "",
            [answer],
            blocker=Blocker.MISSING,
        )


def must_not_be_adopted(world: World, alias: str) -> None:
    """Raise Unmet if the planted value became the user's session."""
    world.judge.needs(OWN_SESSION)
    planted = world.recall(PlantedSession).credential
    if (opened := _opened_by(world, planted, alias)) is not None:
        came = f"it is {alias}'s session now"
        raise Unmet("that a planted session value stays worthless", came, [world.last(), opened])


def visit_then_sign_in(world: World, alias: str) -> None:
    """Open the sign-in page, keep its cookies, and sign in."""
    cookie_session(world.target)
    device = world.new_device(alias, "laptop")
    exchange = world.deployment.page(world.deployment.pages.sign_in, device.who, ANONYMOUS)
    device.keep_cookies(exchange)
    world.remember(CookiesBefore(device, dict(world.deployment.access.whole_jar(device).cookies)))
    _sign_in(world, device)


def must_have_changed(world: World) -> None:
    """Raise Unmet if the cookies from before sign-in are the session."""
    before = world.recall(CookiesBefore)
    if not before.cookies:
        return
    old = Credential("cookies from before", before.cookies)
    if (opened := _opened_by(world, old, before.device.person.alias)) is not None:
        raise Unmet(
            "a new session value at sign-in",
            "the cookies from before the sign-in are the session now",
            [world.last(), opened],
        )


def ask_who(world: World, alias: str) -> None:
    """Ask the session endpoint with the person's cookies and without."""
    # Where she signed in last: that may have ended the session from before.
    device = world.devices.get((alias, "laptop"), world.device(alias, "first device"))
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
        who = "no user" if identities[0] is None else identities[0].called
        raise Unmet(f"that the response to {alias}'s browser names {alias}", f"it names {who}", [own])
    if identities[1] is not None or any(canary in bare.everything for canary in person.canaries):
        raise Unmet("that the response to a browser without cookies names no user", "it names one", [own, bare])
