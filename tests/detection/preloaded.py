"""Imports everything that a backend or a run of the suite needs; see `forks`."""

from __future__ import annotations

import gc
import importlib

from harness.pytest_plugin.suite import PLUGIN, STEPS
from harness.report.html.environment import environment
from harness.specification.catalogue import requirements

for name in (
    "faker",
    "pytest_bdd.plugin",
    "xdist.plugin",
    "harness.browser.pool",
    "harness.cli.commands.run",
    "harness.doctor.examination",
    "harness.pytest_plugin.command",
    PLUGIN,
    *STEPS,
    "reference_backend.app",
    "tests.detection.faulty_backend",
    "tests.detection.suite_run",
):
    importlib.import_module(name)
requirements()
for page in environment().list_templates(["html"]):
    environment().get_template(page)

# pytest collects garbage several times in each run, and none of this is any.
gc.freeze()
