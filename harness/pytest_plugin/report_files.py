"""The report on disk: one folder with every form of it, each made from the same document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.core.redaction import redact
from harness.report import junit, markdown, page, sarif, suggested_waivers
from harness.report.document import Report
from harness.report.reader import ReportError, read_report

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "report.html"
"""The form that the terminal points to."""


def _json(report: Report) -> str:
    return report.model_dump_json(indent=2) + "\n"


FORMS: dict[str, Callable[[Report], str]] = {
    "report.json": _json,
    "report.html": page.render,
    "report.md": markdown.render,
    "junit.xml": junit.render,
    "report.sarif": sarif.render,
    suggested_waivers.FILE: suggested_waivers.render,
}
"""Every form of the report by its file's name."""


def write_report(folder: Path, report: Report) -> list[Path]:
    """Write every form of the report; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, render in FORMS.items():
        (folder / name).write_text(render(report), "utf-8")
    return [folder / name for name in FORMS]


def clear_report(folder: Path) -> None:
    """Remove the report of an earlier run and the files that it names; nothing else in the folder is touched."""
    try:
        before = read_report(folder / "report.json")
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


def masked(report: Report) -> Report:
    """The report with the secrets masked that became known elsewhere, such as in another worker."""
    return Report.model_validate(_masked(json.loads(report.model_dump_json())))


def _masked(data: Any) -> Any:  # noqa: ANN401 - JSON is any
    if isinstance(data, dict):
        return {key: _masked(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_masked(value) for value in data]
    return redact(data) if isinstance(data, str) else data
