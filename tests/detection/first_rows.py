"""A pytest plugin: of the scenarios that are not named, only the first row of each runs.

Which scenario turns red does not need all rows of one that is not there to catch the fault.
"""

from __future__ import annotations

import os

import pytest

from harness.pytest_plugin.collection import scenario_of

NAMED = "FAULTS_WHOLE_SCENARIOS"
"""The environment variable with the identities of those that run with all rows, separated by spaces."""


def environment(named: tuple[str, ...]) -> dict[str, str]:
    """What turns the plugin on in a process of pytest's."""
    return {"PYTEST_PLUGINS": __name__, NAMED: " ".join(named)}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the further rows."""
    met = set(os.environ[NAMED].split())
    whole = frozenset(met)
    left = []
    for item in items:
        scenario = scenario_of(item)
        if scenario is None or scenario.tags.identities[0] in whole or scenario.tags.identities[0] not in met:
            left.append(item)
        if scenario is not None:
            met.add(scenario.tags.identities[0])
    chosen = set(left)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = left
