"""The least that every run sees, with one user and without.

So each rule has answers to judge, also where its scenario runs alone.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.held import presented
from harness.deployment.tampered import Tampering
from harness.deployment.tasks.client import TaskClient
from harness.deployment.trail import follow
from harness.flows.common import precondition

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.deployment.people import Device
    from harness.deployment.tasks.client import Route
    from harness.scenario.world import World

_ANYONE = "an anonymous client"
_NO_TOKEN = "not-a-token-of-this-deployment-at-all"  # noqa: S105 - it opens nothing
_FOREIGN = "https://attacker.example"
_NO_TASK = "00000000-0000-4000-8000-000000000000"
_NO_JSON = Tampering(raw_body=b'{"', content_type="application/json")
_WHO = ("email", "username", "user_id")


@dataclass(frozen=True)
class Toured:
    """The tour was made in this process."""


def tour(world: World, alias: str) -> None:
    """Ask for each place of the person's, with and without credential.

    Once for all scenarios. Raises NotTested where not even the session endpoint names the person.
    """
    if world.cast.memory.remembers(Toured):
        return
    device = world.device(alias, "first device")
    with precondition():
        _must_be_signed_in(world, device)
    # What a deployment lacks or refuses is judged elsewhere.
    steps: list[Callable[[], object]] = [
        *_of_session(world, device),
        *_of_tasks(world, alias, "tasks"),
        *_of_tasks(world, alias, "proxy"),
        *_of_pages(world, device),
        *_refused_entries(world, device),
    ]
    for step in steps:
        with contextlib.suppress(Unavailable, Absent, NoAnswer, Unmet, NotTested):
            step()
    world.cast.memory.remember(Toured())


def _must_be_signed_in(world: World, device: Device) -> None:
    session = world.deployment.access.browser_session(device)
    if not world.deployment.identity.is_session_of(device.person, session, device.who):
        raise Unmet(f"that {device.who} is signed in", "the session endpoint does not say so")


def _of_session(world: World, device: Device) -> list[Callable[[], object]]:
    place = world.places["session endpoint"]

    def from_origin(origin: str) -> None:
        credential = place.credential(device)
        with_origin = Credential(credential.label, credential.cookies, (*credential.headers, ("Origin", origin)))
        place.open(device.who, with_origin, device.person)

    origins = [world.target.origin, *world.target.profile.trusted_origins[:2], _FOREIGN]
    return [
        lambda: place.open(_ANYONE, ANONYMOUS, device.person),
        *(partial(from_origin, origin) for origin in origins),
        lambda: world.places["token endpoint"].open(
            device.who, world.places["token endpoint"].credential(device), device.person
        ),
    ]


def _of_tasks(world: World, alias: str, route: Route) -> list[Callable[[], object]]:
    client, person = TaskClient(world.deployment, route), world.person(alias)
    who = person.device("first device").who

    def presenting_nonsense() -> None:
        if client.declared.credential == "token":
            client.call("list", _ANYONE, presented(world.target, _NO_TOKEN, "no token"), person)

    def sending_no_json() -> None:
        if client.operation("create").body is not None:
            client.call("create", who, client.credential(person), person, tampering=_NO_JSON)

    return [
        lambda: client.call("list", who, client.credential(person), person),
        lambda: client.call("list", _ANYONE, ANONYMOUS, person),
        presenting_nonsense,
        lambda: client.call("read", who, client.credential(person), person, _NO_TASK),
        sending_no_json,
    ]


def _of_pages(world: World, device: Device) -> list[Callable[[], object]]:
    pages = world.target.profile.pages
    if pages is None:
        return []

    def opened(path: str) -> None:
        url = world.target.url("web", path)
        credential = world.deployment.access.whole_jar(device, url)
        for answer in follow(world.deployment, path, device.who, credential).exchanges:
            device.keep_cookies(answer)
        world.deployment.page(path, _ANYONE, ANONYMOUS)

    return [partial(opened, path) for path in pages.paths]


def _refused_entries(world: World, device: Device) -> list[Callable[[], object]]:
    """A sign-in and a sign-up without an address, which must fail."""
    values = {**device.person.values, "password": world.cast.factory.password("unused password")}
    nameless = Tampering(left_out=_WHO)
    return [
        partial(world.deployment.call_once, name, _ANYONE, values, tampering=nameless)
        for name in ("sign_in", "sign_up")
    ]
