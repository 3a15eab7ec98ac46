"""What scenarios about further routes and resources do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from harness.core.exchange import is_safe
from harness.core.findings import NotApplicable, Unmet
from harness.deployment import csrf
from harness.deployment.answer import how_answered, matches, refuses
from harness.deployment.people import new_canary
from harness.deployment.presence import must_be_there
from harness.deployment.refusal import Attempt
from harness.deployment.request import perform
from harness.flows import captured
from harness.flows.frozen_copies import CapturedSession
from harness.flows.own_view import OwnView
from harness.flows.unissued import UNISSUED, expired_credential, opener_of

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.people import Person, Task
    from harness.profile.operation import Operation
    from harness.profile.resources import FurtherRoute
    from harness.scenario.world import World


@dataclass(frozen=True)
class Written:
    """What the owner wrote, that nobody else may be shown."""

    canaries: list[str] = field(default_factory=list)


def _key(route: FurtherRoute) -> str:
    return f"{route.word} by its owner ({route.place})"


def _operation(route: FurtherRoute) -> Operation:
    return route.operation.model_copy(update={"base": route.base})


def _call(
    world: World, route: FurtherRoute, who: str, credential: Credential, under: Person, task: Task | None
) -> tuple[Exchange, str]:
    """The answer, and the canary that a write carried."""
    text, operation = new_canary(), _operation(route)
    values = {**under.values, "task_id": task.id if task is not None else "", "title": f"water the plants {text}"}
    if not is_safe(operation.method) and not credential.has_csrf_token:
        credential = csrf.for_anonymous(world.deployment, under, credential, operation.base, operation.path)
    return perform(world.target, world.deployment.client, who, operation, values, credential), text


def _own_credential(world: World, route: FurtherRoute, alias: str) -> Credential:
    device = world.device(alias, "first device")
    return world.deployment.access.opening(device, route.credential, route.base, route.operation.path)


# --- the owner ---


def control_all(world: World, alias: str) -> None:
    """Note that the owner can call every further route.

    Raises NotTested when one does not answer as the profile says success looks.
    """
    for route in world.target.profile.further_routes:
        world.judge.control(_key(route), partial(own_call, world, route, alias))


def control_captured(world: World, alias: str) -> None:
    """Note that the captured session opens the further routes.

    Raises NotApplicable where there is none, NotTested when one does not open.
    """
    session = world.recall(CapturedSession).credential
    for route in _of_session(world):
        check = partial(own_call, world, route, alias, session)
        world.judge.control(captured.key_of(route.word), check)


def _of_session(world: World) -> list[FurtherRoute]:
    by_token = world.target.profile.credentials.session_cookie is None
    routes = [one for one in world.target.profile.further_routes if by_token or one.credential == "session"]
    if not routes:
        raise NotApplicable('The session opens no further route by the profile: none has credential = "session".')
    return routes


def own_call(world: World, route: FurtherRoute, alias: str, credential: Credential | None = None) -> Exchange:
    """What the owner's own call answers.

    With another credential of theirs if one is given.

    Raises Unmet when it is no success.
    """
    owner, operation = world.person(alias), _operation(route)
    shown = credential or _own_credential(world, route, alias)
    exchange, text = _call(world, route, alias, shown, owner, _target(world, route, owner))
    if not matches(operation.outcomes.success, exchange):
        must_be_there(world.target, world.deployment.client, route.place, operation, exchange)
        expected = f"that {alias} can call {route.word} ({route.place})"
        raise Unmet(expected, how_answered(operation, exchange), [exchange])
    if operation.asks_for("title"):
        world.setdefault(Written()).canaries.append(text)
    return exchange


def _target(world: World, route: FurtherRoute, owner: Person) -> Task | None:
    """The task that the owner's own call is about.

    A spare one where the call may change it, so that a change by another user shows.
    """
    if not route.operation.asks_for("task_id"):
        return None
    changes = not is_safe(route.operation.method) and not route.operation.asks_for("title")
    kept = world.task_of(owner.alias)
    if changes:
        spare = world.tasks.make(owner)
        owner.tasks.remove(spare)
        owner.tasks.insert(0, spare)
        return spare
    return kept


# --- attempts ---


def call_as_other(world: World, other: str, alias: str) -> None:
    """Call every further route for the owner's task with another user's credential.

    Where the path names a person, it is tried under the owner's and under the intruder's own.
    """
    owner, intruder = world.person(alias), world.person(other)
    for route in world.target.profile.further_routes:
        credential = _own_credential(world, route, other)
        names_person = route.operation.asks_for("user_id")
        for under in (owner, intruder) if names_person else (owner,):
            what = f"{other} calling {route.word}, with {alias}'s task,"
            _attempt(world, route, other, credential, alias, under, what, harmless_success=True)


def call_without(world: World, alias: str, kind: str) -> None:
    """Call every further route with what nobody issued."""
    for route in world.target.profile.further_routes:
        what = f"an attempt to call {route.word} with {kind}"
        owner, credential = world.person(alias), UNISSUED[kind](world, route, alias)
        _attempt(world, route, "an attacker", credential, alias, owner, what)


def call_captured(world: World, alias: str) -> None:
    """Call every further route that the captured session opened.

    Raises NotApplicable where sessions live on.
    """
    captured.must_be_revoked(world)
    for route in _of_session(world):
        world.judge.needs(captured.key_of(route.word))
        what = f"an attempt to call {route.word} with the captured session"
        session = world.recall(CapturedSession).credential
        _attempt(world, route, "the attacker", session, alias, world.person(alias), what, repeats=True)


def call_expired(world: World, alias: str, other: str) -> None:
    """Call every further route with what opened it until it expired.

    The other user's session is the control of a session's end. Tokens first: with its session a token may end as
    well, and would be refused for that.
    """
    routes = world.target.profile.further_routes
    for kind in ("token", "session"):
        of_kind = [route for route in routes if route.credential == kind]
        if not of_kind:
            continue
        credential = expired_credential(world, of_kind[0], (alias, other), _own_answer)
        for route in of_kind:
            what = f"an attempt to call {route.word} with an expired {opener_of(world, route).noun}"
            _attempt(world, route, "an attacker", credential, alias, world.person(alias), what, repeats=True)


def _own_answer(world: World, route: FurtherRoute, alias: str, credential: Credential) -> Exchange:
    """What the owner's route answers to a credential."""
    owner = world.person(alias)
    return _call(world, route, "the suite", credential, owner, _target(world, route, owner))[0]


