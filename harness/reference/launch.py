"""Starts the reference backend as a process with a URL of its own, on a Postgres of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from harness.core.processes import ProcessError, start
from harness.core.redaction import register
from harness.profile.profile import Profile
from harness.profile.target import Target, TargetError
from harness.reference.postgres import PostgresUnavailable, open_server

START_LIMIT = 30.0
"""Seconds that the reference backend may take to answer."""

PostgresMode = Literal["auto", "url", "docker", "embedded"]


@contextlib.contextmanager
def reference_target(
    profile: Profile, mode: PostgresMode, postgres_url: str | None, settings: Mapping[str, str], port: int = 0
) -> Iterator[tuple[Target, str]]:
    """A running reference backend as a target, and one line saying on which Postgres it stands.

    ``settings`` are further ``REFERENCE_...`` variables. Raises TargetError when it can't be started.
    """
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(open_server(mode, postgres_url))
            database_url = server.create_database("reference")
            environment = {
                **{name: value for name, value in os.environ.items() if not name.startswith("REFERENCE_")},
                "REFERENCE_DATABASE_URL": database_url,
                "REFERENCE_SECRET": secrets.token_urlsafe(48),
                "REFERENCE_JWT_SECRET": secrets.token_urlsafe(48),
                **settings,
            }
            for name in ("REFERENCE_DATABASE_URL", "REFERENCE_SECRET", "REFERENCE_JWT_SECRET"):
                register(environment[name], name)
            backend = stack.enter_context(
                start(
                    [sys.executable, "-m", "reference_backend", "--port", str(port)],
                    name="reference backend",
                    env=environment,
                    cwd=Path(__file__).parents[2],
                    ready="json-line",
                    timeout=START_LIMIT,
                )
            )
        except (PostgresUnavailable, ProcessError) as error:
            raise TargetError(str(error)) from error
        url = str(backend.ready_line["url"])
        yield Target(profile, url, url, environment["REFERENCE_JWT_SECRET"], database_url), server.describe()
