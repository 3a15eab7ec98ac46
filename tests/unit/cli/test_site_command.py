"""`auth-conformance site`."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.report.html import site
from harness.specification.gherkin import FeatureError


def test_the_page_is_written_into_a_folder_that_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a" / "site"
    assert main(["site", str(folder)]) == Exit.CONFORMANT
    assert capsys.readouterr().out == f"Wrote {folder / 'index.html'}.\n"
    assert (folder / "index.html").read_text("utf-8") == site.render()
    assert main(["site", str(folder)]) == Exit.CONFORMANT


def test_without_a_folder_it_is_docs_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["site"]) == Exit.CONFORMANT
    assert (tmp_path / "docs" / "site" / "index.html").is_file()


def test_where_nothing_can_be_written_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert main(["site", str(tmp_path / "file" / "site")]) == Exit.USAGE
    said = capsys.readouterr().err
    assert said.startswith("auth-conformance site: ")
    assert said.endswith(" can't be written: Not a directory. Name another folder.\n")


def test_a_specification_that_can_not_be_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> str:
        raise FeatureError(Path("signin.toml"), ["[a-b] has no fix; write one."])

    monkeypatch.setattr(site, "render", fails)
    assert main(["site", str(tmp_path)]) == Exit.HARNESS_ERROR
    assert capsys.readouterr().err.endswith("signin.toml: [a-b] has no fix; write one.\n")
