"""Starts the whole example: Postgres, Next.js with Better Auth, and the FastAPI task API.

As a program it prints one line of JSON when everything answers, and stops everything on Ctrl-C, SIGTERM or when
the pipe or terminal that is its standard input ends. The options are environment variables, see README.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from examples.common.servers import (
    INSTALL_SECONDS,
    DeploymentError,
    answers,
    python_of,
    run_to_end,
    stop_on_sigterm,
    wait_for_end,
)
from harness.core.processes import ProcessError, Supervised, free_port, start
from harness.reference.postgres import PostgresUnavailable, open_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Mode = Literal["literal", "corrected"]
HERE = Path(__file__).resolve().parent
OLDEST_NODE = (20, 9)
BUILD_SECONDS = 300.0
MIGRATE_SECONDS = 60.0
START_SECONDS = 60.0
ANSWER_SECONDS = 5.0
NEXT = ("node", "node_modules/next/dist/bin/next")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
"""What the servers see of the environment; the rest is theirs alone."""
BUILT = HERE / ".next" / "sources.sha256"
"""What ``next build`` was made from; written last."""
SOURCES = ("app/**/*", "lib/**/*", "*.js", "*.json")


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
def deployment(mode: Mode, *, rate_limit: bool = True) -> Iterator[Deployment]:
    """Run the deployment for as long as the context lasts.

    Args:
        mode: which of the two, see README.md.
        rate_limit: whether Better Auth's production default stays on (3 sign-ins and 3 sign-ups in 10 s).

    Raises:
        DeploymentError: Node is missing or too old; packages, pages or tables could not be made.
        PostgresUnavailable: no Postgres can be had.
        ProcessError: a server did not start.

    """
    require_node()
    prepare()
    with open_server(mode="auto") as server:
        database_url = server.create_database("nextjs_better_auth")
        web_port, api_port = free_port(), free_port()
        base_url, api_url = f"http://localhost:{web_port}", f"http://127.0.0.1:{api_port}"
        secret = secrets.token_urlsafe(32)
        web = environment(mode, database_url) | {"BETTER_AUTH_SECRET": secret, "BACKEND_URL": api_url}
        api = environment(mode, database_url)
        web |= {} if rate_limit else {"RATE_LIMIT": "0"}
        # Literally taken the stack names no URL of its own, and shares the secret with the API.
        web |= {"BETTER_AUTH_URL": base_url} if mode == "corrected" else {}
        api |= {"AUTH_URL": base_url} if mode == "corrected" else {"BETTER_AUTH_SECRET": secret}
        run_to_end(["node", "migrate.js"], HERE, MIGRATE_SECONDS, web)
        with start_web(web, web_port) as front_end, start_api(api, api_port) as back_end:
            yield Deployment(base_url, api_url, database_url, front_end, back_end)


def environment(mode: Mode, database_url: str = "") -> dict[str, str]:
    """Return what every part is told."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "MODE": mode,
        "DATABASE_URL": database_url,
        "NODE_ENV": "production",
        "NEXT_TELEMETRY_DISABLED": "1",
    }


def require_node() -> None:
    """Raise DeploymentError unless a Node that is new enough is on the PATH."""
    oldest = ".".join(map(str, OLDEST_NODE))
    if not (shutil.which("node") and shutil.which("npm")):
        raise DeploymentError(f"Expected node and npm on the PATH, found none: install Node {oldest} or newer.")
    version = run_to_end(["node", "--version"], HERE, ANSWER_SECONDS).strip()
    numbers = re.match(r"v(\d+)\.(\d+)", version)
    if numbers is None or tuple(map(int, numbers.groups())) < OLDEST_NODE:
        raise DeploymentError(f"Expected Node {oldest} or newer, found {version}: install a newer one.")


def prepare() -> None:
    """Install the packages and build the pages where that has not been done for these very sources."""
    lock_file = HERE / "package-lock.json"
    with lock_file.open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # two at once: the second one finds it done
        installed = HERE / "node_modules" / ".package-lock.json"  # npm writes it last
        if not installed.exists() or installed.stat().st_mtime < lock_file.stat().st_mtime:
            run_to_end(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], HERE, INSTALL_SECONDS)
        sources = digest()
        if not BUILT.exists() or BUILT.read_text("utf-8") != sources:
            # It asks for a secret while it looks at the routes; none ends up in what it makes.
            build = environment("literal") | {"BETTER_AUTH_SECRET": secrets.token_urlsafe(32)}
            run_to_end([*NEXT, "build"], HERE, BUILD_SECONDS, build)
            BUILT.write_text(sources, "utf-8")


def digest() -> str:
    """Return the SHA-256 of what the pages are built from, names included."""
    found = sorted(path for pattern in SOURCES for path in HERE.glob(pattern) if path.is_file())
    content = hashlib.sha256()
    for path in found:
        content.update(f"{path.relative_to(HERE)}\0".encode() + path.read_bytes() + b"\0")
    return content.hexdigest()


def start_web(settings: Mapping[str, str], port: int) -> Supervised:
    """Start Next.js with the pages, Better Auth and the proxy."""
    return start(
        [*NEXT, "start", "--hostname", "127.0.0.1", "--port", str(port)],
        name="Next.js",
        ready=answers(port, "/api/auth/ok"),
        timeout=START_SECONDS,
        env=settings,
        cwd=HERE,
    )


def start_api(settings: Mapping[str, str], port: int) -> Supervised:
    """Start the task API, in its own environment."""
    return start(
        [python_of(HERE), "-m", "uvicorn", "api.main:app", "--port", str(port)],
        name="the task API",
        ready=answers(port, "/openapi.json"),
        timeout=START_SECONDS,
        env=settings,
        cwd=HERE,
    )


def wanted_mode() -> Mode:
    """Return what the environment variable MODE says, corrected by default; DeploymentError for anything else."""
    said = os.environ.get("MODE", "corrected")
    for mode in get_args(Mode):
        if mode == said:
            return cast("Mode", mode)
    raise DeploymentError(f'MODE is "{said}"; expected one of {", ".join(get_args(Mode))}.')


def main() -> int:
    """Serve until told to stop; 0 then, 2 with a sentence on standard error when it can't be."""
    stop_on_sigterm()
    try:
        with deployment(wanted_mode(), rate_limit=os.environ.get("RATE_LIMIT") != "0") as running:
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
