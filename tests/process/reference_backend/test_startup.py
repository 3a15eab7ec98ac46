import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

from tests.support.limits import LIMIT_SECONDS
from tests.support.reference_person import JWT_SECRET, SECRET

COMMAND = [sys.executable, "-m", "reference_backend"]


def environment(**values: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REFERENCE_")}
    return kept | {f"REFERENCE_{name}": value for name, value in values.items()}


def test_it_says_when_it_is_ready_and_ends_on_sigterm(dsn: str) -> None:
    values = environment(DATABASE_URL=dsn, SECRET=SECRET, JWT_SECRET=JWT_SECRET)
    process = subprocess.Popen(COMMAND, env=values, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["ready"] is True
        answer = httpx.get(f"{ready['url']}/api/auth/ok", trust_env=False)
        assert answer.json() == {"ok": True}
        process.send_signal(signal.SIGTERM)
        output, log = process.communicate(timeout=LIMIT_SECONDS)
        assert (output, log) == ("", "")
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"SECRET": "short"}, "REFERENCE_SECRET"),
        ({"DATABASE_URL": "postgresql://user:hunter2hunter2@127.0.0.1:1/name"}, "REFERENCE_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_exit_code_2(dsn: str, changes: dict[str, str], variable: str) -> None:
    values = environment(**({"DATABASE_URL": dsn, "SECRET": SECRET, "JWT_SECRET": JWT_SECRET} | changes))
    ended = subprocess.run(COMMAND, env=values, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(variable)
    assert ended.stderr.count("\n") == 1
    assert "hunter2hunter2" not in ended.stderr


def test_a_backend_that_the_network_reaches_wants_https(dsn: str) -> None:
    values = environment(DATABASE_URL=dsn, SECRET=SECRET, JWT_SECRET=JWT_SECRET)
    command = [*COMMAND, "--host", "0.0.0.0"]
    ended = subprocess.run(command, env=values, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("REFERENCE_BASE_URL is not set")
    assert "https://" in ended.stderr


def test_a_taken_port_is_one_sentence(dsn: str) -> None:
    port = dsn.rpartition(":")[2].partition("/")[0]
    values = environment(DATABASE_URL=dsn, SECRET=SECRET, JWT_SECRET=JWT_SECRET)
    ended = subprocess.run(
        [*COMMAND, "--port", port], env=values, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert ended.returncode == 2
    assert f"--port {port} can't be listened on" in ended.stderr
