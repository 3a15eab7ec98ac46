"""Starts the reference backend as a process, with a Postgres."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from harness.core.extras import ExtraMissing, require
from harness.core.processes import ProcessError, start
from harness.core.redaction import register
from harness.profile.profile import Profile
from harness.profile.target import Target, TargetError

START_LIMIT = 30.0
"""Seconds that the reference backend may take to answer."""

PostgresMode = Literal["auto", "url", "docker", "embedded"]
HOME = Path(__file__).parents[2]
"""The folder of the reference backend."""


@contextlib.contextmanager
def reference_target(
    profile: Profile, mode: PostgresMode, postgres_url: str | None, settings: Mapping[str, str], port: int = 0
) -> Iterator[tuple[Target, str]]:
    """A running reference backend as a target, and its Postgres's name.

    ``settings`` are further ``REFERENCE_...`` variables. Raises TargetError when it can't be started.
    """
    try:
        require("reference", "The reference backend")
    except ExtraMissing as error:
        raise TargetError(str(error)) from error
    # Not before it is known to be there: its driver is of the extra.
    from harness.reference.postgres import PostgresUnavailable, open_server

    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(open_server(mode, postgres_url))
            database_url = server.create_database("reference")
            environment = _environment(database_url, settings)
            backend = stack.enter_context(
                start(
                    [sys.executable, "-m", "reference_backend", "--port", str(port)],
                    name="reference backend",
                    env=environment,
                    cwd=HOME,
                    ready="json-line",
                    timeout=START_LIMIT,
                )
            )
        except (PostgresUnavailable, ProcessError) as error:
            raise TargetError(str(error)) from error
        url = str(backend.ready_line["url"])
        yield Target(profile, url, url, environment["REFERENCE_JWT_SECRET"], database_url), server.describe()


_LIMIT, _WINDOW = "REFERENCE_SIGN_IN_LIMIT", "REFERENCE_SIGN_IN_WINDOW"
SUITES_OWN = {_LIMIT: "5", _WINDOW: "10"}
"""A limit on guessing that the suite can reach, and wait for the end of."""


def as_started(profile: Profile, settings: Mapping[str, str]) -> tuple[Profile, dict[str, str]]:
    """The profile and settings of the backend that the suite starts.

    Its limit on guessing is low and short, unless the settings say otherwise, and declared as it is.
    """
    settings = {**SUITES_OWN, **settings}
    numbers = [settings[name] for name in (_LIMIT, _WINDOW)]
    if profile.rate_limit is None or not all(number.isascii() and number.isdigit() for number in numbers):
        return profile, settings
    attempts, window = map(int, numbers)
    limit = (
        profile.rate_limit.model_copy(update={"max_attempts": attempts, "window": window}) if attempts else None
    )
    return profile.model_copy(update={"rate_limit": limit}), settings


def _environment(database_url: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The backend's environment, with secrets of its own, masked from now on."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REFERENCE_")}
    own = {
        "REFERENCE_DATABASE_URL": database_url,
        "REFERENCE_SECRET": secrets.token_urlsafe(48),
        "REFERENCE_JWT_SECRET": secrets.token_urlsafe(48),
    }
    environment = {**inherited, **own, **settings}
    for name in own:
        register(environment[name], name)
    # Its package is found in this folder, whatever lies in others.
    path = [str(HOME), *filter(None, [inherited.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(path)}


def reference_settings(pairs: Sequence[str]) -> dict[str, str]:
    """Settings of the backend by name, from ``NAME=VALUE``.

    Raises TargetError for what is none.
    """
    wrong = next((pair for pair in pairs if not pair.startswith("REFERENCE_") or "=" not in pair), None)
    if wrong is not None:
        raise TargetError(f'--reference-setting "{wrong}" is not of the form REFERENCE_NAME=VALUE.')
    return dict(pair.split("=", 1) for pair in pairs)
