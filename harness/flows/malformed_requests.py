"""What scenarios about requests that make no sense do and demand.

Whatever is answered is fine, but for a crash: each is followed by requests that make sense.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import Unmet
from harness.deployment.answer import how_answered, matches
from harness.deployment.credential import ANONYMOUS
from harness.deployment.errors import NotThere
from harness.deployment.people import Device
from harness.deployment.presence import must_be_there
from harness.deployment.quotation import quoted
from harness.deployment.request import prepared
from harness.deployment.tampered import Tampering
from harness.flows.access_token import control_task_call
from harness.flows.common import control_place
from harness.flows.malformed_bodies import BODIES
from harness.flows.page_actions import rename
from harness.wire.request import JSON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from harness.deployment.credential import Credential
    from harness.deployment.people import Person, Task
    from harness.deployment.tasks.checks import TaskApi
    from harness.deployment.tasks.client import Verb
    from harness.profile.operation import Operation
    from harness.scenario.world import World

_RENAMED = "an update of her own profile"
_UNISSUED = "x"
"""A refresh token that was never issued."""
_OF_PASSWORDS = ("sign_up", "sign_in", "change_password")
_CHANGES: tuple[Verb, ...] = ("create", "replace", "update")


@dataclass(frozen=True)
class Recipient:
    """An operation by its place in the profile, and who calls it."""

    place: str
    operation: Operation
    credential: Credential
    values: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.operation.method} {self.operation.path} ({self.place})"


@dataclass
class Tried:
    """Odd requests, and what each was answered."""

    came: list[tuple[str, Exchange | NoAnswer]] = field(default_factory=list)

    def ask(self, what: str, ask: Callable[[], Exchange], *, may_close: bool = False) -> None:
        """Note what comes of a request.

        After a crash nothing more is sent. Many servers then close the connection, and a request that is sent
        twice for that proves nothing. ``may_close`` lets the server close the connection in place of an answer.
        Raises NoAnswer where nothing could be asked.
        """
        if self.came and is_crash(self.came[-1][1]):
            return
        try:
            self.came.append((what, ask()))
        except NoAnswer as silent:
            if not silent.reached:
                raise
            if not may_close or silent.timed_out:
                self.came.append((what, silent))


def is_crash(came: Exchange | NoAnswer) -> bool:
    """Whether no decision came."""
    if isinstance(came, NoAnswer):
        return True
    return httpx.codes.is_server_error(came.status) and came.status != httpx.codes.NOT_IMPLEMENTED


# --- requests that make sense ---


def control_requests(world: World, alias: str) -> None:
    """Note that the person's name, session and tasks can be used.

    What the deployment lacks is left out. Where no task can be made, a new one is all that is tried of them.
    """
    if world.target.profile.operations.update_user is not None:
        world.judge.control(_RENAMED, lambda: _keep_name(world, alias))
    control_place(world, alias, "session endpoint")
    if world.target.profile.has_tasks:
        world.give_task(alias)
        if alias not in world.taskless:
            control_task_call(world, alias, "list")


def must_still_work(world: World, alias: str) -> None:
    """Raise Unmet unless all of that works as before.

    The person's tasks are taken away then.
    """
    for key, check in world.judge.controls.items():
        try:
            world.judge.controlling[key] = check()
        except (Unmet, NoAnswer) as failed:
            came, exchanges = (failed.came, failed.exchanges) if isinstance(failed, Unmet) else (str(failed), ())
            expected = f"that valid requests of {alias}'s still work after odd ones ({key})"
            raise Unmet(expected, came, exchanges) from failed
    if world.person(alias).tasks:
        world.tasks.clear(world.person(alias))


def _keep_name(world: World, alias: str) -> Exchange:
    """The answer to an update that leaves the name, or restores it."""
    person, operation = world.person(alias), world.deployment.operation("update_user")
    answer = rename(world, alias, person.name)
    if not matches(operation.outcomes.success, answer):
        world.deployment.must_be_there("update_user", answer)
        raise Unmet(f"that {alias} can change her name", how_answered(operation, answer), [answer])
    return answer


# --- bodies ---


def send_to_tasks_and_account(world: World, alias: str, word: str) -> None:
    """Send the body to each operation on tasks, profile and sessions.

    Raises Absent where none of them takes JSON.
    """
    _send_body(world, alias, word, [*_on_tasks(world, alias), *_on_account(world, alias)], together=False)


def send_to_password_operations(world: World, alias: str, word: str) -> None:
    """Send the body to sign-up, sign-in and the change of the password.

    It holds no password, so that it can't sign in; where it is accepted all the same, it is counted.
    """
    device = world.device(alias, "first device")
    anonymous = Device(device.person, "browser without a session")
    known = world.target.profile.operations
    names = [name for name in _OF_PASSWORDS if getattr(known, name) is not None]
    recipients = [
        Recipient(
            f"operations.{name}",
            world.deployment.operation(name),
            world.deployment.access.ready(name, device if name == "change_password" else anonymous),
            {**device.person.values, "new_password": device.person.password},
        )
        for name in names
    ]
    _send_body(world, alias, word, recipients, together=True)


def _on_tasks(world: World, alias: str) -> Iterator[Recipient]:
    if not world.target.profile.has_tasks:
        return
    person = world.person(alias)
    verbs, spare = (_CHANGES, _spare(world, person)) if alias not in world.taskless else (_CHANGES[:1], None)
    routes = [world.tasks] if world.target.profile.proxy is None else [world.tasks, world.proxy]
    for api in {one.route: one for one in routes}.values():
        for verb in verbs:
            if getattr(api.declared, verb) is not None:
                yield _of_task(api, verb, person, spare)


def _of_task(api: TaskApi, verb: Verb, person: Person, task: Task | None) -> Recipient:
    values = {**person.values, "task_id": task.id if task is not None else "", "title": "water the plants"}
    return Recipient(f"{api.route}.{verb}", api.operation(verb), api.credential(person), values)


def _spare(world: World, person: Person) -> Task:
    """A task that an odd request may change."""
    spare = world.tasks.make(person)
    person.tasks.remove(spare)
    person.tasks.insert(0, spare)
    return spare


def _on_account(world: World, alias: str) -> Iterator[Recipient]:
    device, known = world.device(alias, "first device"), world.target.profile.operations
    values = {**device.person.values, "new_name": device.person.name, "refresh_token": _UNISSUED}
    for name in ("update_user", "refresh", "sign_out"):
        operation = getattr(known, name)
        if operation is not None:
            by_owner = name == "update_user"
            credential = world.deployment.access.ready(name, device) if by_owner else ANONYMOUS
            yield Recipient(f"operations.{name}", operation, credential, values)


def _send_body(world: World, alias: str, word: str, recipients: Iterable[Recipient], *, together: bool) -> None:
    tried, missing = world.setdefault(Tried()), list[NotThere]()
    for recipient in recipients:
        if recipient.operation.body is None:
            continue
        for body in BODIES[word](recipient.operation.body, recipient.values, together=together):
            try:
                tried.ask(f"{recipient}, sent {word}", partial(_sent, world, alias, recipient, body))
            except NotThere as reason:  # another requirement says so
                world.notes.append(f"not tried: {recipient}, which is not there")
                missing.append(reason)
                break
    if missing and not tried.came:
        raise missing[0]
    if not tried.came:
        raise Absent("The profile declares no such operation that takes JSON and has what would be changed.")


def _sent(world: World, alias: str, recipient: Recipient, body: bytes) -> Exchange:
    tampering = Tampering(raw_body=body, content_type=JSON)
    request = prepared(world.target, recipient.operation, recipient.values, recipient.credential, tampering)
    client = world.deployment.client
    answer = client.send(alias, request.method, request.url, request.headers, request.body)
    if recipient.credential is not ANONYMOUS:  # others may rightly find nothing
        must_be_there(world.target, client, recipient.place, recipient.operation, answer)
    name = recipient.place.partition(".")[2]
    if name in _OF_PASSWORDS and matches(recipient.operation.outcomes.success, answer):
        world.deployment.asked[name] += 1  # it opened something after all
    return answer


def must_break_nothing(world: World) -> None:
    """Raise Unmet if a request got a crash, or no answer.

    Where none did, and no task could be made for it, raises why.
    """
    for what, came in world.recall(Tried).came:
        if is_crash(came):
            expected = f"that {what}, is answered by a decision"
            if isinstance(came, NoAnswer):
                raise Unmet(expected, f"no answer came ({came})")
            raise Unmet(expected, f"the server broke: it was answered {quoted(came)}", [came])
    for reason in world.taskless.values():
        raise reason
