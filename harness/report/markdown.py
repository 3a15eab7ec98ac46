"""The report as a page of Markdown."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.core.groups import grouped
from harness.core.text import counted
from harness.core.verdict import Verdict
from harness.report.causes import UNMET, causes
from harness.report.markup import block, bullets, code, plain, table
from harness.report.slowest import slowest, slowest_steps
from harness.report.text import waiver_text
from harness.report.trend_markdown import trend_lines
from harness.wire.transcript import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.report.causes import Cause
    from harness.report.document import Report
    from harness.results.result import Result

_FINDINGS = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.WAIVED)
_UNJUDGED = (Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE)
_CUT = "*Left out here for its length; report.json in the report's folder has it.*"
_SENTENCES = 10
"""Reasons, and notices, of a page that is cut."""


@dataclass(frozen=True)
class _Content:
    """How much of a report a page shows."""

    causes: list[Cause]
    """The findings, then what could not be judged."""
    sentences: int | None = None
    """So many reasons and notices; None: all."""
    passes: bool = True
    details: bool = True

    def of(self, verdict: Verdict) -> list[Cause]:
        """The causes with that verdict."""
        return [cause for cause in self.causes if cause.verdict is verdict]


def render(report: Report) -> str:
    """The whole page."""
    return _page(report, _whole(report))


def render_within(report: Report, size: int) -> str | None:
    """The page in at most ``size`` bytes of UTF-8, if it fits.

    Passes are left out first, then exchanges, then whole findings and reasons, the last ones first.
    """
    whole = _whole(report)
    without_passes = replace(whole, passes=False)
    brief = replace(without_passes, details=False)
    for content in (whole, without_passes, brief):
        if _bytes(page := _page(report, content)) <= size:
            return page

    def cut(count: int) -> str:
        return _page(report, replace(brief, causes=brief.causes[:count], sentences=_SENTENCES))

    # Each cause takes more than the number of those left out shrinks by.
    fitting = bisect_left(range(len(brief.causes) + 1), x=True, key=lambda count: _bytes(cut(count)) > size)
    return cut(fitting - 1) if fitting else None


def _whole(report: Report) -> _Content:
    every = causes(report.of(*_FINDINGS, *_UNJUDGED))
    order = [*_FINDINGS, *_UNJUDGED]
    return _Content(sorted(every, key=lambda cause: order.index(cause.verdict)))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8"))


def _page(report: Report, content: _Content) -> str:
    lines = [*_head(report, content.sentences), *_counts(report), *_flows(report), *trend_lines(report)]
    for verdict in _FINDINGS:
        lines += [line for cause in content.of(verdict) for line in _cause(cause, details=content.details)]
    lines += _left_out(report, content, *_FINDINGS)
    for verdict in _UNJUDGED:
        lines += _by_reason(content.of(verdict), verdict, details=content.details)
        lines += _left_out(report, content, verdict)
    lines += _slowest(report) if content.details else []
    lines += (
        _passes(report.of(Verdict.PASS))
        if content.passes
        else [f"**{report.verdicts[Verdict.PASS]} pass.** {_CUT}", ""]
    )
    return "\n".join(lines)


def _left_out(report: Report, content: _Content, *verdicts: Verdict) -> list[str]:
    """How many more there are with one of these verdicts."""
    shown = sum(len(cause.results) for verdict in verdicts for cause in content.of(verdict))
    if not (count := len(report.of(*verdicts)) - shown):
        return []
    said = counted(count, "more finding") if len(verdicts) > 1 else f"{count} more {verdicts[0]}"
    return [f"**{said}.** {_CUT}", ""]


def _head(report: Report, sentences: int | None) -> list[str]:
    target = report.target
    api = f", API {code(target.api_url)}" if target.api_url != target.base_url else ""
    api += f", auth server {code(target.auth_url)}" if target.auth_url else ""
    suite = plain(report.suite.named)
    started = report.started.strftime("%Y-%m-%d %H:%M %Z")
    return [
        f"# {plain(target.title)}: {report.conclusion}",
        "",
        f"{code(target.base_url)}{api}, profile {code(target.profile)}.",
        "",
        f"Judged by {suite} on {started} in {report.seconds:.0f} s, seed {report.settings.seed}.",
        "",
        f"**{plain(report.summary)}**",
        "",
        *([f"**{plain(report.own.summary)}**", ""] if report.own is not None else []),
        *_bullets([f"red: {reason}" for reason in report.reasons], sentences),
        *_bullets(report.notices, sentences),
        f"Not covered by the specification: {plain('; '.join(report.uncovered))}.",
        "",
    ]


def _bullets(sentences: Sequence[str], most: int | None) -> list[str]:
    shown = sentences[:most]
    lines = bullets(shown)
    if left := len(sentences) - len(shown):
        lines[-1:] = [f"- **{left} more.** {_CUT}", ""]
    return lines


def _counts(report: Report) -> list[str]:
    counts = [str(report.verdicts.get(verdict, 0)) for verdict in Verdict]
    head = [*(verdict.value for verdict in Verdict), "ran", "selected", "whole specification"]
    return [*table(head, [[*counts, str(report.ran), str(report.expected), str(report.specified)]]), ""]


def _flows(report: Report) -> list[str]:
    shown = [verdict for verdict in Verdict if report.of(verdict)]
    rows = []
    for flow, results in report.flows().items():
        counts = Counter(result.verdict for result in results)
        rows.append([plain(flow), *(str(counts[verdict] or "") for verdict in shown)])
    return [*table(["flow", *(verdict.value for verdict in shown)], rows), ""] if rows else []


def _cause(cause: Cause, *, details: bool) -> list[str]:
    """One finding, or all of one cause.

    The first of each reason, and which the others are.
    """
    lines = [f"## {cause.verdict.upper()}: {plain(cause.title)}", ""]
    lines += _rationales(cause) if details else []
    for alike in cause.reasons:
        first, others = alike[0], alike[1:]
        lines += [] if len(cause.results) == 1 else [f"**{plain(first.title)}**", ""]
        lines += _finding(first, details=details)
        if others:
            lines += [f"The same came for {counted(len(others), 'more', 'more')}:", "", *map(_other, others), ""]
    return lines


def _rationales(cause: Cause) -> list[str]:
    """Why it matters and how to fix it, once for each requirement."""
    found = {one.identity: one for one in cause.results if one.verdict in UNMET and one.why and one.fix}
    lines = []
    for identity, one in found.items():
        about = "" if len(found) == 1 else f"{code(identity)}: "
        lines += [f"- {about}*Why it matters:* {plain(one.why)} *To fix it:* {plain(one.fix)}"]
    return [*lines, ""] if lines else []


def _other(result: Result) -> str:
    files = "".join(f"; {plain(artefact.about)}: {code(artefact.path)}" for artefact in result.artefacts)
    return f"- {plain(result.title)} ({code(result.key)}, {result.level.upper()}, {result.severity}){files}"


def _finding(result: Result, *, details: bool) -> list[str]:
    lines = [
        f"{code(result.key)}: {result.level.upper()}, {result.severity}; {plain(', '.join(result.sources))}",
        "",
    ]
    if result.expected and result.came:
        said = [f"- **Expected** {plain(result.expected)}", f"- **Came:** {plain(result.came)}"]
    else:
        said = [f"- {plain(result.reason)}"]
    if result.step:
        said.append(f"- At the step: {plain(result.step)}")
    if result.waiver is not None:
        said.append(f"- {plain(waiver_text(result.waiver))}")
    said += [f"- {plain(note)}" for note in result.notes]
    said += [f"- {plain(artefact.about)}: {code(artefact.path)}" for artefact in result.artefacts]
    if result.unreproduced:
        said.append(f"- No reproduction with curl: {plain(result.unreproduced)}")
    return [*lines, *said, "", *(_evidence(result) if details else [])]


def _evidence(result: Result) -> list[str]:
    exchanges = "\n\n".join(describe(exchange) for exchange in result.deciding)
    lines = _folded("The exchanges that decide it", block(exchanges, "http")) if exchanges else []
    return lines + (_folded("Where the suite broke", block(result.traceback)) if result.traceback else [])


def _by_reason(found: list[Cause], verdict: Verdict, *, details: bool) -> list[str]:
    """Those with one reason together."""
    lines = [f"## {verdict.capitalize()}", ""] if found else []
    for cause in found:
        blocker = cause.first.blocker
        count = f"{len(cause.results)}, {blocker}" if blocker is not None else str(len(cause.results))
        lines += [f"**{count}:** {plain(cause.first.reason)}", ""]
        lines += _folded("Which", _named(cause.results)) if details else []
    return lines


def _slowest(report: Report) -> list[str]:
    scenarios = [f"- {one.seconds:.1f} s: {plain(one.title)} ({code(one.key)})" for one in slowest(report)]
    steps = [f"- {one.seconds:.1f} s: {plain(one.step)} ({code(one.result.key)})" for one in slowest_steps(report)]
    parts = [["**Scenarios**", "", *scenarios], ["", "**Steps**", "", *steps] if steps else []]
    return _folded("The slowest", [line for part in parts for line in part]) if scenarios else []


def _passes(results: list[Result]) -> list[str]:
    if not results:
        return []
    lines: list[str] = []
    for flow, found in grouped(results, lambda result: result.feature).items():
        lines += [f"**{plain(flow)}**", "", *_named(found), ""]
    return _folded(f"{len(results)} pass", lines)


def _named(results: list[Result]) -> list[str]:
    return [f"- {plain(result.title)} ({code(result.key)}, {result.level.upper()})" for result in results]


def _folded(title: str, lines: list[str]) -> list[str]:
    # The blank lines let what is inside be read as Markdown.
    return [f"<details><summary>{title}</summary>", "", *lines, "", "</details>", ""]
