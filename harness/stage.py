"""What a whole run stands on: the target, started or given, and what workers need to reach it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.evidence.redaction import register
from harness.http import Client, NoAnswer, ThrottleBudget
from harness.launch import reference_target
from harness.options import Options, database_from_environment, secret_from_environment
from harness.target.target import Target, TargetError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Stage:
    """Opened once a run by the process that the user started; workers join it by `ticket`."""

    options: Options
    target: Target | None = None
    postgres: str = ""

    def __post_init__(self) -> None:
        self._resources = contextlib.ExitStack()

    def open(self) -> Target:
        """Start or reach the target. Raises TargetError with one sentence when that can't be done."""
        if self.target is None:
            self.target = self._given() if self.options.web is not None else self._started()
        return self.target

    def close(self) -> None:
        """Stop whatever was started."""
        self._resources.close()

    def ticket(self) -> dict[str, Any]:
        """What a worker needs to know of the target."""
        target = self.open()
        return {
            "web": target.web,
            "api": target.api,
            "jwt_secret": target.jwt_secret,
            "database_url": target.database_url,
            "seed": self.options.seed,
        }

    def _started(self) -> Target:
        settings = self.options
        started = reference_target(
            settings.profile, settings.postgres, settings.postgres_url, settings.reference_settings
        )
        target, self.postgres = self._resources.enter_context(started)
        return target

    def _given(self) -> Target:
        web = self.options.web or ""
        target = Target(
            self.options.profile,
            web,
            self.options.api or web,
            secret_from_environment(self.options.profile),
            database_from_environment(self.options.profile),
        )
        for secret, label in ((target.jwt_secret, "signing secret"), (target.database_url, "database URL")):
            if secret is not None:
                register(secret, label)
        _must_answer(target)
        return target


def join(options: Options, ticket: dict[str, Any]) -> Target:
    """The target as a worker sees it."""
    for name, label in (("jwt_secret", "signing secret"), ("database_url", "database URL")):
        if ticket[name] is not None:
            register(ticket[name], label)
    return Target(options.profile, ticket["web"], ticket["api"], ticket["jwt_secret"], ticket["database_url"])


def open_client(target: Target, options: Options, announce: Callable[[str], None]) -> Client:
    """A client for the target with the run's budget for waiting."""
    return Client(target.origins, ThrottleBudget(options.throttle_budget, announce=announce))


def _must_answer(target: Target) -> None:
    client = Client(target.origins, ThrottleBudget(0.0))
    try:
        for flag, url in {"--base-url": target.web, "--api-url": target.api}.items():
            try:
                client.send("the suite", "GET", url + "/")
            except NoAnswer as error:
                raise TargetError(
                    f"nothing answers at {url} ({flag}): {error}. Start the deployment, or correct the address."
                ) from error
    finally:
        client.close()
