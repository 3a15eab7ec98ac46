"""The report's folder: written in every form, masked at the end, cleared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from harness.core import private
from harness.core.text import listed
from harness.evidence.leaks import Leak, mask_leaks
from harness.report import comment, junit, markdown, report_json, sarif, suggested_waivers
from harness.report.document import Report
from harness.report.html import page
from harness.report.report_json import ReportError, read_report

Elsewhere = Mapping[Path, Callable[[Report], str]]
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


def prepare(folder: Path, option: str = "--report-dir") -> None:
    """Make the folder, private, before anything is judged.

    Raises ReportError where nothing can be written there.
    """
    try:
        private.make_folder(folder)
        private.try_writing(folder)
    except OSError as error:
        raise ReportError(
            f'{option} "{folder}" can\'t be written to: {error.strerror}. Name another folder, or free space.'
        ) from error


def write_report(folder: Path, report: Report, elsewhere: Elsewhere | None = None) -> list[Path]:
    """Write every form of the report; returns their paths.

    ``elsewhere`` has further forms, each by its own path.
    """
    places = {folder / name: render for name, render in FORMS.items()} | dict(elsewhere or {})
    for path, render in places.items():
        private.make_folder(path.parent)
        private.write_text(path, render(report))
    return list(places)


def write_without_leaks(
    folder: Path, made: Callable[[Sequence[str]], Report], elsewhere: Elsewhere | None = None
) -> Report:
    """Write the report that ``made`` makes; no secret stays in any file.

    Every written file is looked through once all secrets are known, and masked. One that can't be masked is
    removed, and the report is made again with a sentence about it. Returns the report as it was written last.
    ``elsewhere`` is as for `write_report`.
    """
    report = made(())
    whose = {folder / artefact.path: result.key for result in report.results for artefact in result.artefacts}
    leaks = mask_leaks([*write_report(folder, report, elsewhere), *whose])
    if lost := [leak for leak in leaks if leak.is_removed or leak.emptied]:
        named = {folder / artefact.path: artefact.path for one in report.results for artefact in one.artefacts}
        gone = {named[leak.path] for leak in lost if leak.is_removed and leak.path in named}
        report = made([_said(leak, whose) for leak in lost]).without(gone)
        mask_leaks(write_report(folder, report, elsewhere))
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
