"""A made-up scenario: exchanges, the people in them, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from harness.core.exchange import Exchange
from harness.core.verdict import Level, Severity, Verdict
from harness.deployment.people import Person, PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.results.result import Result
from harness.scenario.world import World
from harness.wire.client import Client
from harness.wire.secret_scanner import SecretScanner
from harness.wire.throttle import ThrottleBudget

WEB = "http://127.0.0.1:3000"
JSON = ("Content-Type", "application/json")


def person(alias: str) -> Person:
    return PersonFactory(load_profile("reference").people, 1).person(alias)


@dataclass
class Story:
    """What was said so far, and the world in which it was."""

    target: Target = field(default_factory=lambda: Target(load_profile("reference"), WEB, WEB))
    people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = Client(self.target.origins, ThrottleBudget(0.0))

    def person(self, alias: str) -> Person:
        self.people.append(person(alias))
        return self.people[-1]

    def before(
        self,
        method: str,
        path: str,
        headers: Sequence[tuple[str, str]] = (),
        body: object = None,
        answer: object = None,
        set_headers: Sequence[tuple[str, str]] = (),
        status: int = 200,
    ) -> Exchange:
        """An exchange of an earlier scenario."""
        sent = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        came = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        exchange = Exchange("Ann's laptop", method, WEB + path, headers, sent, status, set_headers, came, 0.0)
        SecretScanner().scan(exchange)
        self.client.history.append(exchange)
        return exchange

    def here(self, step: str, *arguments: Any, **named: Any) -> Exchange:
        """An exchange of this scenario, under a step."""
        exchange = self.before(*arguments, **named)
        self.client.transcript.entries.append((step, exchange))
        return exchange

    @property
    def world(self) -> World:
        return cast(
            "World",
            SimpleNamespace(
                deployment=SimpleNamespace(client=self.client),
                target=self.target,
                cast=SimpleNamespace(everyone=self.people),
            ),
        )


def finding(**changes: Any) -> Result:
    told = {
        "identity": "made-up",
        "level": Level.MUST,
        "severity": Severity.HIGH,
        "feature": "made-up",
        "line": 1,
        "name": 'It\'s a "made-up" requirement; $(touch hacked)',
        "row": "",
        "steps": ["Given it is prepared", "When it is tried", "Then it is refused"],
        "needs": [],
        "verdict": Verdict.FAIL,
        "expected": "that it is refused",
        "came": "it was answered 200 to\nhttp://x/$(touch hacked)",
        "step": "Then it is refused",
        "notes": [],
    }
    return Result.model_construct(**{**told, **changes})
