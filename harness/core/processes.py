"""Starts servers that can't outlive the run that started them.

Every process goes through ``harness/core/guardian.py``, which ends it and removes what it left when the owner is
gone, also after a SIGKILL. Linux and macOS.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from harness.core.guardian import Settings

POLL_SECONDS = 0.02
TAIL_LINES = 20
GRACE_SECONDS = 2.0
"""How long a process may take to end by itself before it is killed."""
GUARDIAN_SECONDS = 20.0
"""How long the guardian may take for the rest: removing paths and running the clean-up command."""
LAST_OUTPUT_SECONDS = 1.0
GUARDIAN = Path(__file__).with_name("guardian.py")


class ProcessError(Exception):
    """A process did not start, become ready, or end.

    The message says which and shows its last output.
    """


def free_port() -> int:
    """Return a TCP port that is free on 127.0.0.1 now.

    Another process may take it before it is used.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Supervised:
    """A running process under a guardian, made by :func:`start`.

    As a context manager it stops at the end.
    """

    name: str
    pid: int
    ready_line: dict[str, Any]

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.pid = 0
        self.ready_line = {}
        self.exit_code: int | None = None
        self._limit = settings["grace"] + GUARDIAN_SECONDS
        self._error: str | None = None
        self._clean = True
        self._lines: deque[str] = deque(maxlen=TAIL_LINES)
        self._started = threading.Event()
        self._announced = threading.Event()
        self._stopping = threading.Lock()
        self._guardian = subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-I", "-S", str(GUARDIAN), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
        )
        self._readers = [
            self._read(self._guardian.stdout, self._take_status),
            self._read(self._guardian.stderr, self._take_output),
        ]
        self._send(settings)

    def _read(self, stream: IO[bytes] | None, take: Callable[[str], None]) -> threading.Thread:
        def drain() -> None:
            if stream:
                with stream:
                    for line in stream:
                        take(line.decode(errors="replace").rstrip())

        thread = threading.Thread(target=drain, name=f"{self.name} output", daemon=True)
        thread.start()
        return thread

    def _send(self, settings: Settings) -> None:
        if self._guardian.stdin:
            # A guardian that could not start has its reason in its output.
            with contextlib.suppress(BrokenPipeError):
                self._guardian.stdin.write(json.dumps(settings).encode() + b"\n")
                self._guardian.stdin.flush()

    def _take_status(self, line: str) -> None:
        message = json.loads(line)
        self.pid = message.get("pid", self.pid)
        self.exit_code = message.get("exit", self.exit_code)
        self._error = message.get("error", self._error)
        self._clean = message.get("clean", self._clean)
        self._started.set()

    def _take_output(self, line: str) -> None:
        self._lines.append(line)
        if not self._announced.is_set() and line.startswith("{"):
            with contextlib.suppress(ValueError):
                self.ready_line = json.loads(line)
                self._announced.set()

    @property
    def announced(self) -> bool:
        """Whether the process has printed its JSON line."""
        return self._announced.is_set()

    @property
    def running(self) -> bool:
        """Whether the process and its guardian are alive."""
        return self._guardian.poll() is None and self._error is None and self.exit_code is None

    def tail(self) -> str:
        """Return the last lines of the process's standard output and error."""
        return "\n".join(self._lines)

    def failure(self, sentence: str) -> ProcessError:
        """Return the sentence as an error, with the last lines of output."""
        tail = self.tail()
        return ProcessError(f"{sentence} Its last output:\n{tail}" if tail else f"{sentence} It printed nothing.")

    def await_start(self, deadline: float) -> None:
        """Wait until the command runs.

        Raises:
            ProcessError: it could not be started; ``deadline`` is in the terms of ``time.monotonic``.

        """
        while not self._started.wait(POLL_SECONDS):
            if self._guardian.poll() is not None or time.monotonic() > deadline:
                raise self.failure(f"{self.name} could not be started.")
        if self._error:
            raise self.failure(f"{self.name} could not be started: {self._error}.")

    def await_ready(self, ready: Callable[[], bool], deadline: float, seconds: float) -> None:
        """Wait until ``ready`` says so.

        Raises:
            ProcessError: it ended before, or the deadline passed.

        """
        while not ready():
            if not self.running:
                self._settle()
                raise self.failure(f"{self.name} ended with exit code {self.exit_code} before it was ready.")
            if time.monotonic() > deadline:
                raise self.failure(f"{self.name} was not ready after {seconds:g} s.")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._guardian.wait(POLL_SECONDS)

    def _settle(self) -> None:
        for reader in self._readers:
            reader.join(LAST_OUTPUT_SECONDS)

    def stop(self) -> None:
        """End the process and wait until nothing of it is left.

        May be called twice.

        Raises:
            ProcessError: the guardian did not finish in time and was killed, or the clean-up command failed.

        """
        with self._stopping:
            if self._guardian.stdin and not self._guardian.stdin.closed:
                with contextlib.suppress(BrokenPipeError):
                    self._guardian.stdin.close()
            try:
                self._guardian.wait(self._limit)
            except subprocess.TimeoutExpired:
                self._guardian.kill()
                self._guardian.wait()
                raise self.failure(
                    f"{self.name} (process {self.pid}) did not end within {self._limit:g} s."
                ) from None
            self._settle()
            if not self._clean:
                self._clean = True
                raise self.failure(f"What {self.name} left behind could not be cleaned up.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    command: Sequence[str],
    *,
    name: str,
    ready: Callable[[], bool] | Literal["json-line"],
    timeout: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    grace: float = GRACE_SECONDS,
    cleanup_paths: Iterable[Path] = (),
    cleanup_command: Sequence[str] = (),
) -> Supervised:
    """Start a command and wait until it is ready.

    Args:
        command: program and arguments. Other users of the machine can see them; secrets go through ``env``.
        name: what to call it in error messages, "the reference backend".
        ready: a question that is asked every 20 ms until it is true, or "json-line": ready when the process
            has printed a line that is a JSON object, which is then in ``ready_line``.
        timeout: seconds until it must be ready.
        env: its whole environment, as for ``subprocess``; None inherits. Never printed.
        cwd: its working directory; None inherits.
        user: start it as this user (only root may).
        stop_signal: what asks it, and the processes of its group, to end.
        grace: seconds it has for that before SIGKILL.
        cleanup_paths: directories that are removed once it has ended, however it or the caller ended.
        cleanup_command: a command that is run then, with ``env``, for at most 15 s.

    Raises:
        ProcessError: it could not be started, ended, or was not ready in time. Nothing of it is left then.

    """
    settings: Settings = {
        "command": list(command),
        "env": dict(os.environ if env is None else env),
        "cwd": str(cwd or Path.cwd()),
        "user": user,
        "stop_signal": int(stop_signal),
        "grace": grace,
        "cleanup_paths": [str(path) for path in cleanup_paths],
        "cleanup_command": list(cleanup_command),
    }
    deadline = time.monotonic() + timeout
    process = Supervised(name, settings)
    try:
        process.await_start(deadline)
        process.await_ready((lambda: process.announced) if ready == "json-line" else ready, deadline, timeout)
    except BaseException:
        process.stop()
        raise
    return process


def guard(
    *,
    name: str,
    cleanup_command: Sequence[str] = (),
    cleanup_paths: Iterable[Path] = (),
    env: Mapping[str, str] | None = None,
) -> Supervised:
    """Promise to clean up after :meth:`Supervised.stop` or this process's end.

    Raises:
        ProcessError: the guardian could not be started.

    """
    return start(
        [],
        name=name,
        ready=lambda: True,
        timeout=GUARDIAN_SECONDS,
        env=env,
        cleanup_command=cleanup_command,
        cleanup_paths=cleanup_paths,
    )
