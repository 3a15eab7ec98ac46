"""Which of the planted are run, where not all are."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from tests.detection.registry import all_faults
from tests.detection.scenarios import all_scenarios
from tests.support.thirds import is_due


class InFlow(Protocol):
    """A fault or a correct variant, which belongs to a flow."""

    @property
    def flow(self) -> str: ...


PlantedT = TypeVar("PlantedT", bound=InFlow)


def parsed(module: str, description: str | None, flows: Sequence[str]) -> argparse.Namespace:
    """The command line: `jobs`, `flow` (None for every one) and `missing`."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument("--flow", choices=flows, action="append", help="run those of this flow only (repeatable)")
    parser.add_argument("--missing", action="store_true", help="run those only that the page has no row of")
    return parser.parse_args()


def kept(arguments: argparse.Namespace, page: Path) -> str:
    """The page whose other rows stay as they are; empty where all are run."""
    is_partial = arguments.flow or arguments.missing
    return page.read_text("utf-8") if is_partial and page.exists() else ""


def chosen(
    arguments: argparse.Namespace, everything: Mapping[str, PlantedT], known: Collection[str]
) -> list[PlantedT]:
    """Those to run; ``known`` are the names that the page has a row of."""
    return [
        one
        for name, one in everything.items()
        if (arguments.flow is None or one.flow in arguments.flow) and not (arguments.missing and name in known)
    ]


def musts() -> dict[str, tuple[str, ...]]:
    """The scenarios that are a MUST and turn red, by each fault."""
    known = all_scenarios()
    return {
        name: tuple(identity for identity in one.caught_by if known[identity].level == "must")
        for name, one in all_faults().items()
    }


def due(shown: Mapping[str, Sequence[str]], third: int | None) -> frozenset[str]:
    """The names of one third, and of the first that shows each thing.

    ``shown`` has what each one shows. All three together are all.
    """
    first = {thing: name for name, things in reversed(list(shown.items())) for thing in things}
    return frozenset(name for name in shown if is_due(name, third)) | set(first.values())
