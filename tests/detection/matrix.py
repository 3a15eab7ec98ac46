"""`python -m tests.detection.matrix`: every fault against every HTTP scenario, written to docs/faults.md.

Those that a fault names run with all their rows, any other with its first.
A fault that only browser scenarios are to catch runs against those, which take too long to run for every fault.
With `--flow` only the faults of that flow run, with `--missing` only those that the page has no row of, and it
keeps what it says of the others.

Exit code 1 when a fault survives, when a scenario that a fault names stays green, or when no fault turns a MUST
scenario red; 2 when there is no Postgres to run on, 130 when interrupted.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from harness.core.processes import ProcessError
from harness.core.verdict import Verdict
from harness.reference.postgres import PostgresServer, PostgresUnavailable, open_server
from tests.detection import first_rows, selection
from tests.detection.backend import backend
from tests.detection.forks import ROOT
from tests.detection.registry import Fault, all_faults, flows
from tests.detection.scenarios import Scenario, all_scenarios
from tests.detection.suite_run import HTTP_SUITE, SuiteError, any_of, run_suite

PAGE = ROOT / "docs" / "faults.md"
RED = (Verdict.FAIL, Verdict.WARN)
UNKILLABLE: Mapping[str, str] = {}
"""MUST scenarios that nothing in the reference backend can turn red, each with the reason."""


@dataclass(frozen=True)
class Row:
    """A fault, the identities that turned red with it, and what kept the suite from running, if anything did."""

    fault: Fault
    red: frozenset[str]
    trouble: str = ""

    @property
    def missed(self) -> list[str]:
        """Scenarios that were to catch the fault and stayed green."""
        return [identity for identity in self.fault.caught_by if identity not in self.red]


def main() -> int:
    """Run the command; returns its exit code."""
    arguments = selection.parsed("tests.detection.matrix", __doc__, flows())
    before = read_page(selection.kept(arguments, PAGE))
    faults = selection.chosen(arguments, all_faults(), before)
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ran = {row.fault.name: row for row in _run(faults, arguments.jobs)}
    except PostgresUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    scenarios = all_scenarios()
    known = before | ran
    rows = [known[name] for name in all_faults() if name in known]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(rows, scenarios), "utf-8")
    problems = judge(rows, scenarios)
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    seconds = time.monotonic() - started
    verdict = f"{len(problems)} problems" if problems else "all caught"
    sys.stdout.write(f"{len(faults)} faults, {verdict}, {seconds:.0f} s: {PAGE.relative_to(ROOT)}\n")
    return 1 if problems else 0


def _run(faults: list[Fault], jobs: int) -> list[Row]:
    rows = {}
    with open_server() as server, ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(_row, server, fault): fault for fault in faults}
        try:
            for number, done in enumerate(as_completed(waiting), 1):
                row = rows[waiting[done].name] = done.result()
                sys.stdout.write(f"[{number}/{len(faults)}] {row.fault.name}: {len(row.red)} red\n")
                sys.stdout.flush()
        finally:
            pool.shutdown(cancel_futures=True)
    return [rows[fault.name] for fault in faults]


def _row(server: PostgresServer, fault: Fault) -> Row:
    try:
        in_browser = all(all_scenarios()[identity].needs_browser for identity in fault.caught_by)
        red = frozenset() if in_browser else _red(server, fault, HTTP_SUITE)
        # Scenarios in a browser are still to come. Others: in the whole suite an earlier scenario can meet
        # the fault first and leave a shared person signed out.
        missed = Row(fault, red).missed
        return Row(fault, red | _red(server, fault, any_of(missed)) if missed else red)
    except (ProcessError, SuiteError) as error:
        return Row(fault, frozenset(), str(error))


def _red(server: PostgresServer, fault: Fault, expression: str) -> frozenset[str]:
    with tempfile.TemporaryDirectory(prefix="auth-conformance-fault-") as name:
        folder = Path(name)
        with backend(server, fault.settings, folder, fault) as faulty:
            target = replace(faulty, environment={**faulty.environment, **first_rows.environment(fault.caught_by)})
            findings = run_suite(target, expression, folder, fault.profile)
    return frozenset(finding.identity for finding in findings if finding.verdict in RED)


def judge(rows: list[Row], scenarios: Mapping[str, Scenario]) -> list[str]:
    """One sentence for each thing that is wrong."""
    problems = [
        f"With the fault {row.fault.name} the suite did not run: {row.trouble}" for row in rows if row.trouble
    ]
    problems += [
        f"The fault {row.fault.name} survives: nothing turned red."
        for row in rows
        if not row.red and not row.trouble
    ]
    problems += [
        f"The fault {row.fault.name} was to be caught by {identity}, which stayed green."
        for row in rows
        if row.red
        for identity in row.missed
    ]
    killed = frozenset().union(*(row.red for row in rows))
    problems += [
        f"The scenario {identity} is a MUST and no fault turns it red."
        for identity, scenario in scenarios.items()
        if scenario.level == "must" and identity not in killed and identity not in UNKILLABLE
    ]
    return problems


def page(rows: list[Row], scenarios: Mapping[str, Scenario]) -> str:
    """The matrix in Markdown, both ways round."""
    flows = dict.fromkeys(row.fault.flow for row in rows)
    caught = sum(bool(row.red) for row in rows)
    musts = [identity for identity, scenario in scenarios.items() if scenario.level == "must"]
    killed = frozenset().union(*(row.red for row in rows))
    lines = [
        "# Faults and who catches them",
        "",
        "Written by `make matrix`; do not edit. Each fault is a few lines in `tests/detection/faults/` that break",
        "one seam of the reference backend from outside. Each ran against every HTTP scenario, or, where only a",
        "browser shows it, against the browser scenarios that it names. In **bold**: the scenarios that are there",
        "to catch it, with all their rows; CI runs these. The others caught it as well, by their first row.",
        "",
        f"{len(rows)} faults over {len(flows)} flows, {caught} caught.",
        f"{len(killed & set(musts))} of {len(musts)} MUST scenarios turn red for at least one of them.",
        "",
    ]
    for flow in flows:
        lines += [
            f"## {flow.replace('_', ' ').capitalize()}",
            "",
            "| Fault | What is wrong | Defect | Caught by |",
        ]
        lines += ["| --- | --- | --- | --- |"]
        lines += [_fault_line(row) for row in rows if row.fault.flow == flow] + [""]
    lines += ["## Scenarios and what turns them red", "", "| Scenario | Level | Faults |", "| --- | --- | --- |"]
    lines += [_scenario_line(scenario, rows) for scenario in scenarios.values()]
    return "\n".join(lines) + "\n"


def read_page(text: str) -> dict[str, Row]:
    """The rows that a page written before has for faults that are still there, by name."""
    faults, rows = all_faults(), {}
    for line in text.partition("## Scenarios and what turns them red")[0].splitlines():
        name = line.removeprefix("| ").partition(" | ")[0]
        if name in faults:
            caught_by = line.removesuffix(" |").rpartition(" | ")[2].replace("**", "")
            rows[name] = Row(faults[name], frozenset(caught_by.split(", ")) & all_scenarios().keys())
    return rows


def _fault_line(row: Row) -> str:
    fault = row.fault
    named = [f"**{identity}**" for identity in fault.caught_by if identity in row.red]
    others = sorted(row.red - set(fault.caught_by))
    by = ", ".join([*named, *others]) or "nothing"
    summary = fault.summary.replace("|", "\\|")
    return f"| {fault.name} | {summary} | `{fault.defect}` ({fault.level}) | {by} |"


def _scenario_line(scenario: Scenario, rows: list[Row]) -> str:
    killers = [row.fault.name for row in rows if scenario.identity in row.red]
    by = ", ".join(killers) or UNKILLABLE.get(scenario.identity, "nothing")
    return f"| {scenario.identity} | {scenario.level} | {by} |"


if __name__ == "__main__":
    sys.exit(main())
