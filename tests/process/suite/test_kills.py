"""A run that is killed leaves a list of its accounts, and `cleanup` deletes them."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psycopg
import pytest

from harness.reference.postgres import PostgresServer
from tests.support.faulty_backend import faulty_backend
from tests.support.left_over import is_gone, started_by
from tests.support.limits import LIMIT_SECONDS, wait_until
from tests.support.suite import ROOT, environment

FLOWS = ("features/signup.feature", "features/session.feature")
WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])


def emails(database: str) -> set[str]:
    with psycopg.connect(database) as connection:
        return {email for (email,) in connection.execute("SELECT email FROM users").fetchall()}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "auth_conformance", *words]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
@WORKERS
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_every_account_of_a_killed_run_is_listed_and_can_be_deleted(
    server: PostgresServer, tmp_path: Path, sent: signal.Signals, workers: Sequence[str]
) -> None:
    with faulty_backend(server, tmp_path / "site") as target:
        (temporary := tmp_path / "temporary").mkdir()
        env = environment({**target.environment, "TMPDIR": str(temporary)})
        database = target.environment["AUTH_CONFORMANCE_DATABASE_URL"]
        given = (target.url, "--target", "reference", "--report-dir", str(tmp_path / "report"))
        words = command("run", *given, *FLOWS, "-v", "--skip-doctor", *workers)
        with subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            for line in run.stdout:
                if "PASSED" in line:
                    break
            processes = started_by(run.pid)
            run.send_signal(sent)
            run.stdout.read()
            run.wait(LIMIT_SECONDS)
        for pid, name in processes.items():
            wait_until(partial(is_gone, pid, name), f"the end of {name}")
        assert not [path for path in temporary.iterdir() if not path.name.startswith("pytest-of-")]
        lines = (tmp_path / "report" / "accounts.jsonl").read_text("utf-8").splitlines()
        listed = {json.loads(line)["email"].strip().lower() for line in lines}
        left = emails(database)
        if sent is signal.SIGTERM:
            assert not left, "a run that is asked to end deletes its accounts"
        elif not workers:
            assert left, "workers that outlive it for some seconds may delete theirs"
        assert left <= listed
        for _ in range(2):
            done = subprocess.run(
                command("cleanup", *given), cwd=ROOT, env=env, text=True, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert done.stdout.endswith("No account remains.\n")
        assert emails(database) == set()
