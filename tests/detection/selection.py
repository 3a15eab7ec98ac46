"""Which of the planted are run, where not all are."""

from __future__ import annotations

import argparse
import os
import zlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from tests.support.thirds import THIRDS


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


def third_of(shown: Mapping[str, Sequence[str]], third: int) -> frozenset[str]:
    """The names of one third, and of the first that shows each thing.

    ``shown`` has what each one shows: the scenarios that a fault turns red, or what a variant never fails on. All
    three together are all.
    """
    first = {thing: name for name, things in reversed(list(shown.items())) for thing in things}
    return frozenset(name for name in shown if zlib.crc32(name.encode()) % THIRDS == third) | set(first.values())
