"""What the suite does with a profile: requests, verdicts, sentences.

The doctor and then every scenario of the specification run against a deployment in this process, with a clock and
random values that are the same each time. A key that nobody reads can't change any of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import inspect
import os
import pkgutil
import secrets
import ssl
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

import harness.browser.window  # noqa: F401 - first, for Playwright takes its time
import steps
from harness.browser.pool import Browsers
from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.verdict import finding
from harness.deployment import given
from harness.deployment.deployment import Deployment
from harness.deployment.expiry import Expiry
from harness.deployment.people import PersonFactory
from harness.doctor.examination import Examination
from harness.doctor.findings import Finding, Unusable
from harness.profile import capabilities
from harness.profile.custom import Custom, Request
from harness.profile.declarations import declarations
from harness.profile.profile import Profile
from harness.scenario.cast import Cast
from harness.scenario.world import World
from harness.specification.tags import sort_tags
from harness.tokens.forgeries import FORGERIES
from harness.wire.throttle import ThrottleBudget
from harness.wire.transcript import Transcript
from tests.support import fake_deployment
from tests.support.fake_browser import FakeBrowser
from tests.support.fake_client import Answer, FakeClient, Sent

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FEATURES = Path(__file__).parents[3] / "features"
VARIABLES = {
    "SHOP_JWT_SECRET": fake_deployment.SIGNING_SECRET,
    "SHOP_DATABASE_URL": "postgres://shop.example/accounts",
    "SHOP_KEY": "the key of the shop",
    "GATE_USER": "gatekeeper",
    "GATE_PASSWORD": "the password of the gate",
}
_BY_OPENSSL = [
    name for name in FORGERIES if any(word in name for word in ("key pair", "certificate", "encrypted"))
]
"""Forgeries whose chance is out of our hands."""
_START = 1_700_000_000.0
_MAX_WAIT = 7_300.0
_BUDGET = 60.0
_FINDINGS = (Unmet, NotTested, NotApplicable, Unavailable, Absent, NoAnswer)
"""How a scenario may end. Whatever else is raised is a fault of the suite, and ends the test."""


@dataclass(frozen=True)
class Act:
    """One thing that the suite did: a check, the doctor, a scenario.

    ``done`` is what others could see of it: requests, the browser, waits, SQL. ``judged`` is how it ended, without
    words. ``told`` are its sentences.
    """

    name: str
    done: Sequence[str]
    judged: Sequence[str]
    told: Sequence[str]


@dataclass(frozen=True)
class Scenario:
    """A scenario of a feature file, or one row of an outline."""

    identity: str
    row: int
    needs: tuple[str, ...]
    steps: tuple[tuple[str, list[list[str]] | None], ...]


def behaviour(profile: Profile) -> Iterator[Act]:
    """What the suite does with that profile, act by act."""
    suite = _Suite(profile)
    for act in suite.acts():
        with suite.controlled():
            done = act()
        yield done


class _Suite:
    """The suite at work on one profile and one deployment."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.now = _START
        self.randoms = 0
        self.noted: list[str] = []
        self.shop = fake_deployment.Deployment()
        with self.controlled():
            self.target = given.given_target(
                profile, fake_deployment.WEB, fake_deployment.API, fake_deployment.AUTH
            )
            client = given.client_for(self.target, _BUDGET, self.noted.append)
            self.deployment = Deployment(self.target, client)
            self.cast = Cast(PersonFactory(profile.people, 1), self.deployment)
        self.browsers = Browsers(self.deployment)
        self.browsers._running = cast("Browser", FakeBrowser(self.shop, self.noted.append))

    def acts(self) -> Iterator[Callable[[], Act]]:
        """Everything that the suite does, in its order."""
        yield self._declare
        yield self._examine
        for one in scenarios():
            yield partial(self._play, one)

    def _declare(self) -> Act:
        has = [f"{name}: {value}" for name, value in capabilities.capabilities(self.target).items()]
        lines = [f"{label}: {sentence}" for label, sentence in declarations(self.profile)]
        return Act("profile check", [], [*has, *capabilities.absences(self.target)], lines)

    def _examine(self) -> Act:
        examination, ended = Examination(self.deployment, 1), "usable"
        told: list[str] = []
        try:
            examination.run()
        except Unusable as error:
            ended, told = type(error).__name__, [str(error)]
        kinds = [finding.kind for finding in examination.findings]
        return Act("doctor", self._flush(), [ended, *kinds], [*map(_sentence, examination.findings), *told])

    def _play(self, scenario: Scenario) -> Act:
        self.deployment.client.transcript = Transcript()
        world = World(self.cast, self.deployment, Expiry(self.target, _MAX_WAIT), browsers=self.browsers)
        told: list[str] = []
        try:
            capabilities.check(self.target, scenario.needs)
            for text, table in scenario.steps:
                _carry_out(world, text, table)
            ended = "pass"
        except _FINDINGS as error:
            judged = finding(error)
            ended, told = type(judged).__name__, [str(judged)]
            self.cast.recheck()
        finally:
            self.browsers.close_windows()
            with contextlib.suppress(*_FINDINGS):
                world.close()
        return Act(scenario.identity, self._flush(), [ended], [*told, *world.notes])

    def _flush(self) -> list[str]:
        noted = list(self.noted)
        self.noted.clear()
        return noted

    # --- what is the same each time ---

    @contextlib.contextmanager
    def controlled(self) -> Iterator[None]:
        """Replace time, chance, environment and network meanwhile."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "time", self._time)
            patch.setattr(time, "monotonic", self._time)
            patch.setattr(time, "sleep", self._sleep)
            for name, chance in {
                "token_hex": self._hex,
                "token_urlsafe": self._urlsafe,
                "token_bytes": self._bytes,
            }.items():
                patch.setattr(secrets, name, chance)
            patch.setattr(os, "urandom", self._bytes)
            for name in _BY_OPENSSL:
                patch.setitem(FORGERIES, name, lambda forge: [forge.token.signed(b"a key pair")])
            for name, value in VARIABLES.items():
                patch.setenv(name, value)
            for name, module in self._modules().items():
                patch.setitem(sys.modules, name, module)
            patch.setattr("harness.deployment.people.Faker", _Names)
            patch.setattr(given, "Client", self._client)
            patch.setattr(ssl, "create_default_context", _no_certificates)
            yield

    def _time(self) -> float:
        return self.now

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        if seconds > 1:
            self.noted.append(f"wait {seconds:.0f} s")

    def _bytes(self, size: int = 32) -> bytes:
        self.randoms += 1
        return hashlib.shake_128(str(self.randoms).encode()).digest(size)

    def _hex(self, size: int = 32) -> str:
        return self._bytes(size).hex()

    def _urlsafe(self, size: int = 32) -> str:
        return self._hex(size)[: size * 4 // 3]

    def _client(self, origins: frozenset[str], throttle: ThrottleBudget, **more: Any) -> FakeClient:
        if more["trust"].own is not None:
            own = more["trust"].own
            self.noted.append(f"shows {own.file} with {own.key} and {own.password}")
        if more["proxy"] is not None:
            self.noted.append(f"by way of {more['proxy'].url}")
        client = FakeClient(self._answer, sorted(origins), throttle.limit, more["gate"])
        client.is_throttled, client.clear_origin = more["is_throttled"], more["clear_origin"]
        return client

    def _answer(self, sent: Sent) -> Answer:
        self.noted.append(f"{sent.who}: {sent.method} {sent.url} {sorted(sent.headers)} {sent.body!r}")
        told = self.shop.answer(sent.method, sent.url, sent.headers, sent.body)
        return Answer(told.status, told.body, told.headers)

    def _modules(self) -> dict[str, types.ModuleType]:
        ageing, custom = types.ModuleType("expiry_sql"), types.ModuleType("shop_custom")
        ageing.age_sessions = self._age  # type: ignore[attr-defined]
        custom.Signed = _Signed  # type: ignore[attr-defined]
        return {"harness.deployment.expiry_sql": ageing, "shop_custom": custom}

    def _age(self, url: str, statement: str, who: dict[str, Any]) -> None:
        self.noted.append(f"{url}: {statement} for {who}")
        for session in self.shop.sessions.values():
            if session.account.email == who["email"]:
                session.ends = session.ends - who["seconds"] if "seconds" in who else self.now


@cache
def _no_certificates() -> ssl.SSLContext:
    """A context without certificates, which are slow to read."""
    return _NoFiles(ssl.PROTOCOL_TLS_CLIENT)


class _NoFiles(ssl.SSLContext):
    """A context that reads none of the files that it is given."""

    def load_cert_chain(self, *_: object) -> None:
        pass


class _Names:
    """Made-up names, without the time that Faker takes to read its own."""

    def __init__(self, locales: Iterable[str], providers: Iterable[str]) -> None:
        pass

    def seed_instance(self, seed: int) -> None:
        pass

    def name(self) -> str:
        return "Someone"


class _Signed(Custom):
    """A profile's own Python class."""

    def prepare(self, operation: Any, request: Request) -> Request:
        return Request(request.method, request.url, (*request.headers, ("X-Signed", "yes")), request.body)


