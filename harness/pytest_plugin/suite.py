"""Loads the plugin and every module of steps."""

from __future__ import annotations

from pathlib import Path

import pytest

_STEPS = Path(__file__).parents[2] / "steps"

# All of them before the first, since they import one another.
pytest.register_assert_rewrite("steps")
pytest_plugins = [
    "harness.pytest_plugin.plugin",
    *(f"steps.{path.stem}" for path in sorted(_STEPS.glob("[!_]*.py"))),
]
