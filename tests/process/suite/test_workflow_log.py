"""The log of a run in a GitHub Actions job, read as GitHub reads it."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.pytest_plugin.workflow_log import VARIABLE
from harness.reference.postgres import PostgresServer
from tests.support.faulty_backend import FaultyBackend, faulty_backend
from tests.support.null_servers import Memory, Reply, running
from tests.support.suite import run
from tests.support.workflow_commands import read

IN_A_JOB = {VARIABLE: "true"}
FLOWS = "auth-conformance: flow by flow"
FINDINGS = "auth-conformance: each finding with its exchanges"
PROFILE = 'extends = "reference"\n\n[tasks]\nlist = { method = "GET", path = "/api/tasks" }\n'
COMMANDS = "::error::mine ::add-path::/evil ##[add-path]/evil ##[error]mine"


@pytest.fixture(scope="module")
def broken(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyBackend]:
    """Sign-out leaves the session alive."""
    folder = tmp_path_factory.mktemp("broken")
    with faulty_backend(server, folder, "sign-out-only-clears-the-cookie") as backend:
        yield backend


def test_findings_are_annotated_and_the_log_is_folded(broken: FaultyBackend, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "mine.toml").write_text(PROFILE, "utf-8")
    words = ("features/signout.feature", "-n", "2", *broken.words[:-2], "--target", str(tmp_path / "mine.toml"))
    ended = run(tmp_path / "report", *words, env={**broken.environment, **IN_A_JOB})
    assert ended.code == Exit.NOT_CONFORMANT, ended.output
    log = read(ended.output)
    whole, *found = log.of("error")
    assert whole.properties == {"title": "auth-conformance: not conformant"}
    assert all(one.properties["title"].startswith("FAIL: ") for one in found)
    places = {(one.properties["file"], one.properties["line"]) for one in found}
    assert ("mine.toml", "4") in places
    assert [one.data for one in log.of("group")] == [FLOWS, FINDINGS]
    assert len(log.of("endgroup")) == 2
    assert "  signout  " in log.in_group(FLOWS)
    assert "Reproduce with curl: " in log.in_group(FINDINGS)
    assert "red: " in log.in_group("")
    assert log.token == "", "commands are let through again at the end"


def test_elsewhere_there_is_no_command(broken: FaultyBackend, tmp_path: Path) -> None:
    chosen = ("features/signout.feature", "-m", "signout-ends-captured-session")
    ended = run(tmp_path, *chosen, *broken.words, env=broken.environment)
    assert ended.code == Exit.NOT_CONFORMANT, ended.output
    assert read(ended.output).commands == []
    assert "::" not in "".join(line for line in ended.output.splitlines() if line.startswith(":"))


def test_a_deployment_gives_no_commands(tmp_path: Path) -> None:
    def answer(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
        return Reply(200, "text/plain", f"{COMMANDS}\n{COMMANDS}".encode())

    with running(answer) as (url, _):
        words = ("features/exposure.feature", "features/errors.feature", "--skip-doctor", "--base-url", url)
        ended = run(tmp_path, *words, "--target", "reference", env=IN_A_JOB)
    assert ended.code == Exit.TARGET_UNUSABLE, ended.output
    assert "(::error::mine ::add-path::/evil ##[add-path]/evil" in ended.output
    log = read(ended.output)
    assert {one.name for one in log.commands} == {"group", "endgroup", "error"}
    assert [one for one in log.of("error") if one.data == "mine" or "title" not in one.properties] == []


def test_a_deployment_that_can_not_be_tested_is_an_annotation(tmp_path: Path) -> None:
    words = ("features/signin.feature", "--base-url", "http://127.0.0.1:9", "--target", "reference")
    ended = run(tmp_path, *words, env=IN_A_JOB)
    assert ended.code == Exit.TARGET_UNUSABLE, ended.output
    log = read(ended.output)
    (only,) = log.of("error")
    assert "The target can't be tested: " in only.data
    assert log.token == ""
