"""The world of one scenario.

Its people, what they hold, and the record of what was accepted and tried.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.accounts import Accounts
from harness.deployment.callback import listener_for
from harness.deployment.credential import Credential
from harness.deployment.deployment import Deployment
from harness.deployment.expiry import Expiry
from harness.deployment.opener import Opener
from harness.deployment.people import Device, Person, Task
from harness.deployment.places import Places
from harness.deployment.refusal import Judge
from harness.deployment.tasks.checks import TaskApi
from harness.scenario.cast import Cast
from harness.scenario.memory import Memory

if TYPE_CHECKING:
    from harness.browser.pool import Browsers
    from harness.core.exchange import Exchange
    from harness.profile.target import Target
    from harness.wire.listener import Listener, Place


@dataclass(frozen=True)
class Answer:
    """The answer that the scenario is about."""

    exchange: Exchange


@dataclass
class World(Memory):
    """What steps act on.

    One per scenario; the cast and the deployment outlive it.
    """

    cast: Cast
    deployment: Deployment
    expiry: Expiry
    judge: Judge = field(default_factory=Judge)
    people: dict[str, Person] = field(default_factory=dict)
    devices: dict[tuple[str, str], Device] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    taskless: dict[str, NotTested | Unavailable | Absent] = field(default_factory=dict)
    browsers: Browsers | None = None
    listening: Place | None = None
    """Where the user says that the suite may listen."""

    def __post_init__(self) -> None:
        super().__init__()
        profile = self.target.profile
        self.tasks = TaskApi(self.deployment, profile.tasks_section)
        self.session_tasks = TaskApi(self.deployment, profile.session_section or "proxy")
        self.proxy = TaskApi(self.deployment, "proxy")
        self.places = Places(self.deployment)
        self._throttled_before = self.deployment.client.throttle.used
        self.accounts = Accounts(self.deployment, self.cast.factory)
        self._listener: Listener | None = None

    @property
    def target(self) -> Target:
        """The deployment's addresses and profile."""
        return self.deployment.target

    @property
    def opener(self) -> Opener:
        """What opens the tasks. Raises Absent when there are none."""
        tasks = self.tasks.declared
        return Opener(self.deployment.access, tasks.credential, tasks.base, tasks.create.path)

    @property
    def throttled(self) -> float:
        """Seconds that this scenario waited because the deployment said 429."""
        return self.deployment.client.throttle.used - self._throttled_before

    def introduce(self, person: Person) -> Person:
        """Make a person known to later steps by name."""
        self.people[person.alias] = person
        return person

    def person(self, alias: str) -> Person:
        """Somebody whom an earlier step introduced."""
        if alias not in self.people:
            raise HarnessError(f"{alias} does something in this scenario before any step introduced {alias}")
        return self.people[alias]

    def task_of(self, alias: str) -> Task:
        """The latest task of a person's."""
        tasks = self.person(alias).tasks
        if alias in self.taskless:
            raise self.taskless[alias]
        if not tasks:
            raise HarnessError(f"no step of this scenario gave {alias} a task")
        return tasks[-1]

    def give_task(self, alias: str) -> None:
        """A new task of the person's.

        Where none can be made, only what needs it is not tested: see `task_of`.
        """
        try:
            self.tasks.make(self.person(alias))
        except Unmet as failed:
            self.taskless[alias] = NotTested(
                f"{alias} could not be given a task: {failed.came}.", "", failed.exchanges
            )
        except (Unavailable, Absent) as reason:
            self.taskless[alias] = reason

    def device(self, alias: str, name: str) -> Device:
        """A device that an earlier step brought in.

        ``first device`` is where the account was made.
        """
        device = self.devices.get((alias, name))
        return device if device is not None else self.person(alias).device(name)

    def new_device(self, alias: str, name: str) -> Device:
        """A device of this scenario's own, with no cookies yet."""
        device = Device(self.person(alias), name)
        self.devices[alias, name] = device
        return device

    def session_of(self, alias: str) -> Credential:
        """What the person's first device presents, without caches."""
        return self.deployment.access.browser_session(self.device(alias, "first device"))

    def browser_of(self, alias: str) -> Credential:
        """All that the browser on the person's first device sends.

        For what a browser does, never for a look at an effect.
        """
        return self.deployment.access.whole_jar(self.device(alias, "first device"))

    def listen(self) -> Listener:
        """A listener that the deployment reaches, until the scenario ends.

        Raises Absent where there can be none, Unavailable where it can't be opened.
        """
        if self._listener is None:
            self._listener = listener_for(self.target, self.tasks.declared.base, self.listening)
        return self._listener

    def last(self) -> Exchange:
        """The answer that the scenario is about.

        Raises HarnessError before there is one.
        """
        return self.recall(Answer).exchange

    def close(self) -> None:
        """Take away what the scenario made on people who are shared.

        Its new people may be others' from now on.
        """
        if self._listener is not None:
            self._listener.close()
        self.cast.leave_behind()
        for person in self.cast.shared.values():
            if person.tasks:
                with suppress(Unavailable, NoAnswer):
                    self.cast.recover(person)
                    self.tasks.discard(person)
                person.tasks_left += len(person.tasks)
                person.tasks.clear()
