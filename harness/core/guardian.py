"""Runs one command and ends it when its owner is gone.

The owner is at the other end of this program's standard input.

A server that a test run starts must not outlive the run, also when the run is ended by SIGKILL and has no
chance to clean up. So the run starts this program, which starts the server. The run holds the other end of
standard input; the kernel closes it when the run ends, for whatever reason, and then this program cleans up.

Standard input: one line of JSON (:func:`read_settings`), then nothing until it is closed.
Standard output: lines of JSON, ``{"pid": 123}`` once the command runs, ``{"error": "..."}`` when it
could not be started, ``{"exit": 0, "clean": true}`` when all is done: its exit code (negative: ended by that
signal) and whether the clean-up command succeeded.
Standard error: whatever the command writes.

Standard library only, and run by file path with ``python -I -S``, so that it is up in some 20 ms.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable

PR_SET_PDEATHSIG = 1
CLEANUP_COMMAND_SECONDS = 15.0


class Settings(TypedDict):
    """What to run and what to clean up.

    It comes by pipe, so that no secret is in an argument list.
    """

    command: list[str]  # empty: run nothing, only wait for the owner and clean up
    env: dict[str, str]  # the whole environment of the command and of the clean-up command
    cwd: str
    user: str | None
    stop_signal: int
    grace: float  # seconds between the stop signal and SIGKILL
    cleanup_paths: list[str]
    cleanup_command: list[str]


def read_settings() -> Settings:
    """Read the line of JSON.

    Raise EOFError when the owner is gone before it was complete.
    """
    line = b""
    while not line.endswith(b"\n"):
        chunk = os.read(0, 65536)
        if not chunk:
            raise EOFError
        line += chunk
    settings: Settings = json.loads(line)
    return settings


def tell(**message: object) -> None:
    """Write one status line.

    An owner that is gone can't read it, and that is no error.
    """
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(message).encode() + b"\n")


def dies_with_parent(stop_signal: int) -> Callable[[], None] | None:
    """Return what makes Linux signal the child when this program is killed.

    Nothing elsewhere.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def set_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return set_signal


def spawn(settings: Settings) -> subprocess.Popen[bytes]:
    """Start the command in its own session, as another user if asked."""
    user = settings["user"]
    account = pwd.getpwnam(user) if user else None
    return subprocess.Popen(  # noqa: S603 (the command is the owner's own)
        settings["command"],
        stdin=subprocess.DEVNULL,
        stdout=2,
        stderr=2,
        cwd=settings["cwd"],
        env=settings["env"],
        start_new_session=True,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        # Runs after the change of user, which would clear it. This program has no threads, so it is safe.
        preexec_fn=dies_with_parent(settings["stop_signal"]),
    )


def hold(paths: list[str]) -> None:
    """Lock the directories while this program lives.

    A later run can then distinguish a leftover from one in use.
    """
    for path in paths:
        with contextlib.suppress(OSError):
            fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)


def wake_on_signals() -> int:
    """Make the ending signals readable from the returned descriptor.

    Those that end the child or this program.
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    # SIGINT only so that it does not end this program: Ctrl-C is for the owner to answer.
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reader


def wait_for_end(child: subprocess.Popen[bytes] | None, wakeup: int) -> None:
    """Return when the child, the owner or this program is to end."""
    while child is None or child.poll() is None:
        readable, _, _ = select.select([0, wakeup], [], [])
        if 0 in readable and not os.read(0, 4096):
            return
        if wakeup in readable and {signal.SIGTERM, signal.SIGHUP} & set(os.read(wakeup, 4096)):
            return


def signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    """Signal the child and what it started.

    A group that is gone already is fine.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def end(child: subprocess.Popen[bytes], stop_signal: int, grace: float) -> int:
    """End the child and what it left behind; return its exit code.

    It is asked first, then forced.
    """
    if child.poll() is None:
        signal_group(child, stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace)
    signal_group(child, signal.SIGKILL)
    return child.wait()


def clean_up(settings: Settings) -> bool:
    """Run the clean-up command, remove the paths, both in any case.

    Return whether the command succeeded.
    """
    succeeded = True
    if settings["cleanup_command"]:
        try:
            done = subprocess.run(  # noqa: S603 (the command is the owner's own)
                settings["cleanup_command"],
                stdin=subprocess.DEVNULL,
                stdout=2,
                env=settings["env"],
                timeout=CLEANUP_COMMAND_SECONDS,
                check=False,
            )
            succeeded = done.returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            succeeded = False
    for path in settings["cleanup_paths"]:
        shutil.rmtree(path, ignore_errors=True)
    return succeeded


def main() -> None:
    """Guard one command until it ends or its owner does."""
    wakeup = wake_on_signals()
    try:
        settings = read_settings()
    except EOFError:
        return
    hold(settings["cleanup_paths"])
    try:
        child = spawn(settings) if settings["command"] else None
    except (OSError, KeyError, subprocess.SubprocessError) as error:
        tell(error=f"{type(error).__name__}: {error}")
        clean_up(settings)
        return
    tell(pid=child.pid if child else os.getpid())
    wait_for_end(child, wakeup)
    code = end(child, settings["stop_signal"], settings["grace"]) if child else 0
    tell(exit=code, clean=clean_up(settings))


if __name__ == "__main__":
    main()
