"""What scenarios do and demand about the tasks' addresses.

Other spellings of them, and HEAD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from harness.core.exchange import origin_of
from harness.core.findings import NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.request import prepared
from harness.flows.common import task_must_be_readable
from harness.wire.header_text import on_wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.tasks.client import Verb
    from harness.scenario.world import World

_WHO = "an anonymous client"
_VERBS: tuple[Verb, ...] = ("list", "read", "delete")
"""Calls that need no body: what they show or do is seen whoever is asked for."""
_EMPTY_LIST = 2
"""Bytes of a list without any item."""


def _first_folder(change: Callable[[str], str]) -> Callable[[str], str]:
    def spelled(path: str) -> str:
        first, slash, rest = path.removeprefix("/").partition("/")
        return f"/{change(first)}{slash}{rest}"

    return spelled


SPELLINGS: Vocabulary[Callable[[str], str]] = Vocabulary(
    "spelling of an address",
    {
        "with a double slash": lambda path: f"/{path}",
        "with a slash at its end": lambda path: f"{path}/",
        "in upper case": _first_folder(str.upper),
        "with a dot in it": lambda path: f"/.{path}",
        "by way of another folder": lambda path: f"/elsewhere/..{path}",
        "with an encoded letter": _first_folder(lambda first: f"%{ord(first[0]):02x}{first[1:]}"),
        "with a parameter": lambda path: f"{path};v=1",
    },
)
"""What is made of a path, that a guard may take for another and a router for the same."""


@dataclass(frozen=True)
class Respelled:
    """The answers to an anonymous client at other spellings."""

    spelling: str
    answers: list[Exchange]


def ask_at(world: World, alias: str, spelling: str) -> None:
    """Call what needs no body at the spelled addresses, as nobody.

    Raises NotTested where the person can't read the task again, so that nothing would show that it is gone.
    """
    task_must_be_readable(world, alias)
    answers = [
        answer
        for verb in _VERBS
        if getattr(world.tasks.declared, verb) is not None
        for answer in _followed(world, _asked(world, alias, verb, SPELLINGS[spelling]))
    ]
    world.remember(Respelled(spelling, answers))


def _asked(world: World, alias: str, verb: Verb, spelled: Callable[[str], str]) -> Exchange:
    """The answer at the spelled address, sent as it is written."""
    operation = world.tasks.operation(verb)
    values = {**world.person(alias).values, "task_id": world.task_of(alias).id}
    plain = prepared(world.target, operation, values)
    parts = urlsplit(plain.url)
    url = urlunsplit(parts._replace(path=spelled(parts.path)))
    headers = [(name, on_wire(value)) for name, value in plain.headers]
    return world.deployment.client.send_verbatim(_WHO, plain.method, url, headers)


def _followed(world: World, answer: Exchange) -> list[Exchange]:
    """The answer, and what stands where it redirects to in the deployment."""
    location = answer.header("location")
    if not httpx.codes.is_redirect(answer.status) or location is None:
        return [answer]
    url = urljoin(answer.url, location)
    if origin_of(url) not in world.target.origins or answer.method != "GET":
        return [answer]
    return [answer, world.deployment.client.send(_WHO, "GET", url, (), None)]


def must_show_nothing(world: World, alias: str) -> None:
    """Raise Unmet if somebody was let in.

    An answer holds the person's text, or their task is gone.
    """
    world.judge.needs(world.tasks.key("list", alias))
    person, task, asked = world.person(alias), world.task_of(alias), world.recall(Respelled)
    expected = f"that an anonymous client reaches nothing of {alias}'s at the tasks' address {asked.spelling}"
    for answer in asked.answers:
        if any(canary in answer.everything for canary in person.canaries):
            raise Unmet(expected, f"{answer.method} {answer.url} was answered {answer.status} with it", [answer])
    if world.tasks.title_of(person, task) is None:
        raise Unmet(expected, f"{alias}'s task is gone", asked.answers[-1:])


# --- HEAD ---


@dataclass(frozen=True)
class Sizes:
    """The size of a list.

    As HEAD tells a stranger, and as its owner gets it.
    """

    answer: Exchange
    own: Exchange


def ask_for_size(world: World, alias: str) -> None:
    """Send HEAD for the person's list without a credential."""
    person = world.person(alias)
    own = world.tasks.call("list", alias, world.tasks.credential(person), person).exchange
    answer = world.deployment.client.send(_WHO, "HEAD", world.tasks.url("list", person), (), None)
    world.remember(Sizes(answer, own))


def must_not_tell_size(world: World, alias: str) -> None:
    """Raise Unmet if a stranger got the size of the list.

    Raises NotTested where a success says nothing of a size.
    """
    world.judge.needs(world.tasks.key("list", alias))
    sizes = world.recall(Sizes)
    if not httpx.codes.is_success(sizes.answer.status):
        return
    size = sizes.answer.header("content-length")
    if size is None:
        raise NotTested("HEAD was answered with success and no Content-Length, which says neither.")
    own = sizes.own.header("content-length") or str(len(sizes.own.body))
    if size == own and int(own) > _EMPTY_LIST:
        expected = f"that HEAD of {alias}'s list is refused to an anonymous client"
        came = f"it was answered {sizes.answer.status} with the {size} bytes that {alias}'s own list has"
        raise Unmet(expected, came, [sizes.own, sizes.answer])
