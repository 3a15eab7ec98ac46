"""What every test here shares: modules that are compiled once for all the processes that are started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.suite import ROOT


@pytest.fixture(scope="session", autouse=True)
def _compiled_modules_are_kept() -> Iterator[None]:
    """Where none may be written to the tree, compiling costs half of a short process's time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patched.setenv("PYTHONPYCACHEPREFIX", str(ROOT / "build" / "pycache"))
        yield
