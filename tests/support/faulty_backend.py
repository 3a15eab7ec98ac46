"""The reference backend with faults, for tests that need findings to look at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.reference.postgres import PostgresServer
from tests.detection.backend import backend
from tests.detection.registry import all_faults


@dataclass(frozen=True)
class FaultyBackend:
    """A running backend: the words and the environment with which the suite judges it."""

    url: str
    words: tuple[str, ...]
    environment: Mapping[str, str]


@contextlib.contextmanager
def faulty_backend(server: PostgresServer, folder: Path, *names: str) -> Iterator[FaultyBackend]:
    """Run the reference backend with these faults, or as it is without any, for as long as the context."""
    faults = [all_faults()[name] for name in names]
    settings = {name: value for fault in faults for name, value in fault.settings.items()}
    first = faults[0] if faults else None
    with backend(server, settings, folder, first, faults[1:]) as running:
        words = ("--skip-doctor", "--base-url", running.url, "--target", "reference")
        yield FaultyBackend(running.url, words, running.environment)
