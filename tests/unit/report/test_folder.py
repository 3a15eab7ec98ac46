"""The report's folder: written, masked at the end, cleared."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.core.redaction import register
from harness.core.verdict import Verdict
from harness.report.document import Report
from harness.report.folder import FORMS, JSON, clear_report, prepare, write_report, write_without_leaks
from harness.report.report_json import ReportError, read_report
from harness.results.result import Artefact
from tests.support.example_report import report, result

ARTEFACT = "evidence/isolation-read/repro.sh"
FILE = Artefact(kind="repro", path=ARTEFACT, about="The requests as curl commands")


def with_a_file(folder: Path, content: str | bytes) -> Report:
    """A report with one finding, whose file is in the folder."""
    path = folder / ARTEFACT
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return report([result(Verdict.FAIL, artefacts=[FILE])])


def test_every_form_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    assert write_report(folder, report()) == [folder / name for name in FORMS]
    assert read_report(folder / JSON) == report()
    assert all(path.stat().st_size for path in folder.iterdir())


def test_a_file_with_a_secret_is_masked_and_nothing_is_said(tmp_path: Path) -> None:
    secret = register("a-secret-of-this-very-test", "password")
    source = with_a_file(tmp_path, f"curl -d {secret}")
    assert write_without_leaks(tmp_path, lambda leaks: source if not leaks else pytest.fail(str(leaks))) == source
    assert (tmp_path / ARTEFACT).read_text("utf-8") == "curl -d <password>"


def test_a_file_that_can_not_be_masked_is_removed_and_the_report_says_so(tmp_path: Path) -> None:
    secret = register("a-secret-of-this-very-test", "password")
    source = with_a_file(tmp_path, b"\xff" + secret.encode())
    said: list[Sequence[str]] = []

    def made(leaks: Sequence[str]) -> Report:
        said.append(leaks)
        return source.model_copy(update={"reasons": list(leaks)})

    written = write_without_leaks(tmp_path, made)
    sentence = (
        "repro.sh of isolation-read is no text and held a secret (password) that could not be masked, so it was "
        "removed; no verdict depends on it"
    )
    assert said == [(), [sentence]]
    assert not (tmp_path / ARTEFACT).exists()
    assert written.results[0].artefacts == []
    assert read_report(tmp_path / JSON) == written


def test_a_part_of_a_trace_that_was_emptied_is_named_with_its_scenario(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("resources/font", b"\xff" + register("a-secret-of-this-very-test", "password").encode())
    source = with_a_file(tmp_path, packed.getvalue())
    written = write_without_leaks(tmp_path, lambda leaks: source.model_copy(update={"notices": list(leaks)}))
    assert written.notices == [
        "resources/font in repro.sh of isolation-read held a secret (password) and can't be masked, so it is empty"
    ]
    assert written.results[0].artefacts == [FILE]


def test_a_clean_report_is_made_once(tmp_path: Path) -> None:
    source = with_a_file(tmp_path, "curl")
    assert write_without_leaks(tmp_path, lambda leaks: source if not leaks else pytest.fail(str(leaks))) == source
    assert (tmp_path / ARTEFACT).exists()


def test_an_earlier_report_is_cleared_with_its_files_and_nothing_else(tmp_path: Path) -> None:
    write_report(tmp_path, with_a_file(tmp_path, "curl"))
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    clear_report(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["notes.txt"]


def test_a_report_that_names_a_file_outside_its_folder_clears_only_the_folder(tmp_path: Path) -> None:
    outside, folder = tmp_path / "precious.txt", tmp_path / "report"
    outside.write_text("mine", "utf-8")
    away = FILE.model_copy(update={"path": "../precious.txt"})
    write_report(folder, report([result(Verdict.FAIL, artefacts=[away])]))
    clear_report(folder)
    assert outside.exists()
    assert list(folder.iterdir()) == []


def test_a_folder_without_a_report_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / JSON).write_text("{}", "utf-8")
    clear_report(tmp_path)
    assert (tmp_path / JSON).exists()


def test_every_form_is_readable_by_the_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        files = write_report(tmp_path / "new", report())
    finally:
        os.umask(before)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_folder_that_can_not_be_written_to_is_said_with_its_flag(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        ReportError, match=r'--report-dir ".*" can\'t be written to: Not a directory\. Name another'
    ):
        prepare(tmp_path / "file" / "report")
