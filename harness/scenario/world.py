"""The world of one scenario.

Its people, what they hold, and the record of what was accepted and tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.core.errors import Absent, Unavailable
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.deployment.accounts import Accounts
from harness.deployment.answer import at, matches
from harness.deployment.credential import Credential
from harness.deployment.deployment import Deployment
from harness.deployment.expiry import Clock
from harness.deployment.people import Device, Person, Task
from harness.deployment.places import Places
from harness.deployment.refusal import ControlFailed, Judge
from harness.deployment.tasks import Route, TaskApi, Verb
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.browser.pool import Browsers
    from harness.core.exchange import Exchange
    from harness.profile.target import Target
from harness.scenario.cast import Cast
from harness.scenario.memory import Memory

_OF_THEIR_OWN = ("create", "delete")
"""Calls whose control makes a task of its own."""


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
    clock: Clock
    judge: Judge = field(default_factory=Judge)
    people: dict[str, Person] = field(default_factory=dict)
    devices: dict[tuple[str, str], Device] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    taskless: dict[str, NotTested | Unavailable | Absent] = field(default_factory=dict)
    browsers: Browsers | None = None

    def __post_init__(self) -> None:
        super().__init__()
        self.tasks = TaskApi(self.deployment, "tasks")
        self.proxy = TaskApi(self.deployment, "proxy")
        self.places = Places(self.deployment)
        self._throttled_before = self.deployment.client.throttle.used
        self.accounts = Accounts(self.deployment, self.cast.casting)

    @property
    def target(self) -> Target:
        """The deployment's addresses and profile."""
        return self.deployment.target

    @property
    def throttled(self) -> float:
        """Seconds that this scenario waited because the deployment said 429."""
        return self.deployment.client.throttle.used - self._throttled_before

    def introduce(self, person: Person) -> Person:
        """Put somebody on stage under their name."""
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

    def control_task_call(self, verb: Verb, alias: str, route: Route = "tasks") -> None:
        """Note that the person's own call works. Raises NotTested when it doesn't."""
        api = self.tasks if route == "tasks" else self.proxy
        task = None if verb in _OF_THEIR_OWN else self.task_of(alias)
        try:
            self.judge.control(api.key(verb, alias), api.control(verb, self.person(alias), task))
        except ControlFailed as failed:
            self._must_not_show_others(alias, failed)
            raise

    def _must_not_show_others(self, alias: str, failed: ControlFailed) -> None:
        # Served somebody else's tasks, a person misses their own: that is no failed control but the defect itself.
        others = [person for person in self.people.values() if person.alias != alias]
        for other in others:
            if any(canary in answer.everything for canary in other.canaries for answer in failed.exchanges):
                expected = f"nothing of {other.alias}'s in what {alias} gets"
                raise Unmet(expected, f"{alias} was given {other.alias}'s", failed.exchanges) from failed

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
        """Every cookie that the person's first device sends."""
        return self.deployment.browser_session(self.device(alias, "first device"))

    def page_after_sign_in(self) -> str:
        """A path inside the deployment."""
        pages = self.target.profile.pages
        return pages.after_sign_in if pages is not None else "/"

    def last(self) -> Exchange:
        """The answer that the scenario is about.

        Raises HarnessError before there is one.
        """
        return self.recall(Answer).exchange

    def must_be_done(self, name: str, exchange: Exchange) -> None:
        """Note the answer to an operation.

        Raises NotTested when it is not what the profile calls success.
        """
        self.remember(Answer(exchange))
        if not matches(self.deployment.operation(name).outcomes.success, exchange):
            raise NotTested(
                f"{name} was answered {exchange.status}, not as the profile says success looks.",
                f"Check operations.{name} in the profile.",
                [exchange],
            )

    def secret(self, alias: str) -> bytes:
        """The shared signing secret. Raises NotApplicable or NotTested without one."""
        token = Jwt.parse(self.deployment.access_token(self.device(alias, "first device")))
        if not token.symmetric:
            raise NotApplicable(f"The deployment signs with {token.algorithm}: there is no shared secret.")
        if self.target.jwt_secret is None:
            variable = self.target.profile.jwt.secret_env
            remedy = (
                f"Set the environment variable {variable}." if variable else "Name its variable in jwt.secret_env."
            )
            raise NotTested("the shared signing secret was not given.", remedy)
        return self.target.jwt_secret.encode()

    def published_keys(self) -> list[dict[str, Any]]:
        """The keys of the published set (RFC 7517).

        Empty where there is none.
        """
        if self.target.profile.operations.jwks is None:
            return []
        keys = at(self.deployment.call("jwks", "somebody", {}), "/keys")
        return keys if isinstance(keys, list) else []

    def close(self) -> None:
        """Take away what the scenario made on people who are shared."""
        for person in self.cast.shared.values():
            if person.tasks:
                self.tasks.discard(person)
