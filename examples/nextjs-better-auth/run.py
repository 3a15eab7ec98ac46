"""Judges the example: the documented stack word by word, then as it works.

Arguments are handed on to the suite; see examples/common/judgement.py for the exit codes.
"""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from serve import Mode, deployment

from examples.common.judgement import Run, Running, main

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent


@contextlib.contextmanager
def started(mode: Mode, *, rate_limit: bool) -> Iterator[Running]:
    """Run the deployment; sessions live a week, so the suite gets the database's URL to age them."""
    with deployment(mode, rate_limit=rate_limit) as running:
        yield Running(running.base_url, running.api_url, {"AUTH_CONFORMANCE_DATABASE_URL": running.database_url})


RUNS = [
    Run("literal", partial(started, "literal", rate_limit=False), str(HERE / "literal.toml")),
    # Three sign-ins in ten seconds: the whole suite waits for minutes. Once is enough.
    Run(
        "corrected",
        partial(started, "corrected", rate_limit=True),
        str(HERE / "corrected.toml"),
        ("--throttle-budget", "1800"),
    ),
]

if __name__ == "__main__":
    sys.exit(main(HERE, RUNS, sys.argv[1:]))
