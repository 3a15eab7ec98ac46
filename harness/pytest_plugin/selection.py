"""Old names of requirements in ``-m`` and ``-k``."""

from __future__ import annotations

import pytest

from harness.specification.renamed import renamed_in, rewritten

_FLAGS = {"-m": "markexpr", "-k": "keyword"}


def check_selection(config: pytest.Config) -> None:
    """Answer an old identity with the new one; it would select nothing.

    Raises pytest.UsageError.
    """
    for flag, option in _FLAGS.items():
        expression = config.getoption(option) or ""
        if old := renamed_in(expression):
            names = ", ".join(f"{before} is now called {now}" for before, now in old.items())
            raise pytest.UsageError(f'{names}. Write {flag} "{rewritten(expression)}".')
