"""Odd ids and methods, and mistakes of anonymous clients."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.exchange import NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.credential import ANONYMOUS
from harness.deployment.quotation import quoted
from harness.deployment.request import perform
from harness.deployment.tampered import Tampering
from harness.flows.common import unknown_like
from harness.flows.malformed_bodies import BODIES
from harness.flows.malformed_requests import Tried
from harness.wire.request import JSON, Raw, Request

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.tasks.client import Verb
    from harness.profile.operation import Operation
    from harness.scenario.world import World

ODD_IDS: Vocabulary[str] = Vocabulary(
    "odd id",
    {
        "zero": "0",
        "a negative number": "-1",
        "a number of 23 digits": "9" * 23,
        "a fraction": "1.5",
        "a word": "x",
        "a NUL byte": "%00",
        "a percent sign": "%25",
        "a byte that is no UTF-8": "%ff",
        "two kilobytes": "9" * 2048,
    },
)
"""What stands in the path for the id of a task."""

_ON_ONE: tuple[Verb, ...] = ("read", "replace", "update", "delete")


def call_with_id(world: World, alias: str, word: str) -> None:
    """Call each verb on a task with an odd id."""
    person, tried = world.person(alias), world.setdefault(Tried())
    credential, values = world.tasks.credential(person), {**person.values, "title": "water the plants"}
    for verb in _ON_ONE:
        if getattr(world.tasks.declared, verb) is None:
            continue
        operation = world.tasks.operation(verb)
        odd = operation.model_copy(update={"path": operation.path.replace("{task_id}", ODD_IDS[word])})
        what = f"{operation.method} {operation.path} ({world.tasks.route}.{verb}), with {word} for the id"
        tried.ask(
            what,
            lambda one=odd: perform(world.target, world.deployment.client, alias, one, values, credential),  # type: ignore[misc]
        )


# --- methods ---


def send_method(world: World, alias: str, method: str) -> None:
    """Send the method to addresses that have others, with an empty object.

    Where the profile declares it for the same address it is left out.
    """
    device, tried = world.device(alias, "first device"), world.setdefault(Tried())
    declared = {(one.method, one.path) for _, one in world.target.profile.every_operation()}
    for place, operation in _addressed(world):
        if (method, operation.path) in declared:
            continue
        url = world.target.url(operation.base, operation.path)
        credential = (
            world.tasks.credential(device.person)
            if place.endswith(".list")
            else world.deployment.access.sent_to(url, device)
        )
        origin = (("Origin", world.target.origin),) if operation.base != "api" else ()
        request = credential.onto(Request(method, url, headers=origin, content=Raw(b"{}", JSON))).encoded()
        tried.ask(
            f"{method} {operation.path} (where {place} is)",
            lambda one=request: world.deployment.client.send(alias, *one),  # type: ignore[misc]
            # Parsers of HTTP that know no such method hang up, and their 400 may be lost with the connection.
            may_close=True,
        )


def _addressed(world: World) -> list[tuple[str, Operation]]:
    """Operations whose paths ask for nothing, one for each address."""
    found = [(f"operations.{name}", world.deployment.operation(name)) for name in ("sign_in", "session")]
    if world.target.profile.has_tasks:
        found.append((f"{world.tasks.route}.list", world.tasks.operation("list")))
    return [(place, operation) for place, operation in found if "{" not in operation.path]


@dataclass(frozen=True)
class Traced:
    """The answers to TRACE, and the text that its header had."""

    text: str
    answers: list[Exchange]


_HEADER = "X-Conformance-Trace"


def trace(world: World) -> None:
    """Send TRACE to each of the deployment's addresses."""
    text = f"trace-{secrets.token_hex(8)}"
    answers = []
    for url in dict.fromkeys(f"{base}/" for base in world.target.bases):
        try:
            answers.append(world.deployment.client.send("an attacker", "TRACE", url, [(_HEADER, text)]))
        except NoAnswer as silent:
            if not silent.reached:
                raise
    world.remember(Traced(text, answers))


