"""A dozen of the hostile servers of `python -m tests.hostile`, which are quick to say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.reference.postgres import PostgresServer
from tests.hostile.registry import all_kinds
from tests.hostile.trial import Lane, lane

QUICK = (
    "speaks-tls-alerts",
    "random-bytes",
    "http-0-9",
    "length-of-5000-digits",
    "chunk-sizes-of-garbage",
    "json-cut",
    "maintenance-at-the-start",
    "redirects-in-circles",
    "escapes-in-a-crash",
    "escapes-in-a-refused-sign-up",
    "one-reset-in-the-doctor",
    "token-whose-claims-are-null",
)


@pytest.fixture(scope="module")
def hostile_lane(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane(server, tmp_path_factory.mktemp("lane")) as one:
        yield one


@pytest.mark.parametrize("name", QUICK)
def test_a_hostile_server_breaks_nothing(hostile_lane: Lane, name: str, tmp_path: Path) -> None:
    trial = hostile_lane.run(all_kinds()[name], tmp_path, bounded=False)
    assert trial.problems == (), trial.output


def test_there_are_sixty_at_least_and_each_says_what_it_does() -> None:
    assert len(all_kinds()) >= 60
    assert [name for name, kind in all_kinds().items() if not kind.does] == []
