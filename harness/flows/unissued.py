"""Credentials that open nothing: none at all, forged ones, and expired ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from harness.core.exchange import is_safe
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.opener import Opener
from harness.flows import captured, expiry
from harness.flows.forged_credential import forged_credential
from harness.flows.frozen_copies import CapturedSession
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.resources import FurtherRoute
    from harness.scenario.world import World

    Answering = Callable[[World, FurtherRoute, str, Credential], Exchange]


def opener_of(world: World, route: FurtherRoute) -> Opener:
    """What opens the route."""
    return Opener(world.deployment.access, route.credential, route.base, route.operation.path)


def _forged(world: World, route: FurtherRoute, alias: str) -> Credential:
    opener, device = opener_of(world, route), world.device(alias, "first device")
    value, how = forged_credential(world, opener, device)
    return opener.presenting(device, value, f"{alias}'s {how}", writes=not is_safe(route.operation.method))


UNISSUED: Vocabulary[Callable[[World, FurtherRoute, str], Credential]] = Vocabulary(
    "credential that is none", {"no credential": lambda *_: ANONYMOUS, "a forged credential": _forged}
)
"""What must open no further route."""


# --- expired ---


def expired_credential(
    world: World, route: FurtherRoute, people: tuple[str, str], answering: Answering
) -> Credential:
    """What opened the further route until it expired; the verdict says how.

    ``people`` are the owner, who is signed in again by then, and one whose session has to live on. ``answering``
    asks a route with a credential, to see that a token which the suite signs itself would be accepted unexpired.
    """
    match route.credential:
        case "token":
            return _expired_token(world, route, people, answering)
        case "session":
            return _expired_session(world, *people)
        case _:
            assert_never(route.credential)


def _expired_token(world: World, route: FurtherRoute, people: tuple[str, str], answering: Answering) -> Credential:
    alias = people[0]
    opener, device = opener_of(world, route), world.device(alias, "first device")
    if not opener.is_jwt and world.target.profile.credentials.session_cookie is None:
        return _expired_session(world, *people)
    opener.must_be_jwt()
    token, secret = Jwt.parse(opener.value(device)), world.target.jwt_secret
    if token.symmetric and secret is not None:
        clone = opener.presenting(device, token.signed(secret.encode()), "a clone of the token")
        answer = answering(world, route, alias, clone)
        if not matches(route.operation.outcomes.success, answer):
            raise expiry.clone_refused("the token", [answer])
    value, how = world.expiry.expired_token(token.text)
    world.notes.append(how)
    return opener.presenting(device, value, "an expired token")


def _expired_session(world: World, alias: str, other: str) -> Credential:
    captured.capture(world, alias, "first device")
    expiry.end_on_server(world, alias, other)
    world.person(alias).in_doubt = True
    world.cast.recover(world.person(alias))
    return world.recall(CapturedSession).credential
