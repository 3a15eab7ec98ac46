"""Which scenarios ``-m``, ``-k`` and the paths choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.specification.renamed import renamed_in, rewritten

NEEDS_BROWSER = "needs-browser"
_FLAGS = {"-m": "markexpr", "-k": "keyword"}


def may_need_browser(config: pytest.Config) -> bool:
    """Whether a run may have scenarios in a browser.

    It has collected nothing yet.
    """
    if f"not {NEEDS_BROWSER}" in (config.getoption("markexpr") or ""):
        return False
    return any(f"@{NEEDS_BROWSER}" in file.read_text("utf-8") for file in feature_files(config))


def feature_files(config: pytest.Config) -> list[Path]:
    """The feature files that the arguments name or hold."""
    found: list[Path] = []
    for path in (Path(argument.split("::")[0]) for argument in config.args):
        inside = [*path.glob("*.feature"), *path.glob("features/*.feature")]
        found += [path] if path.suffix == ".feature" else inside
    return found


def check_selection(config: pytest.Config) -> None:
    """Answer an old identity with the new one; it would select nothing.

    Raises pytest.UsageError.
    """
    for flag, option in _FLAGS.items():
        expression = config.getoption(option) or ""
        if old := renamed_in(expression):
            names = ", ".join(f"{before} is now called {now}" for before, now in old.items())
            raise pytest.UsageError(f'{names}. Write {flag} "{rewritten(expression)}".')
