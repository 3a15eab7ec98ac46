"""Starts the example: Django with Simple JWT on waitress, and an empty SQLite database.

As a program it prints one line of JSON when it answers, and stops everything on Ctrl-C, SIGTERM or when the pipe
or terminal that is its standard input ends. The options are environment variables, see README.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examples.common.servers import (
    DeploymentError,
    answers,
    python_of,
    run_to_end,
    stop_on_sigterm,
    wait_for_end,
)
from harness.core.processes import ProcessError, Supervised, free_port, start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent
SECRET = "DJANGO_SECRET_KEY"  # noqa: S105 - the variable's name
OPTIONS = (SECRET, "ACCESS_TOKEN_SECONDS", "REFRESH_TOKEN_SECONDS")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
"""What the server sees of the environment; the rest is its own."""
MIGRATE_SECONDS = 60.0
START_SECONDS = 60.0


@dataclass(frozen=True)
class Deployment:
    """Where a running deployment is, what signs its tokens, and its process, to see whether it still runs."""

    base_url: str
    secret_key: str
    server: Supervised

    def check(self) -> None:
        """Raise DeploymentError when the server has ended."""
        if not self.server.running:
            raise DeploymentError(f"{self.server.name} ended by itself. Its last output:\n{self.server.tail()}")


@contextlib.contextmanager
def deployment(settings: Mapping[str, str]) -> Iterator[Deployment]:
    """Run the deployment for as long as the context lasts.

    Args:
        settings: values of ``OPTIONS``; without them a new secret and Simple JWT's own lifetimes hold.

    Raises:
        DeploymentError: an unknown option, no uv, or the database could not be made.
        ProcessError: the server did not start.

    """
    if unknown := set(settings) - set(OPTIONS):
        raise DeploymentError(f"No such option: {', '.join(sorted(unknown))}. There are {', '.join(OPTIONS)}.")
    python, port = python_of(HERE), free_port()
    with tempfile.TemporaryDirectory(prefix="simplejwt-") as folder:
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            SECRET: secrets.token_urlsafe(50),
            **settings,
            "DATABASE_PATH": str(Path(folder) / "db.sqlite3"),
        }
        run_to_end([python, "manage.py", "migrate"], HERE, MIGRATE_SECONDS, environment)
        with start(
            [python, "-m", "waitress", f"--listen=127.0.0.1:{port}", "config.wsgi:application"],
            name="the Django server",
            ready=answers(port, "/api/me/"),
            timeout=START_SECONDS,
            env=environment,
            cwd=HERE,
            cleanup_paths=[Path(folder)],
        ) as server:
            yield Deployment(f"http://127.0.0.1:{port}", environment[SECRET], server)


def main() -> int:
    """Serve until told to stop; 0 then, 2 with a sentence on standard error when it can't be."""
    stop_on_sigterm()
    settings = {name: os.environ[name] for name in OPTIONS if os.environ.get(name)}
    try:
        with deployment(settings) as running:
            sys.stdout.write(json.dumps({"ready": True, "base_url": running.base_url}) + "\n")
            sys.stdout.flush()
            wait_for_end(running.check)
    except KeyboardInterrupt:
        return 0
    except (DeploymentError, ProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
