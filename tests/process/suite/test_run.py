"""Whole runs as a user starts them: what they report, what they ask for, and that nothing is left of them."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from harness.core.verdict import Verdict
from harness.flows.odd_credentials import IN_SQL
from tests.support.leaky_server import Leaky
from tests.support.left_over import database_directories, is_gone, is_missing, started_by
from tests.support.limits import LIMIT_SECONDS, wait_until
from tests.support.local_server import serving
from tests.support.suite import ROOT, command, environment, run

HTTP = ["features", "-m", "not needs-browser"]
SELECTION = ["features/signin.feature", "-k", "password"]
MOST_SIGN_UPS = 50
"""Half of them are refused. With the doctor's two they are the 52 that SECURITY.md speaks of."""
MOST_SIGN_INS = 310
"""A hundred of them are wrong passwords, or the right one beyond the limit on guessing."""


# --- what a run reports ---


def test_a_selection_is_green_and_its_report_is_whole(tmp_path: Path) -> None:
    ended = run(tmp_path, *SELECTION, "--seed", "4711", "--postgres", "embedded")
    assert ended.code == pytest.ExitCode.OK, ended.output
    report = ended.report
    assert report["expected"] == report["ran"] == len(report["results"]) == 5
    assert report["verdicts"] == {verdict.value: 5 if verdict is Verdict.PASS else 0 for verdict in Verdict}
    assert report["settings"]["seed"] == 4711
    assert {one["feature"] for one in report["results"]} == {"signin"}
    assert all("password" in one["name"] and one["sources"] for one in report["results"])
    assert "partial: 5 of 5 scenarios apply to this deployment; expected 5, ran 5: 5 pass" in ended.output
    assert f"report: {tmp_path / 'report.html'}" in ended.output
    assert "--seed 4711" in ended.output


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_the_reference_backend_passes_everything_with_few_accounts_and_sign_ins(
    tmp_path: Path, workers: list[str]
) -> None:
    ended = run(tmp_path, *HTTP, "-q", "--postgres", "embedded", *workers)
    assert ended.code == pytest.ExitCode.OK, ended.output
    report, counts = ended.report, ended.report["verdicts"]
    assert report["expected"] == report["ran"] == len(report["results"]) == sum(counts.values())
    assert counts["pass"] + counts["not applicable"] == report["ran"], ended.output
    assert 2 <= report["sign_ups"] <= MOST_SIGN_UPS
    assert report["sign_ups"] <= report["sign_ins"] <= MOST_SIGN_INS


def test_workers_change_no_verdict(tmp_path: Path) -> None:
    files = ["features/session.feature", "features/cookies.feature", "features/refresh.feature"]
    alone, parallel = (
        run(tmp_path / name, *files, "-q", "--postgres", "embedded", *workers)
        for name, workers in {"alone": [], "parallel": ["-n", "2"]}.items()
    )
    assert alone.code == parallel.code == pytest.ExitCode.OK, parallel.output
    assert alone.verdicts == parallel.verdicts
    assert set(alone.verdicts.values()) == {"pass", "not applicable"}
    assert alone.report["expected"] == parallel.report["expected"] == len(alone.verdicts)


# --- what a run puts out ---


def test_a_secret_on_the_command_line_is_masked_in_the_report(tmp_path: Path) -> None:
    secret = "planted-on-the-command-line-0123456789abcdef"
    words = ["--reference-setting", f"REFERENCE_SECRET={secret}", "--postgres", "embedded", "--seed", "4711"]
    ended = run(tmp_path, *SELECTION, *words)
    assert ended.code == pytest.ExitCode.OK, ended.output
    assert "REFERENCE_SECRET=<REFERENCE_SECRET>" in ended.report["settings"]["arguments"]
    assert not [path for path in tmp_path.iterdir() if secret in path.read_text("utf-8")]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_no_secret_is_in_any_output_of_a_failing_run(tmp_path: Path, workers: list[str]) -> None:
    signing, database = "planted-signing-secret-0123456789", "postgresql://owner:planted-password@127.0.0.1:1/app"
    leaky = Leaky((signing, database))
    planted = {"AUTH_CONFORMANCE_JWT_SECRET": signing, "AUTH_CONFORMANCE_DATABASE_URL": database}
    files = [
        "features/signin.feature",
        "features/signup.feature",
        "features/session.feature",
        "features/refresh.feature",
    ]
    with serving(leaky) as server:
        words = [*workers, "-vv", "--showlocals", "--base-url", server.url, "--target", "reference"]
        ended = run(tmp_path, *files, *words, env=planted)
    assert ended.code == pytest.ExitCode.TESTS_FAILED, ended.output
    assert ended.report["verdicts"]["fail"] > 0
    written = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir() if path.is_file()}
    assert {"report.json", "report.md"} <= set(written)
    assert "<password>" in written["report.json"], "something of the wire is shown"
    # Scenarios try a password of one character, which no text could do without, and parts of SQL, which are none.
    passwords = {heard for heard in leaky.heard if len(heard) > 1 and heard not in IN_SQL}
    secrets = {signing, "planted-password"} | passwords
    assert len(secrets) > 10
    for name, text in {"the terminal": ended.output, **written}.items():
        assert not [secret for secret in secrets if secret in text], f"a secret is in {name}"


# --- what a run leaves ---


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "SIGKILL"])
def test_nothing_is_left_of_a_run_that_was_stopped(
    tmp_path: Path, sent: signal.Signals, workers: list[str]
) -> None:
    with subprocess.Popen(
        command(tmp_path, *HTTP, "-v", "--postgres", "embedded", *workers),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as suite:
        assert suite.stdout is not None
        output = []
        try:
            for line in suite.stdout:
                output.append(line)
                if "PASSED" in line:
                    break
            processes = started_by(suite.pid)
            directories = database_directories(processes)
            assert any("reference_backend" in words for words in processes.values()), output
            assert directories, processes
            if sent is signal.SIGINT:
                os.killpg(suite.pid, sent)
            else:
                os.kill(suite.pid, sent)
            output += suite.stdout.readlines()
            code = suite.wait(LIMIT_SECONDS)
        finally:
            suite.kill()
    assert code == (pytest.ExitCode.INTERRUPTED if sent is signal.SIGINT else -signal.SIGKILL), "".join(output)
    assert "INTERNALERROR" not in "".join(output)
    for pid, words in processes.items():
        wait_until(partial(is_gone, pid, words), f"the end of {words}")
    for directory in directories:
        wait_until(partial(is_missing, directory), f"the end of {directory}")
