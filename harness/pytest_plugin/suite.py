"""Loads the plugin and every module of steps."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from harness.pytest_plugin.own_features import add_own_features

STEPS = [f"steps.{path.stem}" for path in sorted(Path(__file__).parents[2].glob("steps/[!_]*.py"))]
PLUGIN = "harness.pytest_plugin.plugin"
pytest_plugins = [PLUGIN]


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the step definitions.

    Named in pytest_plugins, each would be looked for among the entry points of everything that is installed.
    """
    for name in STEPS:
        config.pluginmanager.register(importlib.import_module(name), name)
    add_own_features(config)
