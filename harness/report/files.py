"""The report on disk: one JSON file with everything, and the same as a page of Markdown."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from harness.evidence.redaction import redact
from harness.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from harness.report.results import Result, Run

_NAMED = 3
"""Identities that a line names before it says \"...\"."""
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
        "sign_ups": sum(result.sign_ups for result in run.results.values()),
        "sign_ins": sum(result.sign_ins for result in run.results.values()),
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


def by_reason(run: Run, verdict: Verdict) -> list[str]:
    """The results of a verdict as lines of text, those with one reason together."""
    groups: dict[str, list[Result]] = {}
    for result in run.of(verdict):
        groups.setdefault(result.reason, []).append(result)
    return [f"{verdict.value}: {_named(results)}: {reason}" for reason, results in groups.items()]


def _named(results: list[Result]) -> str:
    identities = list(dict.fromkeys(result.identity for result in results))
    if len(results) == 1:
        return f"{results[0].title} ({identities[0]})"
    if len(identities) == 1:
        return f"{len(results)} rows of {identities[0]}"
    shown = ", ".join(identities[:_NAMED])
    return f"{len(results)} scenarios ({shown}{', ...' if len(identities) > _NAMED else ''})"


def costs(run: Run, *, leaves_accounts: bool) -> list[str]:
    """What the run cost the deployment and itself, a line each, where there is something to say."""
    sign_ups = sum(result.sign_ups for result in run.results.values())
    waited = sum(result.throttled for result in run.results.values())
    lines = [f"waited {waited:.0f} s in all because the deployment throttles"] if waited >= 1 else []
    if leaves_accounts and sign_ups:
        lines.append(f"up to {sign_ups} accounts stay behind: the profile declares no operations.delete_user")
    return lines


def one_cause(run: Run) -> str | None:
    """The reason why most scenarios could not be judged, where it is one; None otherwise."""
    reasons = Counter(result.reason for result in run.of(Verdict.NOT_TESTED))
    reason, count = reasons.most_common(1)[0] if reasons else ("", 0)
    if count <= run.expected // 2 or count <= 1:
        return None
    return f"{count} of {run.expected} scenarios could not be judged for one reason: {reason.rstrip('.')}"
