"""Judges an example: runs the suite against it and compares the verdicts with the committed ones.

`verdicts.json` in the example's folder holds, per run, the verdicts that are no pass; every other scenario is
expected to pass. While the deployment still runs, the script of each finding has to reproduce it. The exit code
is 0 when each verdict is the expected one, fails included; 1 when one is not, or is not reproduced; 2 when the
example can't start; 130 when interrupted. With `--third K` every third run is judged, from number K on.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from examples.common.servers import DeploymentError, Terminated, stop_on_sigterm
from harness.core.exits import Exit
from harness.core.processes import ProcessError
from harness.reference.postgres import PostgresUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("auth-conformance")
THIRDS = 3
LAST_WORDS_SECONDS = 15.0
REPRODUCING_SECONDS = 300.0


@dataclass(frozen=True)
class Running:
    """Where a running deployment is, and the environment in which the suite knows what its owner gives along."""

    base_url: str
    api_url: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """One run of the suite: its name in verdicts.json, how the deployment starts, the profile, further options."""

    name: str
    start: Callable[[], AbstractContextManager[Running]]
    profile: str
    options: Sequence[str] = ()


def main(folder: Path, runs: Sequence[Run], options: Sequence[str]) -> int:
    """Judge the runs; ``options`` but for our own go on to the suite. Returns the exit code."""
    stop_on_sigterm()
    third, options = _third(options)
    due = runs if third is None else runs[third::THIRDS]
    expected = json.loads((folder / "verdicts.json").read_text("utf-8"))
    differing: list[str] = []
    try:
        for run in due:
            differing += _judge(folder.name, run, options, expected[run.name])
    except KeyboardInterrupt:
        return 130
    except (DeploymentError, PostgresUnavailable, ProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if differing:
        sys.stderr.write("\n".join([*differing, "EXPECTED.md and verdicts.json say what is expected, and why.\n"]))
        return 1
    sys.stdout.write(f"{folder.name}: every verdict is the expected one, in {len(due)} of {len(runs)} runs.\n")
    return 0


def _third(options: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--third", type=int, choices=range(THIRDS))
    given, others = parser.parse_known_args(options)
    return given.third, others


def _judge(example: str, run: Run, options: Sequence[str], expected: Mapping[str, str]) -> list[str]:
    report = ROOT / "build" / "report" / f"{example}-{run.name}"
    (report / "report.json").unlink(missing_ok=True)
    with run.start() as running:
        code = _suite(run, running, report, options)
        unreproduced = _unreproduced(run.name, running, report)
    if code == pytest.ExitCode.NO_TESTS_COLLECTED and options:
        return []  # the options select something else
    judged = (Exit.CONFORMANT, Exit.NOT_CONFORMANT, Exit.TARGET_UNUSABLE)
    if code not in judged or not (report / "report.json").exists():
        return [f"{run.name}: the run ended with exit code {code} and judged nothing."]
    return _surprises(run.name, report, expected) + unreproduced


def _suite(run: Run, running: Running, report: Path, options: Sequence[str]) -> int:
    target = ("--target", run.profile, "--report-dir", str(report))
    api = ("--api-url", running.api_url) if running.api_url is not None else ()
    command = (str(COMMAND), "run", running.base_url, *api, *target, *run.options, *options)
    # What is found is expected: in a GitHub Actions job it is no annotation and not in the job's summary.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    environment = {**kept, **running.environment}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as suite:  # noqa: S603 - our own command
        try:
            return suite.wait()
        except KeyboardInterrupt as stop:
            # Ctrl-C has reached the suite too, which ends with its summary; SIGTERM has not.
            if isinstance(stop, Terminated):
                suite.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                suite.wait(LAST_WORDS_SECONDS)
            suite.kill()
            raise


def _unreproduced(name: str, running: Running, report: Path) -> list[str]:
    """Run the script of each finding; returns those that don't show it again."""
    differing = []
    for result in _results(report):
        for artefact in result["artefacts"]:
            if artefact["kind"] == "repro":
                said = _said_by(report / artefact["path"], running)
                if said is not None:
                    differing.append(f"{name}: {_title(result)}: {artefact['path']} did not reproduce it: {said}")
    return differing


def _said_by(script: Path, running: Running) -> str | None:
    """What a script said last; None when it reproduced the finding."""
    environment = {**os.environ, **running.environment}
    try:
        done = subprocess.run(  # noqa: S603 - written by our own run
            (str(script),),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=REPRODUCING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it had not ended after {REPRODUCING_SECONDS:g} s."
    return (done.stdout.strip().splitlines() or ["nothing"])[-1] if done.returncode else None


def _results(report: Path) -> list[dict[str, Any]]:
    file = report / "report.json"
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["results"] if file.exists() else []
    return found


def _title(result: Mapping[str, Any]) -> str:
    return str(result["identity"]) + (f" [{result['row']}]" if result["row"] else "")


def _surprises(name: str, report: Path, expected: Mapping[str, str]) -> list[str]:
    differing = []
    for result in _results(report):
        title = _title(result)
        wanted = expected.get(title, expected.get(result["identity"], "pass"))
        if result["verdict"] != wanted:
            differing.append(f"{name}: {title}: expected {wanted}, came {result['verdict']}: {result['reason']}")
    return differing
