"""What a run has started, and what is left of it."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

from harness.reference.postgres.embedded import DIRECTORY_PREFIX


def started_by(owner: int) -> dict[int, str]:
    """Every process below ``owner``, with its command line."""
    listed = subprocess.run(["ps", "-wweo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [
        (int(pid), int(parent), words)
        for pid, parent, words in (line.split(None, 2) for line in listed.splitlines())
    ]
    below = {owner}
    while more := {pid for pid, parent, _ in rows if parent in below} - below:
        below |= more
    return {pid: words for pid, _, words in rows if pid in below - {owner}}


def is_gone(pid: int, words: str) -> bool:
    """Whether that process has ended; a later one under its number is another."""
    found = subprocess.run(
        ["ps", "-wwo", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, args = found.stdout.strip().partition(" ")
    return not state or state.startswith("Z") or args.strip() != words


def is_missing(path: Path) -> bool:
    """Whether nothing is there."""
    return not path.exists()


def database_directories(processes: dict[int, str]) -> set[Path]:
    """Where a database server among the processes keeps its data: it works there."""
    places: set[Path] = set()
    for pid in processes:
        with contextlib.suppress(OSError):
            cwd = Path(f"/proc/{pid}/cwd").readlink()
            places |= {place for place in (cwd, *cwd.parents) if place.name.startswith(DIRECTORY_PREFIX)}
    return places
