"""Judges the example: the whole suite with Better Auth's defaults, then expiry with lifetimes of seconds.

Arguments are handed on to the suite. The exit code is the worse of the two runs', 1 when a verdict is another than
`verdicts.json` says (EXPECTED.md explains them), 2 when the example can't start.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from serve import Deployment, DeploymentError, Terminated, deployment, stop_on_sigterm

from harness.postgres import PostgresUnavailable
from harness.processes import ProcessError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
WHOLE = ROOT / "build" / "report" / "better-auth"
EXPIRY = ROOT / "build" / "report" / "better-auth-short-lived"
COMMAND = Path(sys.executable).with_name("auth-conformance")
DEFAULTS: Mapping[str, str] = {}
SHORT_LIVED = {"SESSION_EXPIRES_IN": "6", "SESSION_UPDATE_AGE": "2", "JWT_EXPIRES_IN": "3s", "RATE_LIMIT": "0"}
LAST_WORDS_SECONDS = 15.0
VERDICTS = Path(__file__).with_name("verdicts.json")
"""Per run the verdicts that are no pass; every other scenario is expected to pass."""


def judge(running: Deployment, report: Path, options: Sequence[str], *, may_age: bool) -> int:
    """Run the suite against a deployment and return its exit code; ``may_age`` gives it the database's URL."""
    target = ("--api-url", running.api_url, "--target", "better-auth", "--report-dir", str(report))
    # Three sign-ins in ten seconds: the whole suite waits for about four minutes.
    patience = ("--throttle-budget", "900")
    environment = {**os.environ, **({"AUTH_CONFORMANCE_DATABASE_URL": running.database_url} if may_age else {})}
    command = (str(COMMAND), "run", running.base_url, *target, *patience, *options)
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


def judge_with(settings: Mapping[str, str], report: Path, options: Sequence[str], *, may_age: bool) -> int:
    """Start the example with these settings, judge it and stop it."""
    with deployment(settings) as running:
        return judge(running, report, options, may_age=may_age)


def surprises(name: str, report: Path) -> list[str]:
    """Say which verdicts of the run `name` differ from the committed ones; a run of a part is compared in part."""
    expected = json.loads(VERDICTS.read_text("utf-8"))[name]
    found = json.loads((report / "report.json").read_text("utf-8"))["results"]
    differing = []
    for result in found:
        title = result["identity"] + (f" [{result['row']}]" if result["row"] else "")
        wanted = expected.get(title, "pass")
        if result["verdict"] != wanted:
            differing.append(f"{name}: {title}: expected {wanted}, came {result['verdict']}: {result['reason']}")
    return differing


def main(options: Sequence[str]) -> int:
    """Judge both; 130 when interrupted."""
    stop_on_sigterm()
    try:
        # A session lives a week by default, so the suite ages it in the database; a short one it waits out.
        whole = judge_with(DEFAULTS, WHOLE, options, may_age=True)
        chosen = (*options, "-m", "expiry")
        expiry = judge_with(SHORT_LIVED, EXPIRY, chosen, may_age=False)
    except KeyboardInterrupt:
        return 130
    except (DeploymentError, PostgresUnavailable, ProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for name, report, code in (("default", WHOLE, whole), ("short-lived", EXPIRY, expiry)):
        if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and (differing := surprises(name, report)):
            sys.stderr.write("\n".join([*differing, "EXPECTED.md and verdicts.json explain what is expected.\n"]))
            return 1
    if options and expiry == pytest.ExitCode.NO_TESTS_COLLECTED:
        expiry = 0  # the options select something else
    return max(whole, expiry)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
