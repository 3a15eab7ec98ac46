"""`python -m tests.detection.variants_page`: every correct variant against the whole suite.

Writes docs/never_fail_on.md. A variant of what only a browser sees runs against the browser scenarios. With
`--flow` only the variants of that flow run, with `--missing` only those that the page has no row of, and it keeps
what it says of the others.

Exit code 1 when a variant turns anything red, or ends otherwise than it says; 2 when there is no Postgres to run
on, 130 when interrupted.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from harness.core.processes import ProcessError
from harness.core.text import tally
from harness.core.verdict import Verdict
from harness.reference.postgres import PostgresServer, PostgresUnavailable, open_server
from tests.detection import selection
from tests.detection.backend import backend
from tests.detection.catalogue import checked, entries
from tests.detection.forks import ROOT
from tests.detection.scenarios import all_scenarios
from tests.detection.suite_run import BROWSER_SUITE, HTTP_SUITE, SuiteError, run_whole_suite
from tests.detection.test_variants import unexpected
from tests.detection.variant_registry import Variant, all_variants, uncovered, variant_flows

PAGE = ROOT / "docs" / "never_fail_on.md"
ORDER = tuple(verdict.value for verdict in Verdict)


@dataclass(frozen=True)
class Row:
    """A variant, what a whole run said of it in words, and what was not as it says."""

    variant: Variant
    came: str
    problems: tuple[str, ...] = ()


def main() -> int:
    """Run the command; returns its exit code."""
    arguments = selection.parsed("tests.detection.variants_page", __doc__, variant_flows())
    earlier = read_page(selection.kept(arguments, PAGE))
    chosen = selection.chosen(arguments, all_variants(), earlier)
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ran = {row.variant.name: row for row in _run(chosen, arguments.jobs)}
    except PostgresUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    known = earlier | ran
    rows = [known[name] for name in all_variants() if name in known]
    PAGE.write_text(page(rows), "utf-8")
    problems = [f"{row.variant.name}: {problem}" for row in rows for problem in row.problems]
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    verdict = f"{len(problems)} problems" if problems else "none turns anything red"
    seconds = time.monotonic() - started
    sys.stdout.write(f"{len(chosen)} variants, {verdict}, {seconds:.0f} s: {PAGE.relative_to(ROOT)}\n")
    return 1 if problems else 0


def _run(chosen: list[Variant], jobs: int) -> list[Row]:
    rows = {}
    with open_server() as server, ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(_row, server, variant): variant for variant in chosen}
        try:
            for number, done in enumerate(as_completed(waiting), 1):
                row = rows[waiting[done].name] = done.result()
                sys.stdout.write(f"[{number}/{len(chosen)}] {row.variant.name}: {row.came}\n")
                sys.stdout.flush()
        finally:
            pool.shutdown(cancel_futures=True)
    return [rows[variant.name] for variant in chosen]


def _row(server: PostgresServer, variant: Variant) -> Row:
    in_browser = all(all_scenarios()[identity].needs_browser for identity in variant.named)
    expression = BROWSER_SUITE if in_browser else HTTP_SUITE
    try:
        with tempfile.TemporaryDirectory(prefix="auth-conformance-variant-") as name:
            folder = Path(name)
            with backend(server, variant.settings, folder, variant) as unusual:
                ran = run_whole_suite(unusual, expression, folder, variant.profile)
    except (ProcessError, SuiteError) as error:
        return Row(variant, "did not run", (str(error),))
    # What needs a browser did not run here, so that its absence says nothing.
    there = {finding.identity for finding in ran.findings}
    problems = [line for line in unexpected(variant, ran.findings) if line.split()[0] in there or ":" in line]
    if ran.code != variant.code:
        problems.append(f"exit code {ran.code}, expected {variant.code}")
    counts = Counter(finding.verdict.value for finding in ran.findings)
    return Row(variant, f"{tally(counts, ORDER)}; exit code {ran.code}", tuple(problems))


def page(rows: list[Row]) -> str:
    """The variants in Markdown, and the catalogue's entries without one."""
    lines = [
        "# What the suite never fails on",
        "",
        "Written by `make variants`; do not edit. Each row is a deployment that is right and unusual: the",
        "reference backend with one trait, made by a few lines in `tests/detection/variants/`. Each ran against",
        "the whole HTTP suite, doctor included, or, where only a browser shows it, against the browser scenarios.",
        "CI runs the scenarios that a variant names. What can't be judged is *not tested*, with its cause.",
        "",
        f"{len(rows)} variants.",
        "",
    ]
    for flow in dict.fromkeys(row.variant.flow for row in rows):
        lines += [f"## {flow.replace('_', ' ').capitalize()}", ""]
        lines += [
            "| Variant | Trait | Never fail on | Scenarios | A whole run |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [_variant_line(row) for row in rows if row.variant.flow == flow] + [""]
    return "\n".join([*lines, *_catalogue(rows)]) + "\n"


def read_page(text: str) -> dict[str, Row]:
    """The rows that a page written before has for variants that are still there, by name."""
    variants, rows = all_variants(), {}
    for line in text.splitlines():
        name = line.removeprefix("| ").partition(" | ")[0]
        if line.startswith("| ") and name in variants:
            rows[name] = Row(variants[name], line.removesuffix(" |").rpartition(" | ")[2])
    return rows


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _variant_line(row: Row) -> str:
    variant = row.variant
    said = "; ".join(f"`{entry}`: {words}" for entry, words in variant.never_fail_on.items())
    scenarios = [f"{identity} pass" for identity in variant.stays_green]
    for verdict, told in (
        (Verdict.NOT_TESTED, variant.not_tested),
        (Verdict.NOT_APPLICABLE, variant.not_applicable),
        (Verdict.WARN, variant.warns),
    ):
        scenarios += [f"{identity} *{verdict.value}*" for identity in told]
    cells = (variant.name, _cell(variant.trait), _cell(said), ", ".join(scenarios), row.came)
    return f"| {' | '.join(cells)} |"


def _catalogue(rows: list[Row]) -> list[str]:
    """Each entry that a scenario carries, with its variants or the reason why it has none."""
    carried, reasons = checked(), uncovered()
    lines = [
        "## The catalogue",
        "",
        f"{len(carried)} of {len(entries())} entries of `docs/defects.json` have a scenario. What each says",
        "under never_fail_on, and the variants that show it, or why none does.",
        "",
        "| Entry | Never fail on | Variants |",
        "| --- | --- | --- |",
    ]
    for entry in (entry for entry in entries() if entry["id"] in carried):
        names = [row.variant.name for row in rows if entry["id"] in row.variant.never_fail_on]
        why = ", ".join(names) or f"none: {reasons.get(entry['id'], '')}"
        lines.append(f"| `{entry['id']}` | {_cell(entry['never_fail_on'])} | {_cell(why)} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
