"""What the pages' templates share: filters, words, style sheets and scripts."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import shlex
from functools import cache
from typing import Any, assert_never

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from harness.core.text import counted, slug
from harness.core.verdict import Level, Severity, Verdict
from harness.deployment.people import CANARY
from harness.evidence.attachments import folder_name
from harness.report.causes import FOUND, UNJUDGED, UNMET
from harness.report.html import view
from harness.report.html.rerun import run_again
from harness.results.sources import source_or_tag

_UNSEEN = [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x2028, 0x2029]
_TURNING = [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_SPELT = {code: f"\\u{code:04x}" for code in (*_UNSEEN, *_TURNING)}
"""Characters that can't be seen, or that turn the order of others, by how they are written instead."""


@cache
def environment() -> Environment:
    """Where the pages' templates come from."""
    made = Environment(
        loader=PackageLoader("harness.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "view": view,
        "run_again": run_again,
        "anchor": folder_name,
        "Verdict": Verdict,
        "unjudged": UNJUDGED,
        "found_verdicts": FOUND,
        "unmet_verdicts": UNMET,
        "levels": list(Level),
        "severities": list(Severity),
    }
    made.filters |= {
        "shell": shlex.quote,
        "slug": slug,
        "sign": _sign,
        "source": source_or_tag,
        "moment": _moment,
        "duration": _duration,
        "digest": _digest,
        "counted": counted,
        "sentence": _sentence,
        "marked": _marked,
    }
    return made


@cache
def asset(name: str) -> Markup:
    """A style sheet or script of this package."""
    loader = PackageLoader("harness.report.html")
    source, _, _ = loader.get_source(environment(), name)
    return Markup(source)  # noqa: S704 - a file of this package, nothing that came from outside


def _visible(value: Any) -> Any:  # noqa: ANN401 - whatever a template puts out
    """Text with invisible characters, and those that turn text around, spelt out."""
    return value.translate(_SPELT) if isinstance(value, str) and not isinstance(value, Markup) else value


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


def _marked(text: str, finding: str) -> Markup:
    """The text with every canary marked that the finding names."""
    wanted = sorted(set(CANARY.findall(finding)))
    parts = re.split(f"({'|'.join(wanted)})", text) if wanted else [text]
    shown = (escape(_visible(part)) for part in parts)
    return Markup().join(Markup("<mark>{}</mark>").format(part) if part in wanted else part for part in shown)


def _sign(verdict: Verdict) -> str:
    match verdict:
        case Verdict.PASS:
            return "✓"
        case Verdict.FAIL:
            return "✕"
        case Verdict.WARN:
            return "!"
        case Verdict.WAIVED:
            return "~"
        case Verdict.NOT_APPLICABLE:
            return "-"
        case Verdict.NOT_TESTED:
            return "?"
        case Verdict.ERROR:
            return "E"
        case _:
            assert_never(verdict)
