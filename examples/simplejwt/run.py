"""Judges the example: the whole suite with Simple JWT's lifetimes, then expiry with lifetimes of seconds.

Arguments are handed on to the suite. EXPECTED.md explains the verdicts that are no pass.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from serve import SECRET, deployment

from examples.common.judgement import Run, Running, main

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
PROFILE = str(HERE / "profile.toml")
SHORT_LIVED = {"ACCESS_TOKEN_SECONDS": "4", "REFRESH_TOKEN_SECONDS": "8"}


@contextlib.contextmanager
def default() -> Iterator[Running]:
    """Start it as it is, and give the suite the secret, with which it makes expired tokens."""
    with deployment({}) as running:
        yield Running(running.base_url, environment={SECRET: running.secret_key})


@contextlib.contextmanager
def short_lived() -> Iterator[Running]:
    """Start it with lifetimes that the suite waits out, and keep the secret."""
    os.environ.pop(SECRET, None)  # whatever it is, it does not sign these tokens
    with deployment(SHORT_LIVED) as running:
        yield Running(running.base_url)


RUNS = (
    Run("default", default, PROFILE),
    Run("short-lived", short_lived, PROFILE, ("-m", "expiry")),
)

if __name__ == "__main__":
    sys.exit(main(HERE, RUNS, sys.argv[1:]))
