"""A scenario without a network: a correct deployment in memory, in which a test makes one thing wrong."""

from __future__ import annotations

import pytest

from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import FakeClient
from tests.support.scenario import with_people, world_of


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def client(backend: FakeBackend) -> FakeClient:
    return FakeClient(backend)


@pytest.fixture
def world(client: FakeClient) -> World:
    """Ann and Bob are signed in and have a task each."""
    return with_people(world_of(client), "Ann", "Bob")
