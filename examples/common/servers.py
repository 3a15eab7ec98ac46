"""What serve.py of each example needs: run a command, ask whether a server answers, wait to be stopped."""

from __future__ import annotations

import http.client
import os
import select
import shutil
import signal
import stat
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

ANSWER_SECONDS = 5.0
INSTALL_SECONDS = 300.0
LOOK_SECONDS = 0.5


class DeploymentError(Exception):
    """The deployment could not be started or kept up; the message says why and what to do."""


class Terminated(KeyboardInterrupt):
    """SIGTERM came: unwinds the program as Ctrl-C does, so that everything is stopped."""


def run_to_end(
    command: Sequence[str], folder: Path, seconds: float, environment: Mapping[str, str] | None = None
) -> str:
    """Run a command in a folder and return what it printed; DeploymentError when it fails."""
    line = " ".join(command)
    try:
        done = subprocess.run(  # noqa: S603 - our own commands
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DeploymentError(f"`{line}` did not end within {seconds:g} s.") from error
    if done.returncode:
        raise DeploymentError(f"`{line}` failed with exit code {done.returncode}:\n{done.stdout.strip()}")
    return done.stdout


def python_of(folder: Path) -> str:
    """Make the example's own environment from its uv.lock, where it is not there yet; return its Python.

    Raises DeploymentError without uv, which `make setup` brings.
    """
    uv = os.environ.get("AUTH_CONFORMANCE_UV") or shutil.which("uv")
    if uv is None:
        raise DeploymentError("Expected uv on the PATH: start the example by `make`, which brings it.")
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    run_to_end([uv, "sync", "--frozen", "--quiet", "--project", str(folder)], folder, INSTALL_SECONDS, environment)
    return str(folder / ".venv" / "bin" / "python")


def answers(port: int, path: str) -> Callable[[], bool]:
    """Return a question that is true once the server on that port answers with anything but a server error."""

    def ask() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def stop_on_sigterm() -> None:
    """Let SIGTERM raise `Terminated`."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, leave)


def wait_for_end(check: Callable[[], None]) -> None:
    """Return when standard input ends (``/dev/null`` never does); ``check`` raises when a server has ended."""
    device = os.fstat(0).st_mode
    watched = [0] if stat.S_ISFIFO(device) or stat.S_ISSOCK(device) or os.isatty(0) else []
    while True:
        readable, _, _ = select.select(watched, [], [], LOOK_SECONDS)
        if readable and not os.read(0, 4096):
            return
        check()
