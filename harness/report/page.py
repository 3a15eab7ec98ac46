"""The report as one HTML file that needs nothing else: no request leaves it, and it reads well without scripts."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import shlex
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from harness.core.verdict import Conclusion, Level, Severity, Verdict
from harness.evidence.attachments import folder_name
from harness.report import page_parts
from harness.report.page_again import run_again
from harness.results.sources import Source, source_of

if TYPE_CHECKING:
    from harness.report.document import Report

_ICONS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✕",
    Verdict.WARN: "!",
    Verdict.WAIVED: "~",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.NOT_TESTED: "?",
    Verdict.ERROR: "E",
}
_LOOKS = {
    Conclusion.CONFORMANT: Verdict.PASS,
    Conclusion.WITH_WAIVERS: Verdict.WAIVED,
    Conclusion.UNDECIDED: Verdict.NOT_TESTED,
    Conclusion.PARTIAL: Verdict.NOT_TESTED,
    Conclusion.NOT_CONFORMANT: Verdict.FAIL,
    Conclusion.BROKEN: Verdict.ERROR,
}
"""The verdict whose colour and sign a conclusion has."""
_CANARY = re.compile(r"\bcnry[0-9a-f]+\b")
_UNSEEN = [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x2028, 0x2029]
_TURNING = [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_SPELT = {code: f"\\u{code:04x}" for code in (*_UNSEEN, *_TURNING)}
"""Characters that can't be seen, or that turn the order of others, by how they are written instead."""


def render(report: Report) -> str:
    """The whole page."""
    template = _environment().get_template("page.html")
    return template.render(
        report=report,
        flows=page_parts.flows(report),
        found=page_parts.by_weight(report.of(*page_parts.FOUND)),
        causes=[cause for verdict in page_parts.UNJUDGED for cause in page_parts.causes(report, verdict)],
        verdicts=[verdict for verdict in page_parts.ORDER if report.verdicts.get(verdict)],
        look=_LOOKS[report.conclusion],
        style=_asset("page.css"),
        script=_asset("page.js"),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "parts": page_parts,
        "run_again": run_again,
        "anchor": folder_name,
        "icons": _ICONS,
        "Verdict": Verdict,
        "levels": list(Level),
        "severities": list(Severity),
    }
    environment.filters |= {
        "shell": shlex.quote,
        "slug": page_parts.slug,
        "source": _source,
        "moment": _moment,
        "duration": _duration,
        "digest": _digest,
        "several": _several,
        "sentence": _sentence,
        "marked": _marked,
    }
    return environment


@cache
def _asset(name: str) -> Markup:
    """A style sheet or script of ours as it will stand in the page."""
    loader = PackageLoader("harness.report")
    source, _, _ = loader.get_source(_environment(), name)
    return Markup(source)  # noqa: S704 - a file of this package, nothing that came from outside


def _visible(value: Any) -> Any:  # noqa: ANN401 - whatever a template puts out
    """Text with the characters spelt out that would hide or turn around what stands beside them."""
    return value.translate(_SPELT) if isinstance(value, str) and not isinstance(value, Markup) else value


def _source(tag: str) -> Source:
    """The source of a tag; one of no known kind is its own name."""
    try:
        return source_of(tag)
    except ValueError:
        return Source(tag, "")


def _digest(source: str) -> str:
    """A style sheet or script as Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _moment(when: dt.datetime) -> str:
    return f"{when.day} {when:%B %Y, %H:%M} {when.tzname() or ''}".strip()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _marked(text: str, telling: str) -> Markup:
    """The text with every canary marked that ``telling`` speaks of: there the private text leaked."""
    wanted = sorted(set(_CANARY.findall(telling)))
    parts = re.split(f"({'|'.join(wanted)})", text) if wanted else [text]
    shown = (escape(_visible(part)) for part in parts)
    return Markup().join(Markup("<mark>{}</mark>").format(part) if part in wanted else part for part in shown)


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
