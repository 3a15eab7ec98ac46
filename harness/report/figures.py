"""features/figures.toml: what each scenario costs, from a whole run.

`make figures` makes the run, against the reference backend, and then calls
``python -m harness.report.figures REPORT.json`` in a checkout.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from harness.core.exits import Exit
from harness.core.groups import grouped
from harness.core.verdict import Verdict
from harness.report.report_json import ReportError, read_report
from harness.specification.catalogue import requirements
from harness.specification.figures import FILE, Figures, figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.report.document import Report
    from harness.results.result import Result

_HEAD = """\
# What one scenario of a requirement costs, on average of its rows: as measured against the reference backend.
# Seconds are rough: they are those of the machine that measured. `list --target` and `run --dry-run` add these up.
# Where `measured` is false it does not apply to the reference backend, and has the median of its flow.
# Made by `make figures`, not by hand.

"""
_Costs = tuple[float, ...]


def figures_text(report: Report, before: Mapping[str, Figures]) -> str:
    """The file, from the report of a run.

    What the report lacks stays as it was ``before``. Raises ReportError where it was not there either.
    """
    found = grouped(report.results, lambda result: result.identity)
    missing = [identity for identity in requirements() if identity not in found and identity not in before]
    if missing:
        raise ReportError(f"neither the report nor {FILE.name} has {missing[0]}: run the whole specification.")
    measured = {
        identity: _cost_of(found[identity]) if identity in found else _known(before[identity])
        for identity in requirements()
    }
    lines = [_line(identity, measured[identity] or _of_flow(identity, measured)) for identity in measured]
    unmeasured = {identity for identity, cost in measured.items() if cost is None}
    return _HEAD + "".join(
        f"{line}{', measured = false' if identity in unmeasured else ''} }}\n"
        for identity, line in zip(measured, lines, strict=True)
    )


def _cost_of(results: Sequence[Result]) -> _Costs | None:
    ran = [result for result in results if result.verdict is not Verdict.NOT_APPLICABLE]
    if not ran:
        return None
    costs = [(one.seconds, len(one.exchanges), one.sign_ups, one.sign_ins) for one in ran]
    return tuple(map(mean, zip(*costs, strict=True)))


def _known(one: Figures) -> _Costs | None:
    return (one.seconds, one.requests, one.sign_ups, one.sign_ins) if one.measured else None


def _of_flow(identity: str, measured: dict[str, _Costs | None]) -> _Costs:
    """The median of the other requirements of the flow, or of all."""
    flow = requirements()[identity].feature
    every = {one: cost for one, cost in measured.items() if cost is not None}
    alike = [cost for one, cost in every.items() if requirements()[one].feature == flow]
    return tuple(map(median, zip(*(alike or every.values()), strict=True)))


def _line(identity: str, costs: _Costs) -> str:
    names = ("seconds", "requests", "sign-ups", "sign-ins")
    pairs = ", ".join(f"{name} = {round(cost, 2):g}" for name, cost in zip(names, costs, strict=True))
    return f"{identity} = {{ {pairs}"


def main(words: Sequence[str]) -> int:
    """Write the file from a report; returns the exit code."""
    try:
        text = figures_text(read_report(Path(words[0])), figures())
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return Exit.USAGE
    FILE.write_text(text, "utf-8")
    return Exit.CONFORMANT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
