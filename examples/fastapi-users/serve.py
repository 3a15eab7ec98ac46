"""Starts the example: the task API on fastapi-users, with an empty SQLite database of its own.

As a program it prints one line of JSON when it answers, and stops on Ctrl-C, SIGTERM or when the pipe or
terminal that is its standard input ends. The options are environment variables, see README.md.
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

from examples.common.servers import DeploymentError, answers, python_of, stop_on_sigterm, wait_for_end
from harness.core.processes import ProcessError, Supervised, free_port, start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent
OPTIONS = ("AUTH", "LIFETIME_SECONDS")
SECRET = "FASTAPI_USERS_JWT_SECRET"  # noqa: S105 - the name of a variable
"""The variable that the profiles name; a secret that is in it when the example starts is used."""
START_SECONDS = 60.0


@dataclass(frozen=True)
class Deployment:
    """Where a running deployment is, the secret that signs its tokens, and its process."""

    base_url: str
    jwt_secret: str
    server: Supervised

    def ready_line(self) -> str:
        """Return one line of JSON: ready, base_url."""
        return json.dumps({"ready": True, "base_url": self.base_url})

    def check(self) -> None:
        """Raise DeploymentError when the server has ended."""
        if not self.server.running:
            raise DeploymentError(f"{self.server.name} ended by itself. Its last output:\n{self.server.tail()}")


@contextlib.contextmanager
def deployment(settings: Mapping[str, str]) -> Iterator[Deployment]:
    """Run the deployment for as long as the context lasts.

    Args:
        settings: values of ``OPTIONS``; what is absent has the application's default. The environment's
            variables of these names are not used.

    Raises:
        DeploymentError: an unknown option, or the example's packages could not be installed.
        ProcessError: the server did not start.

    """
    if unknown := set(settings) - set(OPTIONS):
        raise DeploymentError(f"No such option: {', '.join(sorted(unknown))}. There are {', '.join(OPTIONS)}.")
    python = python_of(HERE)
    port, secret = free_port(), os.environ.get(SECRET) or secrets.token_urlsafe(32)
    with tempfile.TemporaryDirectory(prefix="fastapi-users-", ignore_cleanup_errors=True) as folder:
        environment = {name: value for name, value in os.environ.items() if name not in OPTIONS} | {
            **settings,
            "JWT_SECRET": secret,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/users.db",
        }
        with start_server(python, port, environment, Path(folder)) as server:
            yield Deployment(f"http://127.0.0.1:{port}", secret, server)


def start_server(python: str, port: int, environment: Mapping[str, str], folder: Path) -> Supervised:
    """Start the application on that port; ``folder`` is removed when it has ended."""
    return start(
        [python, "-m", "uvicorn", "app.main:app", "--port", str(port), "--no-server-header"],
        name="the task API on fastapi-users",
        ready=answers(port, "/openapi.json"),
        timeout=START_SECONDS,
        env=environment,
        cwd=HERE,
        cleanup_paths=[folder],
    )


def main() -> int:
    """Serve until told to stop; 0 then, 2 with a sentence on standard error when it can't be."""
    stop_on_sigterm()
    settings = {name: os.environ[name] for name in OPTIONS if os.environ.get(name)}
    try:
        with deployment(settings) as running:
            sys.stdout.write(running.ready_line() + "\n")
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
