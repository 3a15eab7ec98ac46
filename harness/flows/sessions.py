"""What scenarios about sessions do and demand: capture, replay, alter, plant."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.deployment import held
from harness.deployment.answer import matches
from harness.deployment.held import cookie_session
from harness.deployment.people import Device
from harness.deployment.request import NOBODY, Credential
from harness.tokens.jws import Jwt
from harness.wire.secret_scanner import tokens_in

if TYPE_CHECKING:
    from harness.scenario.world import World


def capture(world: World, alias: str, device_name: str) -> None:
    """Take a frozen copy of the device's session."""
    device = world.device(alias, device_name)
    world.captured = world.deployment.captured_session(device)
    world.captured_value = held.session_value(world.target, device)


def control_captured(world: World, alias: str, place: str) -> None:
    """Note that the captured session opens the place. Raises NotTested when it doesn't."""
    check = world.places.control(place, "whoever captured it", world.held(), world.person(alias))
    world.judge.control(f"captured: {place}", check)


def must_be_dead(world: World, alias: str, place: str) -> None:
    """Raise Unmet when the captured session still opens the place that it opened before."""
    key = f"captured: {place}"
    world.judge.needs(key)
    stateless = world.target.profile.stateless_session
    if (world.signed_out or world.revoked) and stateless is not None:
        raise NotApplicable(
            "The profile declares that a session can't be revoked and lives on until it ends, within "
            f"{stateless.max_lifetime} s (after_sign_out, max_lifetime)."
        )
    world.judge.refuse_now(
        world.places.attempt(
            place, "whoever captured it", world.held(), world.person(alias), f"the captured session at the {place}"
        ),
        key,
    )


def control_captured_at(world: World, alias: str, places: list[str]) -> None:
    """Note each of the places that the captured session opens, leaving out those that the deployment has not."""
    absent: NotApplicable | None = None
    for place in places:
        try:
            control_captured(world, alias, place)
        except NotApplicable as reason:
            absent = reason
        else:
            world.opened.append(place)
    if absent is not None and not world.opened:
        raise absent


def must_be_dead_at_all(world: World, alias: str) -> None:
    """Raise Unmet when the captured session still opens one of the places that it opened before."""
    if not world.opened:
        raise HarnessError("no step of this scenario noted what the captured session opens")
    for place in world.opened:
        must_be_dead(world, alias, place)


def must_still_open(world: World, alias: str, device_name: str, place: str) -> None:
    """Raise Unmet when another device of the person lost its session too, unless the profile says that it does."""
    sign_out = world.target.profile.operations.sign_out
    if sign_out is not None and sign_out.ends == "every device":
        must_sign_in_again(world, alias, place)
        return
    device = world.device(alias, device_name)
    if not held.holds_session(world.target, device):
        raise Unmet(f"that {device.who} is still signed in", "its session was taken away", [world.last()])
    # The session alone: a cookie that caches it would say yes for it.
    alone = replace(world.deployment.captured_session(device), label=device.who)
    world.places.control(place, device.who, alone, device.person)()


def must_sign_in_again(world: World, alias: str, place: str) -> None:
    """Raise NotTested when nothing of the person's opens the place any more."""
    device = world.new_device(alias, "laptop")
    world.deployment.sign_in_for_good(device)
    world.places.control(place, device.who, world.deployment.browser_session(device), device.person)()


def end_on_server(world: World, alias: str) -> None:
    """Bring the session to its end, and note how."""
    device = world.device(alias, "first device")
    if not world.target.profile.credentials.session_is_jwt:
        world.notes.append(world.clock.end_sessions(device))
        return
    _control_minting(world)
    expired, how = world.clock.expired_token(world.captured_value)
    world.notes.append(how)
    # Not from the device: its cookie has ended as well by now, and is gone.
    world.captured = world.held().with_value(world.captured_value, expired, f"{alias}'s session after its end")


def _control_minting(world: World) -> None:
    # Signed with a wrong secret, an expired token would be refused for that.
    token, secret = Jwt.parse(world.captured_value), world.target.jwt_secret
    if not token.symmetric or secret is None:
        return
    signed = token.signed(secret.encode())
    clone = world.held().with_value(world.captured_value, signed, "a clone of the session")
    if world.deployment.who_is(clone, "somebody") is None:
        raise NotTested(
            "the control failed: a clone of the session, signed with the given secret, is not accepted.",
            "Check the variable that jwt.secret_env names.",
        )


# --- altering ---


def present_altered(world: World, alias: str, alteration: str) -> None:
    """Present the captured session, altered, where the session endpoint says who is there."""
    value = world.captured_value
    changed = _altered(world, alias, value, alteration)
    if changed == value:
        raise NotApplicable("Two sessions of one person have the same value, so there is no other part to put in.")
    altered = world.held().with_value(value, changed, f"{alias}'s session {alteration}")
    place = "session endpoint"
    attempt = world.places.attempt(place, "somebody", altered, world.person(alias), altered.label)
    world.judge.attempt(attempt, f"captured: {place}")


def _altered(world: World, alias: str, value: str, alteration: str) -> str:
    token, dot, _ = value.rpartition(".")
    match alteration:
        case "with its first character changed":
            return ("A" if value[0] != "A" else "B") + value[1:]
        case "with another session's signature":
            _needs_signature(dot)
            return f"{token}.{_other_signature(world, alias)}"
        case "without its signature":
            _needs_signature(dot)
            return token
        case "replaced by the sign-in's token":
            return _token_from_body(world, value)
        case "replaced by a random value":
            return secrets.token_urlsafe(32)
    raise HarnessError(f'there is no way to alter a session cookie called "{alteration}"')


