"""The world of one scenario: its people, what they hold, and the ledger of what was accepted and tried."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.accounts import Accounts
from harness.actors import Casting, Device, Person, Task
from harness.clock import Clock
from harness.deployment import Deployment, ends_soon
from harness.holding import holds_session
from harness.http import NoAnswer
from harness.judge import Judge
from harness.operations import NOBODY, Credential, at, matches
from harness.places import Places
from harness.tasks import Call, Route, TaskApi, Verb
from harness.tokens import Jwt
from harness.verdict import HarnessError, NotApplicable, NotTested, Unmet

if TYPE_CHECKING:
    from harness.http import Exchange
    from harness.pages import Browsers
    from harness.target.target import Target


@dataclass
class Cast:
    """The people of one worker. Shared ones sign up once and are changed by no scenario."""

    casting: Casting
    deployment: Deployment
    shared: dict[str, Person] = field(default_factory=dict)
    everyone: list[Person] = field(default_factory=list)
    hopeless: NotTested | None = None
    silent: NotTested | None = None
    doubted: set[str] = field(default_factory=set)
    spare: Person | None = None
    refused_lengths: dict[int, Exchange] = field(default_factory=dict)

    def doubt(self) -> None:
        """Have each shared person asked who they are before their next use: one may have been signed out.

        Whoever was lent is not lent again: what their password is, nobody can say.
        """
        self.doubted = set(self.shared)
        self.spare = None

    def share(self, alias: str) -> Person:
        """The shared person of that name, signed in on a first device.

        Where one account could not be made no other is tried: the reason is the same for every scenario.
        """
        _raise_anew(self.hopeless)
        try:
            return self._share(alias)
        except NotTested as reason:
            self.hopeless = reason
            raise

    def _share(self, alias: str) -> Person:
        person = self.shared.get(alias)
        if person is None:
            person = self.create(alias)
            self._must_tell_apart(person)
            self.shared[alias] = person
        device = person.device("first device")
        if not holds_session(self.deployment.target, device) or self._token_ends_soon(device):
            self.deployment.sign_in_for_good(device)
        elif alias in self.doubted:
            self._sign_in_again_if_signed_out(device)
        self.doubted.discard(alias)
        return person

    def _token_ends_soon(self, device: Device) -> bool:
        is_session = self.deployment.target.profile.credentials.session.kind == "token"
        return is_session and device.access_token is not None and ends_soon(device.access_token)

    def _sign_in_again_if_signed_out(self, device: Device) -> None:
        known = self.deployment.who_is(self.deployment.browser_session(device), device.who)
        if known is None or known.email.lower() != device.person.email.lower():
            device.access_token = None
            self.deployment.sign_in_for_good(device)

    def _must_tell_apart(self, person: Person) -> None:
        stranger = self.deployment.who_is(NOBODY, "a browser without cookies")
        if stranger is not None:
            raise NotTested(
                f"the session endpoint tells a browser without cookies that it is {stranger.email}: being signed "
                f"in as {person.alias} can't be told from being nobody."
            )

    def lend(self, alias: str) -> Person:
        """Somebody whom one scenario at a time may change; lent on, changed, while all goes well.

        A scenario that changes an account has to leave the person's own data true: the password, for one.
        """
        if self.spare is None or not self.spare.has_account:
            self.spare = self.create(alias)
        self._sign_in_again_if_signed_out(self.spare.device("first device"))
        return self.spare

    def create(self, alias: str) -> Person:
        """Somebody new, with an account and signed in on a first device."""
        person = self.imagine(alias)
        try:
            self.deployment.open_account(person)
        except NoAnswer as silent:
            if silent.timed_out:
                # Every other scenario would wait as long.
                self.silent = NotTested(f"an account could not be made: {silent}.")
                _raise_anew(self.silent)
            raise
        return person

    def imagine(self, alias: str) -> Person:
        """Somebody new without an account."""
        _raise_anew(self.silent)
        person = self.casting.person(alias)
        self.everyone.append(person)
        return person

    def dismiss(self) -> None:
        """Delete every account, where the profile says how and the person is still signed in somewhere."""
        if self.deployment.target.profile.operations.delete_user is None:
            return
        for person in self.everyone:
            self._delete(person)

    def _delete(self, person: Person) -> None:
        target = self.deployment.target
        signed_in = [device for device in person.devices.values() if holds_session(target, device)]
        if person.has_account and signed_in:
            with contextlib.suppress(NoAnswer, NotTested):
                self.deployment.on_device("delete_user", signed_in[-1], person.values)


_OF_THEIR_OWN = ("create", "delete")
"""Calls whose control makes a task of its own."""


def _raise_anew(reason: NotTested | None) -> None:
    if reason is not None:
        # A new one each time: raised again, the same exception's traceback would grow and grow.
        raise NotTested(reason.reason, reason.remedy, reason.exchanges)


@dataclass
class World:
    """What steps act on. One per scenario; the cast and the deployment outlive it."""

    cast: Cast
    deployment: Deployment
    clock: Clock
    judge: Judge = field(default_factory=Judge)
    people: dict[str, Person] = field(default_factory=dict)
    devices: dict[tuple[str, str], Device] = field(default_factory=dict)
    captured: Credential | None = None
    captured_value: str = ""
    signed_out: bool = False
    revoked: bool = False
    listed: frozenset[str] = frozenset()
    session_id: str | None = None
    old_password: str | None = None
    changes: dict[tuple[str, str], Exchange] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    twins: dict[str, Person] = field(default_factory=dict)
    token: str | None = None
    answer: Exchange | None = None
    answers: list[Exchange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    taskless: dict[str, NotTested | NotApplicable] = field(default_factory=dict)
    wishes: dict[str, Any] = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    planted: str = ""
    authenticating: list[str] = field(default_factory=list)
    guessed: str | None = None
    guesses: int = 0
    closed: bool = False
    yielded: list[str | None] = field(default_factory=list)
    held_before: dict[str, str] = field(default_factory=dict)
    refresh_tokens: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    browsers: Browsers | None = None

    def __post_init__(self) -> None:
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
        """A new task of the person's. Where none can be made, only what needs it is not tested: see `task_of`."""
        try:
            self.tasks.make(self.person(alias))
        except Unmet as failed:
            self.taskless[alias] = NotTested(
                f"{alias} could not be given a task: {failed.came}.", "", failed.exchanges
            )
        except (NotTested, NotApplicable) as reason:
            self.taskless[alias] = reason

    def control_task_call(self, verb: Verb, alias: str, route: Route = "tasks") -> None:
        """Note that the person's own call works. Raises NotTested when it doesn't."""
        api = self.tasks if route == "tasks" else self.proxy
        task = None if verb in _OF_THEIR_OWN else self.task_of(alias)
        try:
            self.judge.control(api.key(verb, alias), api.control(verb, self.person(alias), task))
        except NotTested as failed:
            self._must_not_show_others(alias, failed)
            raise

    def _must_not_show_others(self, alias: str, failed: NotTested) -> None:
        # Served somebody else's tasks, a person misses their own: that is no failed control but the defect itself.
        others = [person for person in self.people.values() if person.alias != alias]
        for other in others:
            if any(canary in answer.everything for canary in other.canaries for answer in failed.exchanges):
                expected = f"nothing of {other.alias}'s in what {alias} gets"
                raise Unmet(expected, f"{alias} was given {other.alias}'s", failed.exchanges) from failed

    def device(self, alias: str, name: str) -> Device:
        """A device that an earlier step brought in; ``first device`` is where the account was made."""
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

    def held(self) -> Credential:
        """The session that somebody captured. Raises HarnessError before anybody did."""
        if self.captured is None:
            raise HarnessError("no step of this scenario captured a session")
        return self.captured

    def last(self) -> Exchange:
        """The answer that the scenario is about. Raises HarnessError before there is one."""
        if self.answer is None:
            raise HarnessError("no step of this scenario asked for anything yet")
        return self.answer

    def must_be_done(self, name: str, exchange: Exchange) -> None:
        """Note the answer to an operation. Raises NotTested when it is not what the profile calls success."""
        self.answer = exchange
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
        """The keys of the published set (RFC 7517); empty where there is none."""
        if self.target.profile.operations.jwks is None:
            return []
        keys = at(self.deployment.call("jwks", "somebody", {}), "/keys")
        return keys if isinstance(keys, list) else []

    def close(self) -> None:
        """Take away what the scenario made on people who are shared."""
        for person in self.cast.shared.values():
            if person.tasks:
                self.tasks.discard(person)
