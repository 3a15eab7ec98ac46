"""Starts the reference backend with faults, or as it is."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol

from harness.browser.install import VARIABLE
from harness.browser.pool import REQUIRED
from harness.core.processes import ProcessError, free_port
from harness.reference.postgres import PostgresServer
from tests.detection.faulty_backend import TLS_VARIABLE, run
from tests.detection.forks import FORKS, ROOT, become
from tests.support.certificate import certificate
from tests.support.databases import drop
from tests.support.limits import LIMIT_SECONDS

CHEAP = {"REFERENCE_ARGON2_MEMORY": "64", "REFERENCE_ARGON2_TIME": "1"}
NO_FAULT = "-"
GRACE_SECONDS = 5.0
"""How long a backend may take to end by itself."""


class Planted(Protocol):
    """A fault or a correct variant: the module that has it, below this package, and its name."""

    @property
    def module(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Backend:
    """A running backend: its address, and the environment in which the suite knows what its owner gives along.

    ``listens_at`` is where it really is, which is not its address where something stands in front of it.
    """

    url: str
    listens_at: str
    environment: Mapping[str, str]


@contextlib.contextmanager
def backend(
    server: PostgresServer,
    settings: Mapping[str, str],
    folder: Path,
    planted: Planted | None,
    also: Sequence[Planted] = (),
) -> Iterator[Backend]:
    """Run the reference backend, changed or as it is, on a database of its own, for as long as the context.

    ``planted`` is a fault or a variant, ``also`` are further ones, planted on top of it; ``folder`` takes the
    certificate where the settings ask for TLS. Raises ProcessError when it does not start.
    """
    database = server.create_database("fault")
    environment = {
        **clean_environment(),
        "REFERENCE_DATABASE_URL": database,
        "REFERENCE_SECRET": secrets.token_urlsafe(48),
        "REFERENCE_JWT_SECRET": secrets.token_urlsafe(48),
        **CHEAP,
        **settings,
    }
    known = {"AUTH_CONFORMANCE_DATABASE_URL": database}
    if settings.get("REFERENCE_JWT_ALGORITHM", "HS256") == "HS256":
        known["AUTH_CONFORMANCE_JWT_SECRET"] = environment["REFERENCE_JWT_SECRET"]
    port = 0
    if settings.get("REFERENCE_BASE_URL", "").startswith("https://"):
        port = free_port()
        environment["REFERENCE_BASE_URL"] += f":{port}"
        environment[TLS_VARIABLE] = known["SSL_CERT_FILE"] = str(certificate(folder, "127.0.0.1"))
    all_planted = [planted, *also] if planted else []
    what = [word for one in all_planted for word in (one.module, one.name)] or [NO_FAULT, NO_FAULT]
    try:
        words = [*what, "--port", str(port)]
        folder.mkdir(parents=True, exist_ok=True)
        with _serving(words, environment, folder / f"backend-{what[1]}.txt") as listens_at:
            yield Backend(environment.get("REFERENCE_BASE_URL") or listens_at, listens_at, known)
    finally:
        drop(server, database)


@contextlib.contextmanager
def _serving(words: Sequence[str], environment: Mapping[str, str], output: Path) -> Iterator[str]:
    """The backend in a process of its own; yields where it listens."""
    receiver, sender = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_serve, args=(words, environment, output, sender))
    process.start()
    sender.close()
    try:
        with receiver, open(receiver.fileno(), closefd=False) as lines:
            line = lines.readline() if wait([receiver], LIMIT_SECONDS) else ""
            if not line:
                raise ProcessError(f"The backend with {words[1]} did not start:\n{output.read_text('utf-8')}")
            yield str(json.loads(line)["url"])
    finally:
        process.terminate()
        process.join(GRACE_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()


def _serve(words: Sequence[str], environment: Mapping[str, str], output: Path, announced: Connection) -> None:
    become(environment, output)
    os.dup2(announced.fileno(), 1)
    sys.argv = ["faulty_backend", *words]
    sys.exit(run())


def clean_environment() -> dict[str, str]:
    """This process's environment without what would configure the backend, the suite or a nested pytest, but
    with the browser that it names.

    All of them share compiled modules: where none may be written to the tree, compiling costs half of the time.
    """
    ours = ("REFERENCE_", "AUTH_CONFORMANCE_", "PYTEST_", "PYTHONDONTWRITEBYTECODE", "GITHUB_")
    kept = {name: value for name, value in os.environ.items() if name == VARIABLE or not name.startswith(ours)}
    # A scenario that finds no browser is one that did not turn red, and has to say so.
    return {**kept, REQUIRED: "1", "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache")}