def _needs_signature(dot: str) -> None:
    if not dot:
        raise NotApplicable("The session cookie is one opaque value without a signature part.")


def _other_signature(world: World, alias: str) -> str:
    other = Device(world.person(alias), "another device")
    world.deployment.sign_in_for_good(other)
    return held.session_value(world.target, other).rpartition(".")[2]


def _token_from_body(world: World, value: str) -> str:
    cookie_session(world.target)
    device = Device(world.person("Ann"), "another device")
    exchange = world.deployment.sign_in_for_good(device)
    opaque = [token for token in tokens_in(exchange.body) if token.count(".") < 2]
    if not opaque:
        raise NotApplicable("Sign-in returns no opaque token in its body.")
    if opaque[0] == value:
        raise NotApplicable("The token that sign-in returns is the session cookie's value itself.")
    return opaque[0]


# --- planting ---


def control_own_session(world: World, alias: str) -> None:
    """Note that the person's first device is signed in as that person."""
    device = world.device(alias, "first device")
    check = world.places.control(
        "session endpoint", device.who, world.deployment.captured_session(device), device.person
    )
    world.judge.control("a session of one's own", check)


def sign_in_with_planted(world: World, alias: str, planted: str) -> None:
    """Sign in on a laptop whose browser already holds a session cookie that somebody planted."""
    cookie_session(world.target)
    # Not her first device's: signing in over a session may rightly end it, and others still need that one.
    spare = Device(world.person("Ann"), "spare device")
    world.deployment.sign_in_for_good(spare)
    ((name, value),) = world.deployment.captured_session(spare).cookies.items()
    world.planted = value if planted == "Ann's live session" else secrets.token_urlsafe(32)
    device = world.new_device(alias, "laptop")
    device.jar.store([f"{name}={world.planted}; Path=/; Secure"], world.target.url("web", "/"))
    world.answer = world.deployment.sign_in(device)


def must_hold_own_session(world: World, alias: str) -> None:
    """Raise Unmet unless the laptop is now signed in as its owner, with a value that nobody planted."""
    world.judge.needs("a session of one's own")
    device = world.device(alias, "laptop")
    identity = world.deployment.who_is(world.deployment.browser_session(device), device.who)
    if identity is None or identity.email.lower() != device.person.email.lower():
        _must_have_signed_in(world)
        who = "nobody" if identity is None else identity.email
        raise Unmet(f"that {device.who} is signed in as {alias}", f"it is signed in as {who}", [world.last()])
    cookie = device.jar.find(cookie_session(world.target).cookie)
    if cookie is not None and cookie.value == world.planted:
        raise Unmet("a new session value at sign-in", "the planted value is the session now", [world.last()])


def _must_have_signed_in(world: World) -> None:
    # Refusing to sign somebody in over another's session fixes nothing to anybody.
    answer = world.last()
    if not matches(world.deployment.operation("sign_in").outcomes.success, answer):
        raise NotTested(
            f"signing in where a session cookie was planted was refused ({answer.status}), so none could be kept.",
            "",
            [answer],
        )


def must_not_be_adopted(world: World, alias: str) -> None:
    """Raise Unmet when the planted value opens the session of whoever signed in over it."""
    world.judge.needs("a session of one's own")
    ((name, _),) = world.deployment.captured_session(world.device("Ann", "first device")).cookies.items()
    planted = Credential("the planted value", {name: world.planted})
    identity = world.deployment.who_is(planted, "whoever planted it")
    if identity is not None and identity.email.lower() == world.person(alias).email.lower():
        raise Unmet("that a planted session value stays worthless", f"it is {alias}'s session now", [world.last()])


def visit_then_sign_in(world: World, alias: str) -> None:
    """Open the sign-in page, keep the cookies it hands out, and sign in."""
    cookie_session(world.target)
    device = world.new_device(alias, "laptop")
    exchange = world.places.page(world.places.pages.sign_in, device.who, NOBODY)
    world.deployment.keep_cookies(device, exchange)
    before = world.deployment.browser_session(device).cookies
    world.held_before = dict(before)
    world.answer = world.deployment.sign_in(device)


def must_have_changed(world: World, alias: str) -> None:
    """Raise Unmet when cookies from before the sign-in are enough to be signed in after it."""
    if not world.held_before:
        return
    identity = world.deployment.who_is(Credential("cookies from before", world.held_before), "whoever saw them")
    if identity is not None and identity.email.lower() == world.person(alias).email.lower():
        raise Unmet(
            "a new session value at sign-in",
            "the cookies from before the sign-in are the session now",
            [world.last()],
        )


def ask_who(world: World, alias: str) -> None:
    """Ask the session endpoint, once with the person's cookies and once with none."""
    device = world.device(alias, "first device")
    for who, credential in ((device.who, world.deployment.browser_session(device)), ("a bare browser", NOBODY)):
        world.answers.append(world.deployment.call("session", who, {}, credential))


def must_tell_apart(world: World, alias: str) -> None:
    """Raise Unmet unless the first answer names the person and the second nobody."""
    person, (own, bare) = world.person(alias), world.answers
    try:
        identities = [world.deployment.identity_in(exchange) for exchange in (own, bare)]
    except NotTested as unclear:
        raise Unmet("that the session endpoint says who is there", unclear.reason, [own, bare]) from unclear
    if identities[0] is None or identities[0].email.lower() != person.email.lower():
        who = "nobody" if identities[0] is None else identities[0].email
        raise Unmet(f"that {alias}'s browser is told {alias}", f"it was told {who}", [own])
    if identities[1] is not None or any(canary in bare.everything for canary in person.canaries):
        raise Unmet("that a browser without cookies is told nobody", "it was told somebody", [own, bare])
