"""What scenarios about many requests, and about slow ones, do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment import held
from harness.deployment.answer import matches
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.request import prepared
from harness.wire.together import Outgoing

if TYPE_CHECKING:
    from harness.scenario.world import World

PROMPT = 5.0
"""Seconds within which an answer has to come, however odd the request is."""


@dataclass(frozen=True)
class Together:
    """What came of requests at the same moment, each with its user."""

    users: tuple[str, str]
    came: list[tuple[str, Exchange | NoAnswer]]

    def decided(self, world: World) -> list[tuple[str, Exchange]]:
        """Those that were neither lost on the way nor throttled.

        Raises Unmet where one was lost or broke the server, NotTested where fewer than two are left.
        """
        left = []
        for alias, came in self.came:
            expected = f"that {alias} is served when others ask at the same moment"
            if isinstance(came, NoAnswer):
                if came.reached:
                    raise Unmet(expected, f"no answer came ({came})")
            elif httpx.codes.is_server_error(came.status):
                raise Unmet(expected, f"the server broke: it was answered {quoted(came)}", [came])
            elif not world.deployment.client.is_throttled(came):
                left.append((alias, came))
        if len({alias for alias, _ in left}) < len(self.users):
            raise NotTested(
                "of requests at the same moment too few were answered: others were throttled or not connected.",
                "Raise the deployment's limits for the suite.",
            )
        return left


# --- tasks ---


def list_together(world: World, one: str, other: str, times: int) -> None:
    """List both users' tasks, all at the same moment."""
    operation, order, requests = world.tasks.operation("list"), (one, other) * times, []
    for alias in order:
        person = world.person(alias)
        ready = prepared(world.target, operation, person.values, world.tasks.credential(person))
        requests.append(Outgoing(alias, ready.method, ready.url, ready.headers, ready.body))
    came = world.deployment.client.send_together(requests)
    world.remember(Together((one, other), list(zip(order, came, strict=True))))


def must_be_own_lists(world: World) -> None:
    """Raise Unmet unless each was given their own tasks."""
    together = world.recall(Together)
    for alias in together.users:
        world.judge.needs(world.tasks.key("list", alias))
    for alias, answer in together.decided(world):
        expected = f"that {alias} is given {alias}'s own tasks when others ask at the same moment"
        for other in (world.person(name) for name in together.users if name != alias):
            if any(canary in answer.everything for canary in other.canaries):
                raise Unmet(expected, f"{alias} was given {other.alias}'s", [answer])
        if not matches(world.tasks.operation("list").outcomes.success, answer):
            raise Unmet(expected, f"it was answered {quoted(answer)}", [answer])


# --- sign-in ---


def sign_in_together(world: World, one: str, other: str) -> None:
    """Sign both users in at the same moment, in new browsers."""
    people = [world.person(alias) for alias in (one, other)]
    calls = [
        (person.values, world.deployment.access.ready("sign_in", Device(person, "browser"))) for person in people
    ]
    came = world.deployment.call_together("sign_in", "a browser", calls)
    for person in people:
        person.in_doubt = True  # it may end the session before
    world.remember(Together((one, other), list(zip((one, other), came, strict=True))))


def must_have_own_sessions(world: World) -> None:
    """Raise Unmet unless each browser is signed in as its user."""
    for alias, answer in world.recall(Together).decided(world):
        person = world.person(alias)
        device = Device(person, "browser")
        device.keep_cookies(answer)
        held.keep_tokens(world.target, device, "sign_in", answer)
        credential = world.deployment.access.browser_session(device)
        identity = world.deployment.identity.who_is(credential, device.who)
        if identity is None or not identity.is_of(person):
            who = "nobody" if identity is None else identity.called
            raise Unmet(
                f"that {alias}, who signs in when others do, is given a session of {alias}'s",
                f"it is {who}'s; sign-in was answered {quoted(answer)}",
                [answer],
            )


# --- addresses ---

ADDRESSES: Vocabulary[str] = Vocabulary(
    "long address",
    {
        "40,000 letters and no @": "a" * 40_000 + "!",
        "20,000 labels after the @": "a@" + "a." * 20_000,
        "20,000 @ signs": "@" * 20_000,
    },
)
"""Addresses over which careless patterns backtrack."""

_TRIES = 2
_NAMES = ("sign_in", "sign_up")


@dataclass
class Timed:
    """The answers to a long address, by the operation.

    There is a second one where the first was slow.
    """

    came: dict[str, list[Exchange | NoAnswer]] = field(default_factory=dict)


def send_address(world: World, word: str) -> None:
    """Send the address to sign-in and to sign-up."""
    timed, client = world.setdefault(Timed()), world.deployment.client
    person = world.cast.factory.person("Mallory")
    values = {**person.values, "email": ADDRESSES[word], "username": ADDRESSES[word]}
    for name in _NAMES:
        operation = world.deployment.operation(name)
        credential = world.deployment.access.ready(name, Device(person, "browser"))
        ready = prepared(world.target, operation, values, credential)
        for _ in range(_TRIES):
            try:
                came: Exchange | NoAnswer = client.send(
                    "an attacker", ready.method, ready.url, ready.headers, ready.body
                )
            except NoAnswer as silent:
                came = silent
            timed.came.setdefault(name, []).append(came)
            if isinstance(came, Exchange) and matches(operation.outcomes.success, came):
                world.deployment.asked[name] += 1  # it was accepted after all
            if not _is_slow(came):
                break


def _is_slow(came: Exchange | NoAnswer) -> bool:
    return came.timed_out if isinstance(came, NoAnswer) else came.elapsed > PROMPT


def must_be_prompt(world: World) -> None:
    """Raise Unmet if an operation was slow each time."""
    for name, came in world.recall(Timed).came.items():
        if all(_is_slow(one) for one in came):
            answers = [one for one in came if isinstance(one, Exchange)]
            took = " and ".join(f"{one.elapsed:.1f} s" for one in answers) or "no answer came in time"
            raise Unmet(
                f"that {name} answers an odd address within {PROMPT:.0f} s", f"it did not ({took})", answers
            )


def must_show_session(world: World, alias: str) -> None:
    """Raise Unmet unless the session endpoint answers its owner promptly."""
    person, expected = world.person(alias), f"that {alias}'s session is shown within {PROMPT:.0f} s after it"
    try:
        answer = world.deployment.call("session", alias, {}, world.session_of(alias))
    except NoAnswer as silent:
        raise Unmet(expected, f"no answer came ({silent})") from silent
    if answer.elapsed > PROMPT:
        raise Unmet(expected, f"it took {answer.elapsed:.1f} s", [answer])
    is_broken = httpx.codes.is_server_error(answer.status)
    identity = None if is_broken else world.deployment.identity.identity_in(answer)
    if identity is None or not identity.is_of(person):
        raise Unmet(expected, f"it was answered {quoted(answer)}", [answer])
