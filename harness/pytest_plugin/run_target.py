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
from harness.discovery.found import HOW, FoundProfile
from harness.doctor.examination import Examination
from harness.doctor.reach import await_target
from harness.profile.loader import parse_profile
from harness.profile.target import Target, TargetError
from harness.pytest_plugin.found_target import fitting, look_at
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

    found: FoundProfile | None = None
    """What was found by looking, where no profile was given."""

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
            "profile": self.found.text if self.found is not None else None,
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
        if self.options.wait_for:
            self._await()
        if self.options.looks:
            self._look()
        target = given_target(self.options.profile, self.options.web or "", self.options.api, self.options.auth)
        self.journal = _journal(target, self.options)
        # The report names it also where the examination ends the run.
        self.target = target
        unfit = self._examine(target) if self.options.examine else []
        if self.found is not None and unfit:
            self._take(fitting(self.found, unfit, self.announce))
            self.target = replace(target, profile=self.options.profile)
        return self.target

    def _await(self) -> None:
        target = given_target(self.options.profile, self.options.web or "", self.options.api, self.options.auth)
        client = open_client(target, self.options, self.announce)
        try:
            await_target(Deployment(target, client), self.options.wait_for, self.announce)
        finally:
            client.close()

    def _look(self) -> None:
        self._take(look_at(self.options, self.announce, lambda target: _journal(target, self.options)))
        self.sign_ups = self.sign_ins = 1

    def _take(self, found: FoundProfile) -> None:
        self.found, self.options = found, replace(self.options, profile=found.profile)

    def _examine(self, target: Target) -> list[str]:
        """Examine the target.

        Returns the parts of the profile that can't be used.
        """
        client = open_client(target, self.options, self.announce)
        deployment = Deployment(target, client, journal=self.journal)
        browsers = (
            Browsers(
                deployment,
                self.options.browser_executable,
                self.announce,
                shared=Shared(limit=self.options.page_limit),
                display=self.options.display,
            )
            if self.in_browser
            else None
        )
        try:
            doubts = [
                one for one in Examination(deployment, self.options.seed, browsers).run() if one.kind == "doubtful"
            ]
            for finding in doubts:
                self.announce(f"doubtful: {redact(finding.sentence)}")
            return [one.unfit for one in doubts if one.unfit]
        finally:
            if browsers is not None:
                self.pages = browsers.shared.known
                browsers.stop()
            client.close()
            self.heartbeat = client.heartbeat.ticket()
            self.sign_ups += deployment.asked["sign_up"]
            self.sign_ins += deployment.asked["sign_in"]


def _journal(target: Target, options: Options) -> Journal:
    try:
        return journal_for(target, options.report_dir)
    except JournalError as error:
        raise TargetError(str(error)) from error


def join(options: Options, ticket: dict[str, Any]) -> Target:
    """The target as a worker sees it."""
    profile = parse_profile(ticket["profile"], HOW) if ticket["profile"] is not None else options.profile
    know_secrets_of(profile)
    for name, label in (("jwt_secret", "signing secret"), ("database_url", "database URL")):
        if ticket[name] is not None:
            register(ticket[name], label)
    return Target(
        profile,
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
