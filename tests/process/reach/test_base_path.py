"""A base URL with a path: every operation and page is below it, over HTTP and in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from tests.process.reach.below_a_path import BASE, BoardBelowAPath
from tests.process.server_rendered.board import serving
from tests.support.suite import run

BOARD = Path(__file__).parents[1] / "server_rendered" / "board.toml"
REDIRECTS = {
    "operations.sign_up": "/notes",
    "operations.sign_in": "/notes",
    "operations.sign_out": "/enter",
    "tasks.create": "/notes",
    "tasks.update": "/notes",
    "tasks.delete": "/notes",
}


@pytest.fixture
def profile(tmp_path: Path) -> str:
    """The board's profile, whose redirects name the whole path."""
    tables = "".join(
        f'[{name}]\noutcomes.success = {{ status = 303, location = "^{BASE}{path}$" }}\n'
        for name, path in REDIRECTS.items()
    )
    file = tmp_path / "mine.toml"
    guest = f'[outcomes]\nunauthenticated = {{ status = 303, location = "^{BASE}/enter" }}\n'
    linked = f"""[tasks]\nid = {{ pattern = 'href="{BASE}/notes/([0-9]+)"' }}\n"""
    file.write_text(f'extends = "{BOARD}"\n{guest}{linked}{tables}', "utf-8")
    return str(file)


def test_the_doctor_has_no_doubt(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(BoardBelowAPath()) as url:
        code = main(["doctor", f"{url}{BASE}", "--target", profile])
    said = capsys.readouterr().out
    assert code == Exit.CONFORMANT, said
    assert "DOUBTFUL" not in said


def test_a_run_finds_nothing_wrong_and_stays_below(profile: str, tmp_path: Path) -> None:
    board, report = BoardBelowAPath(), tmp_path / "report"
    files = [f"features/{flow}.feature" for flow in ("session", "tasks", "browser-signin", "browser-session")]
    words = ("-q", "-m", "not browser-wrong-password-shows-error", "--target", profile)
    with serving(board) as url:
        ended = run(report, *files, *words, "--base-url", f"{url}{BASE}/")
    verdicts = {one["identity"]: one["verdict"] for one in ended.report["results"]}
    wrong = {name: one for name, one in verdicts.items() if one in ("fail", "warn", "error", "not tested")}
    assert wrong == {}, ended.output
    assert ended.report["verdicts"]["pass"] > 20
    assert set(board.below.beside) <= {"/favicon.ico"}
