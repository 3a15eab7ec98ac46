"""A deployment behind a gate is judged as one without, and no secret of the gate reaches an output."""

from __future__ import annotations

import base64
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.core.processes import free_port
from tests.process.reach.gated_board import ENVIRONMENT, PASSWORD, REACH, USER, GatedBoard, KnowsNoPassword
from tests.process.server_rendered.board import serving
from tests.support.limits import LIMIT_SECONDS
from tests.support.local_proxy import proxying
from tests.support.suite import run

BOARD = Path(__file__).parents[1] / "server_rendered" / "board.toml"
LEAVES_NO_FORM = "browser-wrong-password-shows-error"
"""What the board does wrong, with and without a gate."""
SECRETS = (*ENVIRONMENT.values(), base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())


@pytest.fixture
def profile(tmp_path: Path) -> str:
    """The board's profile, with the way through the gate."""
    file = tmp_path / "mine.toml"
    file.write_text(f'extends = "{BOARD}"\n{REACH}', "utf-8")
    return str(file)


@pytest.fixture
def _given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def without_secrets(folder: Path, *more: str) -> bool:
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return bool(contents) and not any(one.encode() in text for text in contents for one in (*SECRETS, *more))


@pytest.mark.usefixtures("_given")
def test_the_doctor_gets_through(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    board = GatedBoard()
    with serving(board) as url:
        code = main(["doctor", url, "--target", profile, "--no-browser"])
    told = capsys.readouterr().out
    assert code == Exit.CONFORMANT, told
    assert {line.split()[0] for line in told.splitlines()[:-1]} == {"ok", "absent"}
    assert board.gate.passed
    assert board.gate.refused == []


def test_without_the_way_through_nothing_can_be_tested(capsys: pytest.CaptureFixture[str]) -> None:

    board = GatedBoard()
    with serving(board) as url:
        code = main(["doctor", url, "--target", str(BOARD), "--no-browser"])
    assert code == Exit.TARGET_UNUSABLE
    assert "403" in capsys.readouterr().err


@pytest.mark.usefixtures("_given")
def test_a_password_that_the_gate_refuses_is_told(
    profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATE_PASSWORD", "another-password")
    with serving(GatedBoard()) as url:
        code = main(["doctor", url, "--target", profile, "--no-browser"])
    told = capsys.readouterr().err
    assert code == Exit.TARGET_UNUSABLE
    assert "that was the 401 of a gate in front of the deployment" in told
    assert "It does not take that of reach.basic: correct GATE_USER and GATE_PASSWORD in the environment." in told


@pytest.mark.usefixtures("_given")
def test_init_gets_through_and_writes_the_way_down(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board, draft = GatedBoard(), tmp_path / "draft.toml"
    with serving(board) as url:
        code = main(["init", url, "--reach", profile, "--output", str(draft)])
    assert code == Exit.CONFORMANT, capsys.readouterr().err
    assert board.gate.refused == []
    assert REACH in "\n" + draft.read_text("utf-8")


def test_a_run_gets_through_over_http_and_in_the_browser(profile: str, tmp_path: Path) -> None:
    board, report = GatedBoard(), tmp_path / "report"
    with serving(board) as url:
        words = ("--base-url", url, "--target", profile)
        flows = ("tasks", "cookies", "browser-signin", "browser-session")
        files = [f"features/{flow}.feature" for flow in flows]
        ended = run(report, *files, "-q", "-m", f"not {LEAVES_NO_FORM}", *words, env=ENVIRONMENT)
    verdicts = {one["identity"]: one["verdict"] for one in ended.report["results"]}
    assert set(verdicts.values()) <= {"pass", "not applicable", "not tested"}, ended.output
    assert ended.report["verdicts"]["pass"] > 20
    assert board.gate.refused == []
    assert without_secrets(report)


def test_all_goes_through_the_proxy(tmp_path: Path) -> None:
    report, mine, password = tmp_path / "report", tmp_path / "mine.toml", "porter:password-of-the-proxy"
    with serving(GatedBoard()) as url, proxying(password) as proxy:
        through = f'proxy = "http://{{env:PROXY_USER}}:{{env:PROXY_PASSWORD}}@127.0.0.1:{proxy.port}"\n'
        mine.write_text(f'extends = "{BOARD}"\n{REACH}{through}', "utf-8")
        given = {**ENVIRONMENT, "PROXY_USER": "porter", "PROXY_PASSWORD": "password-of-the-proxy"}
        words = ("-q", "-m", f"not {LEAVES_NO_FORM}", "--base-url", url, "--target", str(mine))
        ended = run(report, "features/browser-signin.feature", "features/tasks.feature", *words, env=given)
        assert ended.code == Exit.CONFORMANT, ended.output
        passed, asked = ended.report["verdicts"]["pass"], len(proxy.asked)
    assert passed > 0
    assert asked > 50
    assert without_secrets(report, "password-of-the-proxy", base64.b64encode(password.encode()).decode())


def test_the_trace_of_a_finding_holds_no_secret_of_the_gate(profile: str, tmp_path: Path) -> None:
    report = tmp_path / "report"
    with serving(GatedBoard()) as url:
        words = ("-q", "-m", LEAVES_NO_FORM, "--skip-doctor", "--base-url", url, "--target", profile)
        run(report, "features", *words, env=ENVIRONMENT)
    traces = list(report.rglob("trace-*.zip"))
    assert traces, "a browser is needed"
    for trace in traces:
        with zipfile.ZipFile(trace) as archive:
            contents = [archive.read(name) for name in archive.namelist()]
        assert any(b"X-Bypass" in one or b"x-bypass" in one for one in contents), "what was sent is in there"
        assert not any(secret.encode() in one for one in contents for secret in SECRETS)


def test_a_finding_is_reproduced_through_the_gate(profile: str, tmp_path: Path) -> None:
    report = tmp_path / "report"
    with serving(KnowsNoPassword()) as url:
        words = ("--skip-doctor", "--base-url", url, "--target", profile)
        ended = run(report, "features", "-q", "-m", "signin-wrong-password-refused", *words, env=ENVIRONMENT)
        assert ended.report["verdicts"]["fail"] > 0, ended.output
        script = next(report.rglob("repro.sh"))
        done = [
            subprocess.run(
                ["sh", str(script)],
                env={**os.environ, **given},
                capture_output=True,
                text=True,
                timeout=LIMIT_SECONDS,
                check=False,
            )
            for given in (ENVIRONMENT, {})
        ]
    assert done[0].returncode == 0, done[0].stdout + done[0].stderr
    assert done[1].returncode == 2
    assert "set BYPASS to what the suite was given in it" in done[1].stderr
    assert without_secrets(report)
    assert not any(secret in done[0].stdout for secret in SECRETS)


def test_what_is_not_up_in_time_can_not_be_tested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    told = f"The target can't be tested: {url} refuses connections: nothing listens there"
    words = (url, "--target", str(BOARD), "--wait-for", "1")
    assert main(["doctor", "--no-browser", *words]) == Exit.TARGET_UNUSABLE
    said = capsys.readouterr().err
    assert said.count("waiting up to 1 s for ") == 1
    assert told in said
    assert "for the 1 s of --wait-for" in said
    ended = run(tmp_path, "features/signin.feature", "-q", "--skip-doctor", "--base-url", *words)
    assert ended.code == Exit.TARGET_UNUSABLE, ended.output
    assert "for the 1 s of --wait-for" in ended.output
