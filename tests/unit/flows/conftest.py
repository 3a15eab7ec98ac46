"""A scenario without a network: a correct deployment in memory, in which a test makes one thing wrong."""

from __future__ import annotations

import time
from typing import cast

import pytest

from harness.browser.pool import Browsers
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import FakeClient
from tests.support.fake_windows import FakeBrowsers
from tests.support.scenario import with_people, world_of


@pytest.fixture
def world(client: FakeClient) -> World:
    """Ann and Bob are signed in and have a task each."""
    return with_people(world_of(client), "Ann", "Bob")


@pytest.fixture
def browsers(world: World, backend: FakeBackend) -> FakeBrowsers:
    """The windows of the scenario."""
    made = FakeBrowsers(world.deployment, backend)
    world.browsers = cast("Browsers", made)
    return made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were waited; the clock moves by them."""
    noted: list[float] = []
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + sum(noted))
    monkeypatch.setattr(time, "sleep", noted.append)
    return noted
