"""Kills runs at random moments and tabulates what is left of each.

Not part of CI, which has its deterministic part (`test_kills.py`):

    python -m tests.process.suite.kills [--seed N] [--runs 10]

Processes and folders that are still there after `PATIENCE` seconds are a defect. Accounts may stay behind a run
that got SIGKILL; the journal has to list each of them, and `cleanup` to delete them.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from harness.reference.postgres import IMAGE_VARIABLE, open_server
from tests.support.faulty_backend import FaultyBackend, faulty_backend
from tests.support.left_over import database_directories, is_gone, started_by
from tests.support.suite import ROOT, environment

PATIENCE = 30.0
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
FLOWS = ("account-deletion", "cookies", "password-change", "session", "signin", "signout", "signup")
ALONE = tuple(f"features/{flow}.feature" for flow in FLOWS)
BROWSER = ("features/browser-signin.feature", "features/signup.feature")
MODES: dict[str, tuple[tuple[str, ...], bool]] = {
    "given": (ALONE, True),
    "given -n 2": ((*ALONE, "-n", "2"), True),
    "given, browser": (BROWSER, True),
    "given, browser -n 2": ((*BROWSER, "-n", "2"), True),
    "embedded": ((*ALONE, "--postgres", "embedded"), False),
    "embedded -n 2": ((*ALONE, "--postgres", "embedded", "-n", "2"), False),
    "container": ((*ALONE, "--postgres", "docker"), False),
}
"""The words of a run, and whether it judges a deployment that outlives it."""


@dataclass(frozen=True)
class Case:
    """One run: how it is started, by what it ends, and when."""

    mode: str
    signal: signal.Signals
    after: int
    """Lines of output before the signal."""


@dataclass
class Left:
    """What was left of it."""

    case: Case
    code: int
    lines: int
    processes: list[str]
    folders: list[str]
    report: str
    journal: str
    accounts: str


def cases(seed: int, runs: int, *, has_docker: bool) -> list[Case]:
    """So many runs, each mode and each signal as often as any other."""
    chance = random.Random(seed)
    modes = [mode for mode in MODES if mode != "container" or has_docker]
    places = [divmod(number, len(modes)) for number in range(runs)]
    return [Case(modes[mode], SIGNALS[(turn + mode) % 4], chance.randrange(2, 40)) for turn, mode in places]


def counted(database: str) -> int:
    """How many accounts the deployment has."""
    with psycopg.connect(database) as connection:
        return int((connection.execute("SELECT count(*) FROM users").fetchone() or (0,))[0])


def cleaned(target: FaultyBackend, folder: Path) -> int:
    """The exit code of `cleanup`."""
    words = ("cleanup", target.url, "--target", "reference", "--report-dir", str(folder))
    return subprocess.run(
        [sys.executable, "-m", "auth_conformance", *words],
        cwd=ROOT,
        env=environment(target.environment),
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def killed(case: Case, target: FaultyBackend, database: str, place: Path) -> Left:
    """Start a run, end it, and look."""
    folder, scratch = place / "report", place / "tmp"
    scratch.mkdir(parents=True)
    words, is_given = MODES[case.mode]
    given = tuple(word for word in target.words if word != "--skip-doctor") if is_given else ()
    image = {IMAGE_VARIABLE: os.environ[IMAGE_VARIABLE]} if IMAGE_VARIABLE in os.environ else {}
    env = environment({**(target.environment if is_given else {}), **image, "TMPDIR": str(scratch)})
    before = counted(database)
    command = (sys.executable, "-m", "auth_conformance", "run", *given, *words, "-v", "--report-dir", str(folder))
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        assert run.stdout is not None
        lines = 0
        for _ in run.stdout:
            lines += 1
            if lines >= case.after:
                break
        started = started_by(run.pid)
        clusters = database_directories(started)
        run.send_signal(case.signal)
        run.stdout.read()
        code = run.wait()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not _is_over(started, scratch, clusters):
        time.sleep(0.2)
    return Left(
        case,
        code,
        lines,
        [words[:60] for pid, words in started.items() if not is_gone(pid, words)],
        _folders(scratch, clusters),
        _report(folder),
        _journal(folder),
        _accounts(target, folder, database, before) if is_given else "the database is gone",
    )


def _is_over(started: dict[int, str], scratch: Path, clusters: set[Path]) -> bool:
    return all(is_gone(pid, words) for pid, words in started.items()) and not _folders(scratch, clusters)


def _folders(scratch: Path, clusters: set[Path]) -> list[str]:
    kept = f"pytest-of-{getpass.getuser()}"  # pytest keeps the last three of its own
    return [path.name for path in (*scratch.iterdir(), *clusters) if path.exists() and path.name != kept]


def _report(folder: Path) -> str:
    try:
        report = json.loads((folder / "report.json").read_text("utf-8"))
    except OSError:
        return "none"
    return f"{report['conclusion']}, code {report['exit_code']}, {report['ran']} of {report['expected']}"


def _journal(folder: Path) -> str:
    try:
        lines = [json.loads(line) for line in (folder / "accounts.jsonl").read_text("utf-8").splitlines()]
    except OSError:
        return "none"
    return f"{len({line['email'] for line in lines})} addresses"


def _accounts(target: FaultyBackend, folder: Path, database: str, before: int) -> str:
    left = counted(database) - before
    code = cleaned(target, folder) if (folder / "accounts.jsonl").exists() else "not run"
    return f"{left}; {counted(database) - before} after cleanup (code {code})"


@contextlib.contextmanager
def _target(folder: Path) -> Iterator[tuple[FaultyBackend, str]]:
    with open_server("embedded") as server, faulty_backend(server, folder) as target:
        yield target, target.environment["AUTH_CONFORMANCE_DATABASE_URL"]


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--runs", type=int, default=10)
    given = parser.parse_args()
    has_docker = "DOCKER_HOST" in os.environ
    sys.stdout.write(
        f"seed {given.seed}\n| mode | signal | line | code | processes | folders | report | journal | accounts |\n"
    )
    place = Path(tempfile.mkdtemp(prefix="k", dir="/tmp"))
    with _target(place / "target") as (target, database):
        for number, case in enumerate(cases(given.seed, given.runs, has_docker=has_docker)):
            left = killed(case, target, database, place / str(number))
            cells = (
                case.mode,
                case.signal.name,
                left.lines,
                left.code,
                left.processes,
                left.folders,
                left.report,
                left.journal,
                left.accounts,
            )
            sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
            sys.stdout.flush()
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