def _attempt(
    world: World,
    route: FurtherRoute,
    who: str,
    credential: Credential,
    alias: str,
    under: Person,
    what: str,
    *,
    harmless_success: bool = False,
    repeats: bool = False,
) -> None:
    owner, task, operation = world.person(alias), world.task_of(alias), _operation(route)
    view = OwnView.of(world, owner, task)
    exchange, text = _call(world, route, who, credential, under, task)
    written = world.setdefault(Written()).canaries
    world.judge.attempt(
        Attempt(
            key=_key(route),
            what=what,
            exchange=exchange,
            hidden=(*owner.canaries, *written),
            effect=partial(_effect, view, alias, text),
            harmless_success=harmless_success,
            repeats=repeats,
            also_refusal=lambda answer: refuses(operation, answer) or world.deployment.to_sign_in(answer),
        )
    )
    # Judged at once: what the next one does must not be laid to this one.
    world.judge.all_refused(then_controls=False)


def _effect(view: OwnView, alias: str, text: str) -> str | None:
    change = view.change(text)
    return f"{alias}'s task {change}" if change is not None else None


def must_have_been_refused(world: World) -> None:
    """Insist that every further route still works for its owner."""
    for route in world.target.profile.further_routes:
        world.judge.needs(_key(route))
        world.judge.control(_key(route), world.judge.controls[_key(route)])
