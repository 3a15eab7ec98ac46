"""The report's folder: written in every form, masked at the end, cleared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from harness.core import private
from harness.core.text import listed
from harness.evidence.leaks import Leak, mask_leaks
from harness.report import comment, junit, markdown, report_json, sarif, suggested_waivers
from harness.report.document import Report
from harness.report.html import page
from harness.report.report_json import ReportError, read_report

if TYPE_CHECKING:
    from pathlib import Path

JSON = "report.json"
PAGE = "report.html"
"""The form that the terminal points to."""
FORMS: dict[str, Callable[[Report], str]] = {
    JSON: report_json.render,
    PAGE: page.render,
    "report.md": markdown.render,
    "comment.md": comment.render,
    "junit.xml": junit.render,
    "report.sarif": sarif.render,
    suggested_waivers.FILE: suggested_waivers.render,
}
"""Every form of the report by its file's name."""


def prepare(folder: Path) -> None:
    """Make the folder, private, before anything is judged.

    Raises ReportError where nothing can be written there.
    """
    try:
        private.make_folder(folder)
        private.try_writing(folder)
    except OSError as error:
        raise ReportError(
            f'--report-dir "{folder}" can\'t be written to: {error.strerror}. Name another folder, or free space.'
        ) from error


def write_report(folder: Path, report: Report) -> list[Path]:
    """Write every form of the report; returns their paths."""
    private.make_folder(folder)
    for name, render in FORMS.items():
        private.write_text(folder / name, render(report))
    return [folder / name for name in FORMS]


def write_without_leaks(folder: Path, made: Callable[[Sequence[str]], Report]) -> Report:
    """Write the report that ``made`` makes; no secret stays in any file.

    Every written file is looked through once all secrets are known, and masked. One that can't be masked is
    removed, and the report is made again with a sentence about it. Returns the report as it was written last.
    """
    report = made(())
    whose = {folder / artefact.path: result.key for result in report.results for artefact in result.artefacts}
    lost = [
        leak for leak in mask_leaks([*write_report(folder, report), *whose]) if leak.is_removed or leak.emptied
    ]
    if lost:
        gone = {leak.path.relative_to(folder).as_posix() for leak in lost if leak.is_removed}
        report = made([_said(leak, whose) for leak in lost]).without(gone)
        mask_leaks(write_report(folder, report))
    return report


def _said(leak: Leak, whose: Mapping[Path, str]) -> str:
    kinds, whole = listed(leak.labels, "and"), f"{leak.path.name} of {whose.get(leak.path, 'the report')}"
    if not leak.is_removed:
        return (
            f"{listed(leak.emptied, 'and')} in {whole} held a secret ({kinds}) and can't be masked, so it is empty"
        )
    return (
        f"{whole} is no text and held a secret ({kinds}) that "
        "could not be masked, so it was removed; no verdict depends on it"
    )


def clear_report(folder: Path) -> None:
    """Remove an earlier run's report and the files that it names."""
    try:
        before = read_report(folder / JSON)
    except ReportError:
        return
    paths = [*FORMS, *(artefact.path for result in before.results for artefact in result.artefacts)]
    for path in (folder / name for name in paths):
        if path.resolve().is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
            _remove_empty(path.parent, folder)


def _remove_empty(place: Path, top: Path) -> None:
    while place != top and place.is_dir() and not any(place.iterdir()):
        place.rmdir()
        place = place.parent
