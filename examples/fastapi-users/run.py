"""Judges the example three ways, then expiry with a lifetime of seconds.

Arguments are handed on to the suite; see examples/common/judgement.py for the exit codes.
"""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from serve import SECRET, deployment

from examples.common.judgement import Run, Running, main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent


@contextlib.contextmanager
def started(settings: Mapping[str, str], *, gives_secret: bool = True) -> Iterator[Running]:
    """Run the deployment; ``gives_secret`` lets the suite mint expired tokens instead of waiting for their end."""
    with deployment(settings) as running:
        known = {SECRET: running.jwt_secret} if gives_secret else {}
        yield Running(running.base_url, environment=known)


def profile(name: str) -> str:
    """The path of one of the example's profiles."""
    return str(HERE / f"{name}.toml")


SHORT_LIVED = {"AUTH": "jwt-cookie", "LIFETIME_SECONDS": "6"}
RUNS = [
    Run("jwt-bearer", partial(started, {"AUTH": "jwt-bearer"}), profile("jwt-bearer")),
    Run("cookie", partial(started, {"AUTH": "jwt-cookie"}), profile("cookie")),
    Run("database", partial(started, {"AUTH": "database-bearer"}), profile("database")),
    Run("short-lived", partial(started, SHORT_LIVED, gives_secret=False), profile("cookie"), ("-m", "expiry")),
]

if __name__ == "__main__":
    sys.exit(main(HERE, RUNS, sys.argv[1:]))