def must_repeat_no_header(world: World) -> None:
    """Raise Unmet if an answer repeats the header."""
    traced = world.recall(Traced)
    for answer in traced.answers:
        if httpx.codes.is_success(answer.status) and traced.text in answer.text:
            expected = "that TRACE repeats nothing of a request, for its credentials are among it"
            raise Unmet(expected, f"{answer.url} was answered {answer.status} with the header {_HEADER}", [answer])


# --- mistakes of those who are not signed in ---


@dataclass(frozen=True)
class Mistake:
    """A call of a verb with a mistake in it."""

    verb: Verb
    body: str | None = None
    """A word for the body; without one the id is of no task."""


MISTAKES: Vocabulary[Mistake] = Vocabulary(
    "mistake",
    {
        "malformed JSON": Mistake("create", "malformed JSON"),
        "an object of no fields": Mistake("create", "an object of no fields"),
        "an unknown id": Mistake("read"),
    },
)
"""What is wrong with the call of an anonymous client."""


@dataclass(frozen=True)
class TurnedAway:
    """How an anonymous client without the mistake was turned away."""

    plain: Exchange


@dataclass(frozen=True)
class Turned:
    """How an anonymous client was turned away.

    ``plain`` answers the call without the mistake, ``mistaken`` that with it.
    """

    word: str
    plain: Exchange
    mistaken: Exchange


def control_anonymous(world: World, alias: str, word: str) -> None:
    """Note how an anonymous client without the mistake is turned away.

    Raises NotTested where it is not, Absent where the call takes no JSON.
    """
    if MISTAKES[word].body is not None and world.tasks.operation(MISTAKES[word].verb).body is None:
        raise Absent("The profile declares that tasks are created by a form, which is no JSON.")
    plain = _called(world, alias, MISTAKES[word], mistaken=False)
    if not _asks_to_sign_in(world, MISTAKES[word].verb, plain):
        raise NotTested(
            f"an anonymous client is answered {quoted(plain)}, which asks nobody to sign in.", "", [plain]
        )
    world.remember(TurnedAway(plain))


def call_mistaken(world: World, alias: str, word: str) -> None:
    """Call as an anonymous client with a mistake."""
    plain = world.recall(TurnedAway).plain
    world.remember(Turned(word, plain, _called(world, alias, MISTAKES[word], mistaken=True)))


def must_ask_to_sign_in(world: World) -> None:
    """Raise Unmet if the mistake was answered, and not who made it."""
    turned = world.recall(Turned)
    verb, answer = MISTAKES[turned.word].verb, turned.mistaken
    if answer.status == turned.plain.status or _asks_to_sign_in(world, verb, answer):
        return
    raise Unmet(
        f"that an anonymous client who calls {verb} with {turned.word} is asked to sign in first",
        f"it was answered {quoted(answer)}, and {turned.plain.status} without the mistake",
        [turned.plain, answer],
    )


def _called(world: World, alias: str, mistake: Mistake, *, mistaken: bool) -> Exchange:
    api, person = world.tasks, world.person(alias)
    if mistake.body is None:
        task_id = world.task_of(alias).id
        asked = unknown_like(task_id) if mistaken else task_id
        return api.call("read", "an anonymous client", ANONYMOUS, person, asked).exchange
    operation = api.operation(mistake.verb)
    if not mistaken:
        return api.call(mistake.verb, "an anonymous client", ANONYMOUS, person).exchange
    (body,) = BODIES[mistake.body](operation.body or {}, person.values, together=True)
    tampering = Tampering(raw_body=body, content_type=JSON)
    return api.call(mistake.verb, "an anonymous client", ANONYMOUS, person, tampering=tampering).exchange


def _asks_to_sign_in(world: World, verb: Verb, answer: Exchange) -> bool:
    operation = world.tasks.operation(verb)
    return matches(operation.outcomes.unauthenticated, answer) or world.deployment.to_sign_in(answer)
