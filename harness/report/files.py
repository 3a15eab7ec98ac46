"""The report on disk: one JSON file with everything, and the same as a page of Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness.evidence.redaction import redact
from harness.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from harness.report.results import Result, Run

FORMAT = 1
"""Version of the JSON's layout."""


def write_report(folder: Path, run: Run, about: dict[str, Any]) -> Path:
    """Write ``report.json`` and ``report.md``; returns the Markdown file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "format": FORMAT,
        **about,
        "expected": run.expected,
        "ran": run.ran,
        "verdicts": {verdict.value: run.counts()[verdict] for verdict in Verdict},
        "results": [result.as_json() for result in run.of(*Verdict)],
    }
    (folder / "report.json").write_text(redact(json.dumps(content, indent=2, ensure_ascii=False)) + "\n", "utf-8")
    page = folder / "report.md"
    page.write_text(redact(_markdown(run, about)), "utf-8")
    return page


def _markdown(run: Run, about: dict[str, Any]) -> str:
    lines = [f"# auth-conformance: {about['target']}", ""]
    lines += [
        f"{about['base_url']} with profile `{about['profile']}`, seed {about['seed']}.",
        "",
        summary(run),
        "",
    ]
    for verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE):
        if found := run.of(verdict):
            lines += [f"## {verdict.value.capitalize()}", "", *(_entry(result) for result in found), ""]
    lines += ["## Pass", "", *(f"- {result.title} (`{result.identity}`)" for result in run.of(Verdict.PASS)), ""]
    return "\n".join(lines)


def _entry(result: Result) -> str:
    return f"- **{result.title}** (`{result.identity}`, {result.level.upper()}): {result.reason}"


def summary(run: Run) -> str:
    """The one line that says it all."""
    counts = run.counts()
    parts = [f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]]
    return f"expected {run.expected}, ran {run.ran}: {', '.join(parts) or 'nothing'}"
