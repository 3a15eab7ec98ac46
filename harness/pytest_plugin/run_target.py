"""The target of a run, started or given."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harness.browser.pool import Browsers
from harness.browser.shared import Shared
from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.core.redaction import redact, register
from harness.deployment.deployment import Deployment
from harness.deployment.given import client_for, given_target, know_secrets_of
from harness.deployment.journal import NOWHERE, Journal, JournalError, State, journal_for
from harness.deployment.removal import removed
from harness.doctor.examination import Examination
from harness.doctor.reach import await_target
from harness.profile.target import Target, TargetError
from harness.reference.launch import reference_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.pytest_plugin.options import Options
    from harness.wire.client import Client


_PATIENCE = 10.0
"""Seconds in which accounts are deleted for a worker that is gone."""


@dataclass
class RunTarget:
    """The target of a run; workers join it by its `ticket`."""

    options: Options
    target: Target | None = None
    postgres: str = ""
    sign_ups: int = 0
    """How often the doctor asked for an account."""
    sign_ins: int = 0
    """How often the doctor asked for a session."""
    in_browser: bool = False
    """Whether the run has scenarios in a browser, so that the doctor looks at the pages in one."""
    announce: Callable[[str], None] = lambda _: None
    pages: dict[str, list[str]] = field(default_factory=dict)
    """What the doctor found out about pages in a browser, for the scenarios that use them."""

    unusable: str = ""
    """Why it can't be tested, masked; empty where it can."""
    journal: Journal = NOWHERE
    """Where the accounts of the run are written down."""
    heartbeat: dict[str, Any] | None = None
    """A request that the doctor saw answered, for the scenarios to ask again."""

    def __post_init__(self) -> None:
        self._resources = contextlib.ExitStack()

    def open(self) -> Target:
        """Start or reach the target.

        Raises TargetError with one sentence when that can't be done.
        """
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
            "auth": target.auth_url,
            "jwt_secret": target.jwt_secret,
            "database_url": target.database_url,
            "seed": self.options.seed,
            "pages": self.pages,
            "heartbeat": self.heartbeat,
        }

    def accounts_left(self, since: str) -> int:
        """How many accounts from then on stay behind, by the journal.

        What a worker that was ended did not come to delete is deleted first.
        """
        left = [one for one in self.journal.settle() if one.since >= since]
        missed = [one for one in left if one.state in (State.ASKED, State.MADE) and one.passwords]
        if not missed or self.target is None or self.unusable:
            return len(left)
        client = open_client(self.target, replace(self.options, throttle_budget=_PATIENCE), self.announce)
        deployment = Deployment(self.target, client, journal=self.journal)
        # Whoever interrupts once more does not want to wait.
        with contextlib.suppress(KeyboardInterrupt, NoAnswer, Unavailable):
            until = time.monotonic() + _PATIENCE
            for account in missed:
                if time.monotonic() < until:
                    removed(deployment, account)
        client.close()
        return sum(one.since >= since for one in self.journal.settle())

    def _started(self) -> Target:
        settings = self.options
        started = reference_target(
            settings.profile, settings.postgres, settings.postgres_url, settings.reference_settings
        )
        target, self.postgres = self._resources.enter_context(started)
        return target

    def _given(self) -> Target:
        target = given_target(self.options.profile, self.options.web or "", self.options.api, self.options.auth)
        self.journal = _journal(target, self.options)
        # The report names it also where the examination ends the run.
        self.target = target
        client = open_client(target, self.options, self.announce)
        try:
            await_target(Deployment(target, client), self.options.wait_for, self.announce)
        finally:
            client.close()
        if self.options.examine:
            self._examine(target)
        return target

    def _examine(self, target: Target) -> None:
        client = open_client(target, self.options, self.announce)
        deployment = Deployment(target, client, journal=self.journal)
        browsers = (
            Browsers(
                deployment,
                self.options.browser_executable,
                self.announce,
                shared=Shared(limit=self.options.page_limit),
            )
            if self.in_browser
            else None
        )
        try:
            for finding in Examination(deployment, self.options.seed, browsers).run():
                if finding.kind == "doubtful":
                    self.announce(f"doubtful: {redact(finding.sentence)}")
        finally:
            if browsers is not None:
                self.pages = browsers.shared.known
                browsers.stop()
            client.close()
            self.heartbeat = client.heartbeat.ticket()
            self.sign_ups, self.sign_ins = deployment.asked["sign_up"], deployment.asked["sign_in"]


def _journal(target: Target, options: Options) -> Journal:
    try:
        return journal_for(target, options.report_dir)
    except JournalError as error:
        raise TargetError(str(error)) from error


def join(options: Options, ticket: dict[str, Any]) -> Target:
    """The target as a worker sees it."""
    know_secrets_of(options.profile)
    for name, label in (("jwt_secret", "signing secret"), ("database_url", "database URL")):
        if ticket[name] is not None:
            register(ticket[name], label)
    return Target(
        options.profile,
        ticket["web"],
        ticket["api"],
        ticket["jwt_secret"],
        ticket["database_url"],
        ticket["auth"],
    )


def joined_journal(options: Options, target: Target) -> Journal:
    """The journal of the run, for its client."""
    # The reference backend's database goes away with the run.
    return journal_for(target, options.report_dir) if options.web is not None else NOWHERE


def open_client(target: Target, options: Options, announce: Callable[[str], None]) -> Client:
    """A client for the target with the run's limits for waiting."""
    return client_for(target, options.throttle_budget, announce, options.answer_limit, options.trust)
