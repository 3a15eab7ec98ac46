"""`auth-conformance trace`: what it refuses, and what the viewer's end means."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from harness.cli.commands import trace
from harness.cli.main import main
from harness.core.exits import Exit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trace-1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trace.trace", "{}")
    return path


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["trace", *words]) == Exit.USAGE
    output = capsys.readouterr()
    assert output.out == ""
    (line,) = output.err.splitlines()
    return line


def test_a_file_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (tmp_path / "none.zip", tmp_path):
        assert f'there is no file "{name}"' in refused(capsys, str(name))


def test_a_file_that_is_no_trace_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("page.html", "")
    (tmp_path / "report.html").write_text("<p>", "utf-8")
    for name in ("other.zip", "report.html"):
        assert "is no trace of Playwright" in refused(capsys, str(tmp_path / name))


def test_without_playwright_it_says_what_to_install(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trace, "find_spec", lambda _: None)
    assert "not installed: install playwright" in refused(capsys, str(file))


@pytest.mark.parametrize(("ended", "code"), [(0, Exit.CONFORMANT), (1, Exit.HARNESS_ERROR)])
def test_the_exit_code_says_whether_the_viewer_broke(
    ended: int, code: Exit, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[Path, int]] = []

    def shown(trace_file: Path, port: int) -> int:
        asked.append((trace_file, port))
        return ended

    monkeypatch.setattr(trace, "_shown", shown)
    assert main(["trace", str(file), "--port", "8123"]) == code
    assert asked == [(file, 8123)]
    output = capsys.readouterr()
    assert output.out.startswith(f"Opening {file} in a browser tab.")
    assert ("ended with code 1" in output.err) is bool(ended)
