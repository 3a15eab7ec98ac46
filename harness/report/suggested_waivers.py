"""waivers.suggested.toml: entries that would waive the findings of a run.

Each has to be filled in before ``--waivers`` takes it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import tomlkit

from harness.core.groups import grouped
from harness.core.verdict import Verdict
from harness.specification.catalogue import requirements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.report.document import Report
    from harness.results.result import Result

FILE = "waivers.suggested.toml"
_DAYS = 30
"""How long a suggested waiver holds."""


def render(report: Report) -> str:
    """The whole file."""
    entries = suggested(report)
    if not entries:
        return "# Nothing that could be waived was red.\n"
    head = "# Keep what is known and accepted for now; say why, who answers for it, and where it is followed up."
    return "\n\n".join([head, *entries]) + "\n"


def suggested(report: Report) -> list[str]:
    """Entries for the findings that made the run red.

    Only the specification's own requirements can be waived.
    """
    found = report.of(Verdict.FAIL, Verdict.WARN)
    findings = [result for result in found if report.is_red(result) and not result.is_own]
    return entries_for(findings, report.started.date())


def entries_for(findings: Iterable[Result], today: dt.date) -> list[str]:
    """Entries for findings; one for a requirement of which no row held."""
    entries: list[str] = []
    for identity, found in grouped(findings, lambda finding: finding.identity).items():
        known = requirements().get(identity)
        is_whole = known is not None and len(found) == known.scenarios
        rows = [""] if is_whole else [finding.row for finding in found]
        entries += [_entry(identity, row, today + dt.timedelta(days=_DAYS)) for row in rows]
    return entries


def _entry(requirement: str, row: str, expires: dt.date) -> str:
    signed = {"reason": "", "owner": "", "issue": "https://", "expires": expires}
    table = {"requirement": requirement, **({"row": row} if row else {}), **signed}
    return tomlkit.dumps({"waiver": [table]}).strip()
