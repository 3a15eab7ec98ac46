"""The report as a page of Markdown."""

from __future__ import annotations

from collections import Counter
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
    from harness.report.causes import Cause
    from harness.report.document import Report
    from harness.results.result import Result

_FINDINGS = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.WAIVED)
_UNJUDGED = (Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE)
_CUT = "*Left out here for its length; report.json in the report's folder has it.*"


def render(report: Report) -> str:
    """The whole page."""
    return _page(report, causes(report.of(*_FINDINGS)))


def render_within(report: Report, size: int) -> str | None:
    """The page in at most ``size`` bytes of UTF-8, if it fits.

    Passes are left out first, then exchanges, then findings.
    """
    found = sorted(causes(report.of(*_FINDINGS)), key=lambda cause: _FINDINGS.index(cause.verdict))
    for page in (
        _page(report, found),
        _page(report, found, passes=False),
        _page(report, found, passes=False, details=False),
    ):
        if _bytes(page) <= size:
            return page
    fewer = range(len(found) - 1, -1, -1)
    pages = (_page(report, found[:count], passes=False, details=False) for count in fewer)
    return next((page for page in pages if _bytes(page) <= size), None)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8"))


def _page(report: Report, found: list[Cause], *, passes: bool = True, details: bool = True) -> str:
    lines = [*_head(report), *_counts(report), *_flows(report), *trend_lines(report)]
    for verdict in _FINDINGS:
        shown = [cause for cause in found if cause.verdict is verdict]
        lines += [line for cause in shown for line in _cause(cause, details=details)]
    left_out = len(report.of(*_FINDINGS)) - sum(len(cause.results) for cause in found)
    if left_out:
        lines += [f"**{counted(left_out, 'more finding')}.** {_CUT}", ""]
    for verdict in _UNJUDGED:
        lines += _by_reason(report.of(verdict), verdict, details=details)
    lines += _slowest(report) if details else []
    lines += (
        _passes(report.of(Verdict.PASS)) if passes else [f"**{report.verdicts[Verdict.PASS]} pass.** {_CUT}", ""]
    )
    return "\n".join(lines)


def _head(report: Report) -> list[str]:
    target = report.target
    api = f", API {code(target.api_url)}" if target.api_url != target.base_url else ""
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
        *bullets([f"red: {reason}" for reason in report.reasons]),
        *bullets(report.notices),
        f"Not covered by the specification: {plain('; '.join(report.uncovered))}.",
        "",
    ]


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


def _by_reason(results: list[Result], verdict: Verdict, *, details: bool) -> list[str]:
    """Those with one reason together."""
    if not results:
        return []
    lines = [f"## {verdict.capitalize()}", ""]
    for cause in causes(results):
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
