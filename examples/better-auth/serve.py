"""Starts the whole example: Postgres, Better Auth on Node with its pages, and the FastAPI task API.

As a program it prints one line of JSON when everything answers, and stops everything on Ctrl-C, SIGTERM or when
the pipe or terminal that is its standard input ends. The options are environment variables, see README.md.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import re
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from examples.common.servers import (
    INSTALL_SECONDS,
    DeploymentError,
    answers,
    run_to_end,
    stop_on_sigterm,
    wait_for_end,
)
from harness.core.processes import ProcessError, Supervised, free_port, start
from harness.reference.postgres import Mode, PostgresUnavailable, open_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent
OPTIONS = (
    "SESSION_EXPIRES_IN",
    "SESSION_UPDATE_AGE",
    "COOKIE_CACHE",
    "JWT_EXPIRES_IN",
    "RATE_LIMIT",
    "FIELDS",
    "TASK_ROUTES",
    "PROXY",
)
OLDEST_NODE = 20
MIGRATE_SECONDS = 60.0
START_SECONDS = 60.0
ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Deployment:
    """Where a running deployment is. The last two are its parts, to see whether they still run."""

    base_url: str
    api_url: str
    database_url: str
    web: Supervised
    api: Supervised

    def ready_line(self) -> str:
        """Return one line of JSON: ready, base_url, api_url, database_url."""
        urls = {name: getattr(self, name) for name in ("base_url", "api_url", "database_url")}
        return json.dumps({"ready": True, **urls})

    def check(self) -> None:
        """Raise DeploymentError when a part has ended."""
        for part in (self.web, self.api):
            if not part.running:
                raise DeploymentError(f"{part.name} ended by itself. Its last output:\n{part.tail()}")


@contextlib.contextmanager
def deployment(settings: Mapping[str, str], postgres: Mode = "auto") -> Iterator[Deployment]:
    """Run the deployment for as long as the context lasts.

    Args:
        settings: values of ``OPTIONS``; what is absent keeps Better Auth's own default. The environment's
            variables of these names are not used.
        postgres: as ``mode`` of ``harness.reference.postgres.open_server``.

    Raises:
        DeploymentError: Node is missing or too old, an unknown option, packages or tables could not be made.
        PostgresUnavailable: no Postgres can be had.
        ProcessError: a server did not start.

    """
    if unknown := set(settings) - set(OPTIONS):
        raise DeploymentError(f"No such option: {', '.join(sorted(unknown))}. There are {', '.join(OPTIONS)}.")
    require_node()
    install_packages()
    with open_server(mode=postgres) as server:
        database_url = server.create_database("better_auth")
        web_port, api_port = free_port(), free_port()
        base_url, api_url = f"http://localhost:{web_port}", f"http://127.0.0.1:{api_port}"
        environment = {name: value for name, value in os.environ.items() if name not in OPTIONS} | {
            **settings,
            "NODE_ENV": "production",
            "DATABASE_URL": database_url,
            "BETTER_AUTH_SECRET": secrets.token_urlsafe(32),
            "BETTER_AUTH_URL": base_url,
            "TASKS_API_URL": api_url,
            "PORT": str(web_port),
        }
        run_to_end(["node", "src/migrate.js"], HERE, MIGRATE_SECONDS, environment)
        told = {"AUTH_URL": base_url, "DATABASE_URL": database_url}
        told |= {name: settings[name] for name in ("TASK_ROUTES", "PROXY") if name in settings}
        with start_web(environment, web_port) as web, start_api(told, api_port) as api:
            yield Deployment(base_url, api_url, database_url, web, api)


def require_node() -> None:
    """Raise DeploymentError unless a Node that is new enough is on the PATH."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise DeploymentError(
            f"Expected node and npm on the PATH, found none: install Node {OLDEST_NODE} or newer."
        )
    version = run_to_end(["node", "--version"], HERE, ANSWER_SECONDS).strip()
    major = re.match(r"v(\d+)\.", version)
    if major is None or int(major[1]) < OLDEST_NODE:
        raise DeploymentError(f"Expected Node {OLDEST_NODE} or newer, found {version}: install a newer one.")


def install_packages() -> None:
    """Run ``npm ci`` unless ``node_modules`` is complete and newer than the lock file."""
    lock_file = HERE / "package-lock.json"
    installed = HERE / "node_modules" / ".package-lock.json"  # npm writes it last
    with lock_file.open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # two at once: the second one finds it done
        if installed.exists() and installed.stat().st_mtime >= lock_file.stat().st_mtime:
            return
        run_to_end(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], HERE, INSTALL_SECONDS)


def start_web(environment: Mapping[str, str], port: int) -> Supervised:
    """Start Better Auth and the pages."""
    return start(
        ["node", "src/server.js"],
        name="the Better Auth server",
        ready=answers(port, "/api/auth/ok"),
        timeout=START_SECONDS,
        env=environment,
        cwd=HERE,
    )


def start_api(told: Mapping[str, str], port: int) -> Supervised:
    """Start the task API. It gets no secret of Better Auth, only where the keys are."""
    keep = ("PATH", "HOME", "LANG", "TMPDIR")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    return start(
        [sys.executable, "-m", "uvicorn", "api.main:app", "--port", str(port), "--no-server-header"],
        name="the task API",
        ready=answers(port, "/openapi.json"),
        timeout=START_SECONDS,
        env={**environment, **told},
        cwd=HERE,
    )


def main() -> int:
    """Serve until told to stop; 0 then, 2 with a sentence on standard error when it can't be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", choices=get_args(Mode), default="auto", help="where Postgres comes from")
    arguments = parser.parse_args()
    stop_on_sigterm()
    settings = {name: os.environ[name] for name in OPTIONS if os.environ.get(name)}
    try:
        with deployment(settings, arguments.postgres) as running:
            sys.stdout.write(running.ready_line() + "\n")
            sys.stdout.flush()
            wait_for_end(running.check)
    except KeyboardInterrupt:
        return 0
    except (DeploymentError, PostgresUnavailable, ProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
