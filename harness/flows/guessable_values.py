"""Credentials that can be guessed from others of the same user.

Of one user, so that what a value says of its owner is the same in all; and of this run, whichever scenario signed
in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core import randomness
from harness.core.blocker import Blocker
from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.held import session_values
from harness.deployment.issued import ACCESS, REFRESH, SESSION
from harness.deployment.people import Device
from harness.flows.refresh_exchange import held_refresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.randomness import Estimate
    from harness.profile.credentials import Credentials
    from harness.scenario.world import World

_LEAST, _ENOUGH = 64, 128
_ERROR = 1 / 16
"""Part of a demand by which an estimate may miss it: a random UUID has 122 bits, and 19 digits may be 20."""
_JWT = "is a JWT, whose signature is what can't be guessed"


@dataclass(frozen=True)
class Collected:
    """Values of one kind that a user was given, by cookie.

    The name is empty where no cookie does.
    """

    kind: str
    by_name: dict[str, list[str]]


def _no_session(declared: Credentials) -> str | None:
    return f"The session {_JWT}." if declared.session_is_jwt else None


def _no_access(declared: Credentials) -> str | None:
    if declared.token is None:
        return "The profile declares no access token."
    if declared.session_cookie is None:
        return "The access token is the session: it is judged as that."
    return f"The access token {_JWT}." if declared.token.is_jwt else None


def _no_refresh(declared: Credentials) -> str | None:
    return "The profile declares no refresh token." if declared.refresh is None else None


CREDENTIALS: Vocabulary[Callable[[Credentials], str | None]] = Vocabulary(
    "credential that may be guessed", {SESSION: _no_session, ACCESS: _no_access, REFRESH: _no_refresh}
)
"""What a user is given, and why a deployment has none that could be guessed."""


def collect(world: World, alias: str, kind: str, number: int) -> None:
    """Sign in until the user has had that number of different values.

    Raises Absent where there is none that could be guessed, NotTested where sign-in gives the same again.
    """
    if (absence := CREDENTIALS[kind](world.target.profile.credentials)) is not None:
        raise Absent(absence)
    for _ in range(number - _fewest(_of(world, alias, kind))):
        device = _sign_in(world, alias)
        if not _of(world, alias, kind):
            _must_be_held(world, device, kind)
            raise Absent(f"Each {kind} {_JWT}.")
    by_name = _of(world, alias, kind)
    if (found := _fewest(by_name)) < number:
        raise NotTested(
            f"after {number} sign-ins {alias} had only {found} different {kind}s, too few to tell what "
            "is random in them.",
            "session-value-is-new-at-each-signin says whether sign-in gives the same session again.",
            blocker=Blocker.MISSING,
        )
    world.remember(Collected(kind, by_name))
    world.notes.append(f"judged by {_fewest(by_name)} different {kind}s of {alias}'s")


def _of(world: World, alias: str, kind: str) -> dict[str, list[str]]:
    return world.deployment.sessions.sign_ins.issued.of(world.person(alias), kind)


def _fewest(by_name: dict[str, list[str]]) -> int:
    return min(map(len, by_name.values()), default=0)


def _must_be_held(world: World, device: Device, kind: str) -> None:
    """Raise NotTested or Missing where the device was given no such thing."""
    if kind == REFRESH:
        held_refresh(device)
    else:
        session_values(world.target, device)


def _sign_in(world: World, alias: str) -> Device:
    device = Device(world.person(alias), "second device")
    world.deployment.sessions.sign_in_verified(device)
    declared = world.target.profile.credentials.token
    if declared is not None and declared.issued_by != "sign_in":
        world.deployment.access.access_token(device)
        world.deployment.sessions.sign_ins.issued.note(world.target, device)
    return device


def must_not_be_guessable(world: World, alias: str) -> None:
    """Raise Unmet if the values can have fewer than 64 random bits.

    What may be a signature counts, for it may be a second secret as well, unless it surely is one.
    """
    _must_have(world, alias, _LEAST, _whole)


def must_be_random(world: World, alias: str) -> None:
    """Raise Unmet if the values can have fewer than 128 random bits.

    What may be a signature does not count.
    """
    _must_have(world, alias, _ENOUGH, _token_part)


def _must_have(world: World, alias: str, bits: int, judged: Callable[[list[str]], Estimate]) -> None:
    collected = world.recall(Collected)
    # Of several cookies that are needed together one that can't be guessed is enough.
    estimates = {name: judged(values) for name, values in collected.by_name.items()}
    name, best = max(estimates.items(), key=lambda one: one[1].bits)
    if best.bits < bits * (1 - _ERROR):
        number, where = len(collected.by_name[name]), f' in the cookie "{name}"' if name else ""
        # No answer by itself shows it, and no script could.
        raise Unmet(
            f"that {number} {collected.kind}s of {alias}'s{where} differ by {bits} random bits or more",
            f"it is {best.bits:.0f} bits at most: {best.why}",
        )


def _whole(values: list[str]) -> Estimate:
    signed = randomness.without_signature(values)
    return randomness.estimated(signed.tokens if signed is not None and signed.surely else values)


def _token_part(values: list[str]) -> Estimate:
    signed = randomness.without_signature(values)
    if signed is None:
        return randomness.estimated(values)
    found = randomness.estimated(signed.tokens)
    return randomness.Estimate(found.bits, f"before the last dot, after which a signature may stand, {found.why}")