def _sentence(finding: Finding) -> str:
    return finding.sentence


# --- the specification ---


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every scenario of the specification, first rows of outlines first."""
    found = [scenario for path in sorted(FEATURES.glob("*.feature")) for scenario in _scenarios_in(path)]
    return tuple(sorted(found, key=lambda scenario: scenario.row > 0))


def _scenarios_in(path: Path) -> Iterator[Scenario]:
    document: Any = {**Parser().parse(path.read_text("utf-8")), "uri": path.name}
    rows: Counter[str] = Counter()
    for pickle in Compiler().compile(document):
        outline = pickle["astNodeIds"][0]
        tags = sort_tags([tag["name"].removeprefix("@") for tag in pickle["tags"]])
        yield Scenario(
            tags.identity,
            rows[outline],
            tags.needs,
            tuple((step["text"], _table(step)) for step in pickle["steps"]),
        )
        rows[outline] += 1


def _table(step: Mapping[str, Any]) -> list[list[str]] | None:
    table = step.get("argument", {}).get("dataTable")
    return [[cell["value"] for cell in row["cells"]] for row in table["rows"]] if table else None


def _carry_out(world: World, text: str, table: list[list[str]] | None) -> None:
    act, arguments, takes_table = _definition(text)
    act(world, **arguments, **({"datatable": table} if takes_table else {}))


@cache
def _definition(text: str) -> tuple[Callable[..., object], dict[str, Any], bool]:
    """A step's function, its arguments, and whether it takes a table."""
    context = next(context for context in _definitions() if context.parser.is_matching(text))
    takes_table = "datatable" in inspect.signature(context.step_func).parameters
    return context.step_func, dict(context.parser.parse_arguments(text) or {}), takes_table


@cache
def _definitions() -> list[StepFunctionContext]:
    for module in pkgutil.iter_modules(steps.__path__):
        importlib.import_module(f"steps.{module.name}")
    known = step_function_context_registry.values()
    return [context for context in known if context.step_func.__module__.startswith("steps.")]
