"""What scenarios do and demand about a token itself.

Where it is put, and what it says.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.credential import Credential
from harness.deployment.held import declared_token, session_values
from harness.deployment.quotation import quoted
from harness.flows.access_token import accepted
from harness.flows.passwords import HASH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.profile.credentials import Token
    from harness.scenario.world import World

_SHORTEST_SECRET = 16
"""Letters from which on a part of a session cookie is a secret and no word."""


def _in_address(name: str) -> Callable[[Token, str], Credential]:
    def put(declared: Token, token: str) -> Credential:
        if declared.in_query is not None:
            raise Absent("The profile declares that the address carries the token (credentials.token.in_query).")
        return Credential(f"the token in the address ({name})", query={name: token})

    return put


def _under(scheme: str) -> Callable[[Token, str], Credential]:
    def put(declared: Token, token: str) -> Credential:
        if not is_bearer(declared):
            raise Absent("The profile declares that the token is presented in another way than as a bearer token.")
        what = f"the token under the scheme {scheme}" if scheme else "the token without a scheme"
        return Credential(what, headers=(("Authorization", f"{scheme} {token}".strip()),))

    return put


ELSEWHERE: Vocabulary[Callable[[Token, str], Credential]] = Vocabulary(
    "place where no token belongs",
    {
        "in the address as access_token": _in_address("access_token"),
        "in the address as token": _in_address("token"),
        "under the scheme Basic": _under("Basic"),
        "under the scheme Token": _under("Token"),
        "without a scheme": _under(""),
    },
)
"""Where a token is put in place of where the profile has it."""


def is_bearer(declared: Token) -> bool:
    """Whether requests carry the token as in RFC 6750 section 2.1."""
    return declared.by_header and (declared.header.lower(), declared.scheme.lower()) == ("authorization", "bearer")


def present_elsewhere(world: World, alias: str, place: str) -> None:
    """List the person's tasks with the token in another place alone."""
    token = world.opener.value(world.device(alias, "first device"))
    credential = ELSEWHERE[place](declared_token(world.target), token)
    what = f"{alias}'s token {place}"
    person, task = world.person(alias), world.task_of(alias)
    attempt = world.tasks.attempt("list", "an attacker", credential, person, task, what=what)
    world.judge.attempt(replace(attempt, repeats=True))


@dataclass(frozen=True)
class Respelled:
    """A token under its own scheme, written in another way."""

    scheme: str
    credential: Credential


def respell_scheme(world: World, alias: str, scheme: str) -> None:
    """Write the scheme in another case."""
    token = world.opener.value(world.device(alias, "first device"))
    world.remember(Respelled(scheme, _under(scheme)(declared_token(world.target), token)))


def must_open_too(world: World, alias: str) -> None:
    """Raise Unmet unless the token opens the tasks so too."""
    world.judge.needs(world.tasks.key("list", alias))
    respelled = world.recall(Respelled)
    try:
        world.tasks.opens(respelled.credential, alias, world.person(alias), world.task_of(alias))
    except Unmet as failed:
        expected = f'that "{respelled.scheme}" is the scheme that "Bearer" is, for schemes have no case'
        raise Unmet(expected, failed.came, failed.exchanges) from failed


# --- what a bearer of an expired one is answered ---


def must_say_unauthorized(world: World) -> None:
    """Raise Unmet unless the attempt was answered 401, or as declared.

    What is no refusal at all is for other requirements to judge.
    """
    (attempt,) = world.judge.attempts
    world.judge.needs(attempt.key)
    if not is_bearer(declared_token(world.target)):
        raise Absent("The profile declares that the token is presented in another way than as a bearer token.")
    answer, outcomes = attempt.exchange, world.tasks.operation("list").outcomes
    # The control once more: an answer that everybody gets says nothing of the token.
    world.judge.control(attempt.key, world.judge.controls[attempt.key])
    world.judge.attempts.clear()
    if answer.status == httpx.codes.UNAUTHORIZED:
        return
    if not httpx.codes.is_client_error(answer.status) and not httpx.codes.is_redirect(answer.status):
        raise NotTested(f"{attempt.what} was not refused: it was answered {answer.status}.", "", [answer])
    if "unauthenticated" in outcomes.model_fields_set and matches(outcomes.unauthenticated, answer):
        return
    expected = f"that {attempt.what} is answered 401, or as outcomes.unauthenticated in the profile says"
    raise Unmet(expected, f"it was answered {quoted(answer)}", [world.judge.controlling[attempt.key], answer])


# --- what it says ---


@dataclass(frozen=True)
class ReadToken:
    """What anybody reads in a token: header and claims, as JSON."""

    text: str


def read_token(world: World, alias: str) -> None:
    """Decode the person's token, as whoever holds it can."""
    token = accepted(world, alias)
    world.remember(ReadToken(json.dumps([token.header, token.claims], ensure_ascii=False)))


def must_hold_no_secret(world: World, alias: str) -> None:
    """Raise Unmet if something in the token is nobody's to read."""
    text = world.recall(ReadToken).text
    found = next((what for what, secret in _secrets(world, alias) if secret in text), None)
    if found is None and re.search(HASH, text):
        found = "what looks like the hash of a password"
    if found is not None:
        expected = f"that {alias}'s token, which anybody can decode, says nothing secret"
        raise Unmet(expected, f"it holds {found}")


def _secrets(world: World, alias: str) -> Iterator[tuple[str, str]]:
    device = world.device(alias, "first device")
    yield f"{alias}'s password", device.person.password
    if device.refresh_token:
        yield f"{alias}'s refresh token", device.refresh_token
    if world.target.jwt_secret:
        yield "the secret that signs it", world.target.jwt_secret
    if world.target.profile.credentials.session_cookie is not None and not world.opener.by_cookie:
        for value in session_values(world.target, device):
            # Signed cookies are the session's own value, a dot, and the signature.
            for part in {value, *unquote(value).split(".")}:
                if len(part) >= _SHORTEST_SECRET:
                    yield f"{alias}'s session", part
