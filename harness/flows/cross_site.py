"""What scenarios about other sites do and demand.

Requests that a foreign page can cause, and what it may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx

from harness.core.blocker import Blocker
from harness.core.exchange import is_safe
from harness.core.findings import NotTested, Unmet
from harness.deployment.held import session_cookies
from harness.deployment.people import new_canary
from harness.deployment.refusal import Attempt
from harness.deployment.request import perform
from harness.deployment.template import render
from harness.flows.actions import ACTIONS
from harness.flows.foreign_page import (
    AS_JSON,
    FOREIGN,
    SIMPLE,
    SIMPLE_METHODS,
    Site,
    forms,
    grants,
)
from harness.flows.page_actions import is_signed_in
from harness.profile.operations import PLACEHOLDERS
from harness.wire.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness.deployment.people import Person
    from harness.flows.page_actions import Action
    from harness.profile.operation import Operation
    from harness.scenario.world import World


_INVALID = (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True)
class Visitor:
    """Whose browser another site used, and what for."""

    alias: str
    word: str
    action: Action
    operation: Operation


def control_action(world: World, alias: str, word: str) -> None:
    """Note that the deployment's own page can do it.

    Raises NotTested when it can't.
    """
    action = ACTIONS[word]
    action.must_be_carried(world)
    action.operation(world)
    world.judge.control(word, lambda: action.own(world, alias))


@dataclass(frozen=True)
class OwnAct:
    """What was wrong when a user's own page acted, if anything was."""

    finding: Unmet | None


def act_on_own_page(world: World, alias: str, word: str) -> None:
    """Do it as the deployment's own page does, whatever is answered."""
    action = ACTIONS[word]
    action.operation(world)
    try:
        action.own(world, alias)
    except Unmet as found:
        world.remember(OwnAct(found))
    else:
        world.remember(OwnAct(None))


def must_have_acted(world: World) -> None:
    """Raise Unmet if it had no effect.

    Raises NotTested where the request itself was called invalid: the profile says what it is made of.
    """
    found = world.recall(OwnAct).finding
    if found is None:
        return
    if any(exchange.status in _INVALID for exchange in found.exchanges):
        raise NotTested(
            f"expected {found.expected}; {found.came}.",
            "Check operations.update_user in the profile.",
            found.exchanges,
            blocker=Blocker.UNFIT,
        )
    raise found


def from_foreign_page(world: World, alias: str, word: str, *, as_json: bool) -> None:
    """Do it from a page of another site with the person's cookies.

    In each form that such a page can send.
    """
    operation = visited(world, alias, word)
    for _ in attempt_from(world, alias, FOREIGN, kinds_for(world, alias, operation, as_json=as_json)):
        pass


def visited(world: World, alias: str, word: str) -> Operation:
    """Note whose browser another site uses; the operation that it tries.

    Raises NotTested where the control ended the person's session.
    """
    action = ACTIONS[word]
    action.must_be_carried(world)
    if not is_signed_in(world, alias):
        reason = f"the control ended {alias}'s session itself, so its end shows nothing."
        raise NotTested(reason, blocker=Blocker.MISSING)
    operation = action.operation(world)
    world.remember(Visitor(alias, word, action, operation))
    return operation


def attempt_from(world: World, alias: str, site: Site, kinds: Sequence[str]) -> Iterator[Attempt]:
    """Attempts to do it from that site's page with each body."""
    visitor, device = world.recall(Visitor), world.device(alias, "first device")
    action, operation, word = visitor.action, visitor.operation, visitor.word
    aimed = action.prepare(world, alias)
    for form in forms(operation, kinds, lambda: _values(world, device.person, aimed), site):
        exchange = perform(
            world.target,
            world.deployment.client,
            "a foreign page in her browser",
            operation,
            form.values,
            world.deployment.access.sent_by_any_page(device, _address(world, alias, operation)),
            form.tampering,
        )
        attempt = Attempt(
            key=word,
            what=f"{site.said} to {word} with a body of type {form.kind}",
            exchange=exchange,
            effect=action.look(world, alias, form.values, exchange),
            harmless_success=True,
            also_refusal=lambda answer: httpx.codes.is_redirect(answer.status),
        )
        world.judge.attempt(attempt)
        yield attempt


def _values(world: World, person: Person, aimed: Mapping[str, str]) -> dict[str, str]:
    """What another site can put into a request: none of her passwords."""
    text, factory = new_canary(), world.cast.factory
    secrets = {"password": factory.password("wrong password"), "new_password": factory.password("new password")}
    return {**person.values, **secrets, **aimed, "title": text, "new_name": text, "refresh_token": text}


def kinds_for(
    world: World, alias: str, operation: Operation, *, as_json: bool, site: Site = FOREIGN
) -> tuple[str, ...]:
    """The bodies that another site can send.

    JSON as well, where a preflight is granted. A method that no form has has none, where it is not.
    """
    is_simple = operation.method in SIMPLE_METHODS
    if is_simple and as_json:
        return (AS_JSON,)
    asking = site.before(operation.method, "content-type")
    asked = Request("OPTIONS", _address(world, alias, operation), headers=asking)
    answer = world.deployment.client.send("a foreign page", *asked.encoded())
    if grants(answer, operation.method, site):
        return (*SIMPLE, AS_JSON) if is_simple else (AS_JSON,)
    if not is_simple:
        note = f"a browser asks before another site sends {operation.method} (preflight), and gets no leave"
        world.notes += [] if note in world.notes else [note]
    return SIMPLE if is_simple else ()


def _address(world: World, alias: str, operation: Operation) -> str:
    known = dict.fromkeys(PLACEHOLDERS, "1") | world.person(alias).values
    path = render(operation.path, {name: quote(value, safe="") for name, value in known.items()})
    return world.target.url(operation.base, path)


def must_be_stopped(world: World, *, same_site_counts: bool) -> None:
    """Judge what the foreign page did.

    ``same_site_counts`` accepts a cookie that SameSite withholds as the defence.
    """
    visitor = world.recall(Visitor)
    if not world.judge.attempts:
        world.judge.needs(visitor.word)
        return
    same_site = _withholding(world, visitor) if same_site_counts else set()
    if same_site:
        world.notes.append(f"SameSite={min(same_site)} keeps the cookie out of requests from other sites")
        for attempt in world.judge.attempts:
            world.judge.needs(attempt.key)
        world.judge.attempts.clear()
        return
    world.judge.all_refused(then_controls=visitor.action.is_repeatable)


def _withholding(world: World, visitor: Visitor) -> set[str]:
    """The values of SameSite that withhold her session from it.

    Of several cookies that are needed together one is enough.
    """
    device = world.device(visitor.alias, "first device")
    # A link of another site is followed with Lax cookies (RFC 6265bis section 5.8.3).
    withholding = {"strict"} if is_safe(visitor.operation.method) else {"lax", "strict"}
    held = {kept.cookie.same_site or "" for kept in session_cookies(world.target, device)}
    return held & withholding
