"""What scenarios about tasks do and demand."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.tasks.checks import TaskApi
from harness.flows.access_token import accepted
from harness.flows.common import precondition

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person, Task
    from harness.deployment.tasks.client import Listing, OwnCall, Route, Verb
    from harness.scenario.world import World
    from harness.tokens.jws import Jwt


@dataclass(frozen=True)
class SignedVariant:
    """A token signed again with something changed that leaves it valid."""

    token: str


@dataclass(frozen=True)
class OwnersCall:
    """An owner's call, and the API that it went to."""

    api: TaskApi
    call: OwnCall


def call(world: World, alias: str, verb: Verb, route: Route) -> None:
    """Call a verb on a new task of the person's.

    Raises Unmet when no task can be made.
    """
    api = TaskApi(world.deployment, route)
    owner = world.person(alias)
    api.operation(verb)
    world.remember(OwnersCall(api, api.call_own(verb, owner, _made_for(verb, api, owner))))


def _made_for(verb: Verb, api: TaskApi, owner: Person) -> Task:
    """A new task, without which a call shows nothing."""
    try:
        return api.make(owner)
    except Unmet as failed:
        if verb == "create":
            raise
        raise Unmet(f"{failed.expected}, to {verb} it then", failed.came, failed.exchanges) from failed


def must_take_effect(world: World) -> None:
    """Raise Unmet when the owner's call failed or has no effect."""
    made = world.recall(OwnersCall)
    made.api.took_effect(made.call)


CLONE = "a clone of the token"


def control_clone(world: World, alias: str) -> None:
    """Note that an unchanged clone, signed with the secret, works.

    Raises NotTested when it doesn't.
    """
    secret = shared_secret(world, alias)
    person, task = world.person(alias), world.task_of(alias)

    def check() -> Exchange:
        token = accepted(world, alias).signed(secret)
        device = world.device(alias, "first device")
        clone = world.opener.presenting(device, token, f"a clone of the {world.opener.noun}")
        try:
            return world.tasks.opens(clone, "the suite", person, task)
        except Unmet as failed:
            given = f"the secret in {world.target.profile.jwt.secret_env}"
            expected = f"that a clone of {alias}'s {world.opener.noun}, signed with {given}, opens {alias}'s tasks"
            raise Unmet(expected, failed.came, failed.exchanges) from failed

    world.judge.control(CLONE, check)


def shared_secret(world: World, alias: str) -> bytes:
    """The shared signing secret. Raises NotApplicable or NotTested without one."""
    token = accepted(world, alias)
    if not token.symmetric:
        raise NotApplicable(f"The deployment signs with {token.algorithm}: there is no shared secret.")
    if world.target.jwt_secret is None:
        variable = world.target.profile.jwt.secret_env
        remedy = (
            f"Set the environment variable {variable}." if variable else "Name its variable in jwt.secret_env."
        )
        raise NotTested("the shared signing secret was not given.", remedy, blocker=Blocker.MISSING)
    return world.target.jwt_secret.encode()


def sign_variant(world: World, alias: str, variant: str) -> None:
    """Sign the token again with something changed that leaves it valid."""
    token, secret = accepted(world, alias), shared_secret(world, alias)
    declared = world.target.profile.jwt.type
    if declared is not None and variant in _OF_A_TYPE:
        raise NotApplicable(
            f'The profile declares that tokens are of the type "{declared}", and a verifier rightly takes no '
            "other (RFC 8725 section 3.11)."
        )
    world.remember(SignedVariant(VARIANTS[variant](token).signed(secret)))


def _with_fractional_expiry(token: Jwt) -> Jwt:
    end = token.ends if math.isfinite(token.ends) else time.time() + 60
    return token.with_claims(exp=end + 0.5)


def _with_list_of_audiences(token: Jwt) -> Jwt:
    if not isinstance(token.claims.get("aud"), str):
        raise NotApplicable("The token names no audience, or has them in a list already.")
    return token.with_claims(aud=[token.claims["aud"]])


def _typed(kind: str | None) -> Callable[[Jwt], Jwt]:
    def change(token: Jwt) -> Jwt:
        # A verifier may insist on the type that the issuer writes: at+jwt (RFC 9068 section 4), or one of its own.
        usual = token.header.get("typ", "JWT")
        if str(usual).upper() != "JWT":
            raise NotApplicable(
                f'The token is of the type "{usual}", and a verifier rightly takes no other (RFC 9068 section 4, '
                "RFC 8725 section 3.11)."
            )
        return token.with_header(typ=kind)

    return change


VARIANTS: Vocabulary[Callable[[Jwt], Jwt]] = Vocabulary(
    "variant of a token",
    {
        "without a type": _typed(None),
        "with the type JWT": _typed("JWT"),
        "with an unknown claim": lambda token: token.with_claims(conformance="an unknown claim"),
        "with a fractional expiry": _with_fractional_expiry,
        "with a list of one audience": _with_list_of_audiences,
    },
)
"""Changes that leave a token valid."""

_OF_A_TYPE = ("without a type", "with the type JWT")


def must_open_as_well(world: World, alias: str) -> None:
    """Raise Unmet when the variant is refused though the clone is accepted."""
    world.judge.needs(CLONE)
    device = world.device(alias, "first device")
    variant = world.opener.presenting(device, world.recall(SignedVariant).token, "the variant")
    world.tasks.opens(variant, "the suite", world.person(alias), world.task_of(alias))


# --- two users at one front end ---


@dataclass(frozen=True)
class FrontEndLists:
    """What each user's list has, and the task that it must have."""

    lists: dict[str, Listing]
    own: dict[str, Task]


def list_through_front_end(world: World, *aliases: str) -> None:
    """Have each list their tasks through the front end.

    Each has a task that was made at the API, or through the front end where that is all there is.
    """
    with precondition():
        own = {alias: world.task_of(alias) for alias in aliases}
        lists = {alias: world.proxy.listed(world.person(alias)) for alias in aliases}
    world.remember(FrontEndLists(lists, own))


def must_be_own_lists(world: World) -> None:
    """Raise Unmet if a list lacks its user's task or has another's."""
    seen = world.recall(FrontEndLists)
    for alias, listing in seen.lists.items():
        for other in (world.person(name) for name in seen.lists if name != alias):
            found = next((canary for canary in other.canaries if canary in listing.text), None)
            if found is not None:
                expected = f"that {alias}'s list through the front end has nothing of {other.alias}'s"
                raise Unmet(expected, f"it has {found}", listing.pages[-1:])
        if seen.own[alias].canary not in listing.text:
            expected = f"that {alias}'s list through the front end has the task that {alias} made"
            raise Unmet(expected, "it lacks it", listing.pages[-1:])
