"""`python -m tests.detection.requirements_page`: what is checked of the catalogue and of standards.

Written to docs/requirements.md: each entry of docs/defects.json with the scenarios that look for it, the faults
that show that they can fail and the correct variants that show what they never fail on, or why none does.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from harness.report.markup import table
from harness.specification.coverage import ASVS, RFC_8725, by_number, cited
from tests.detection.catalogue import checked, entries, grouped
from tests.detection.forks import ROOT
from tests.detection.registry import all_faults
from tests.detection.variant_registry import all_variants

PAGE = ROOT / "docs" / "requirements.md"
_UNCHECKED = Path(__file__).with_name("unchecked.toml")
_CHAPTERS = ("3.3.", "3.5.", "6.", "7.", "8.", "9.")
"""Of ASVS 5.0: cookies, cross-site requests, authentication, sessions, authorization, self-contained tokens."""
_BEST_PRACTICES = "3."
"""The section of RFC 8725 that says what to do."""


@cache
def unchecked() -> dict[str, dict[str, str]]:
    """Why nothing checks them: `entries`, `asvs` and `rfc8725`, each by its id."""
    return tomllib.loads(_UNCHECKED.read_text("utf-8"))


def asvs() -> dict[str, list[str]]:
    """The scenarios of each requirement of ASVS 5.0 in the chapters that are listed."""
    return cited(ASVS, lambda number: number.startswith(_CHAPTERS))


def rfc8725() -> dict[str, list[str]]:
    """The scenarios of each best practice of RFC 8725."""
    return cited(RFC_8725, lambda number: number.startswith(_BEST_PRACTICES))


def page() -> str:
    """The page in Markdown."""
    scenarios = checked()
    faults = grouped((fault.defect, name) for name, fault in all_faults().items())
    variants = grouped((entry, name) for name, one in all_variants().items() for entry in one.never_fail_on)
    flows = grouped((entry["flow"], entry["id"]) for entry in entries())
    lines = [
        "# What is checked",
        "",
        "Written by `python -m tests.detection.requirements_page`; do not edit. Defects that real deployments",
        "have (`docs/defects.json`): the scenarios that look for each, the planted faults that show that they can",
        "fail, and the correct variants that show what they never fail on; or why none does.",
        "",
        *table(
            ["flow", "entries", "with a scenario"],
            [
                *([flow, str(len(ids)), str(len(scenarios.keys() & {*ids}))] for flow, ids in flows.items()),
                ["all", str(len(entries())), str(len(scenarios))],
            ],
        ),
        "",
    ]
    for flow, ids in flows.items():
        lines += [f"## {flow.replace('-', ' ').capitalize()}", ""]
        lines += table(
            ["entry", "scenarios", "faults", "correct variants"],
            [_row(identity, scenarios, faults, variants) for identity in ids],
        )
        lines.append("")
    lines += _standard("ASVS 5.0, V3.3, V3.5 and V6 to V9", asvs(), unchecked()["asvs"])
    lines += _standard("RFC 8725, section 3", rfc8725(), unchecked()["rfc8725"])
    return "\n".join(lines).rstrip() + "\n"


def _row(identity: str, *found: Mapping[str, list[str]]) -> list[str]:
    if identity not in found[0]:
        return [f"`{identity}`", unchecked()["entries"][identity], "", ""]
    return [f"`{identity}`", *(", ".join(of_it.get(identity, [])) for of_it in found)]


def _standard(name: str, found: Mapping[str, list[str]], reasons: Mapping[str, str]) -> list[str]:
    numbers = sorted({*found, *reasons}, key=by_number)
    rows = [[number, ", ".join(found.get(number, [])) or reasons[number]] for number in numbers]
    summary = f"{len(found)} of {len(numbers)} have a scenario, of the whole of it or a part."
    return [f"## {name}", "", summary, "", *table(["section", "scenarios"], rows), ""]


def main() -> int:
    """Write the page; returns the exit code."""
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
