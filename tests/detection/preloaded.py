"""Imports everything that a backend or a run of the suite needs; see `forks`."""

from __future__ import annotations

import gc
import importlib

from harness.pytest_plugin.suite import pytest_plugins

for name in (
    "faker",
    "pytest_bdd",
    "xdist",
    "harness.browser.pool",
    "harness.cli.commands.run",
    "harness.pytest_plugin.command",
    *pytest_plugins,
    "reference_backend.app",
    "tests.detection.faulty_backend",
    "tests.detection.suite_run",
):
    importlib.import_module(name)

# pytest collects garbage several times in each run, and none of this is any.
gc.freeze()
