"""Findings as annotations of a GitHub Actions job: workflow commands.

An annotation stands at the line of the user's profile that declares what was asked, if that is a file in the
repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.text import counted, printable, shortened
from harness.core.verdict import Severity, Verdict
from harness.report.causes import causes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.report.causes import Cause
    from harness.report.document import Report

MOST = 10
"""GitHub shows so many errors, and so many warnings, of one step."""
_CHARACTERS = 2000
"""What one says at most; the log has the rest."""
_FOUND = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN)
_GRAVEST = list(Severity)


def annotated(report: Report) -> list[str]:
    """The commands: what makes the run red as errors, else warnings.

    The first error says why the run is red; findings of one cause are one annotation.
    """
    found = sorted(causes(report.of(*_FOUND)), key=lambda cause: _GRAVEST.index(cause.first.severity))
    red = [cause for cause in found if report.is_red(cause.first)]
    others = [cause for cause in found if not report.is_red(cause.first)]
    whole = [command("error", _whole(report), title=f"auth-conformance: {report.conclusion}")]
    errors = [*(whole if report.reasons else []), *_of_causes("error", red, MOST - len(whole))]
    return [*errors, *_of_causes("warning", others, MOST)]


def command(name: str, says: str = "", **properties: str) -> str:
    """A workflow command, escaped."""
    given = ",".join(f"{key}={_escaped(value, ':', ',')}" for key, value in properties.items())
    return f"::{name}{' ' if given else ''}{given}::{_escaped(says)}"


def _escaped(text: str, *others: str) -> str:
    # The sign that escapes goes first.
    for character in ("%", "\r", "\n", *others):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _whole(report: Report) -> str:
    return _shown([*(f"{reason.rstrip('.')}." for reason in report.reasons), report.summary])


def _of_causes(name: str, found: Sequence[Cause], most: int) -> list[str]:
    """A command each.

    Where they are more than are shown, the last one counts the others.
    """
    if len(found) <= most:
        return [_of_cause(name, cause) for cause in found]
    shown, others = found[: most - 1], found[most - 1 :]
    left = counted(sum(len(cause.results) for cause in others), "more finding")
    more = command(name, f"{left}: the job's summary and the report have all.", title=f"auth-conformance: {left}")
    return [*(_of_cause(name, cause) for cause in shown), more]


def _of_cause(name: str, cause: Cause) -> str:
    first = cause.first
    place = first.declared
    where = {"file": place.file, "line": str(place.line)} if place is not None else {}
    fix = [f"To fix it: {first.fix}"] if first.fix and first.verdict is not Verdict.ERROR else []
    about = f"{first.level.upper()}, {first.severity}: {first.key}"
    return command(
        name,
        _shown([first.reason, *fix, about]),
        **where,
        title=printable(f"{cause.verdict.upper()}: {cause.title}"),
    )


def _shown(lines: Sequence[str]) -> str:
    return shortened(printable("\n".join(lines)), _CHARACTERS)
