"""The catalogue of defects, and which of its entries have a scenario."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from tests.detection.forks import ROOT
from tests.detection.scenarios import all_scenarios

CATALOGUE = ROOT / "docs" / "defects.json"


@cache
def entries() -> list[dict[str, Any]]:
    """Every entry, in the catalogue's order."""
    found: list[dict[str, Any]] = json.loads(CATALOGUE.read_text("utf-8"))
    return found


def checked() -> dict[str, list[str]]:
    """The scenarios of each entry that has any, by the entry's id."""
    return grouped((defect, one.identity) for one in all_scenarios().values() for defect in one.defects)


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each key, each value once."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        if value not in found[key]:
            found[key].append(value)
    return dict(found)
