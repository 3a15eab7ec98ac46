"""A machine that has no other programs than those that a test makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.browser import install


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH; nothing else of this machine is seen either, and nothing can be downloaded."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(install.VARIABLE, raising=False)
    monkeypatch.setattr(install, "MAC_APPLICATIONS", ())
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")
    return folder


@pytest.fixture
def program(programs: Path) -> Callable[..., Path]:
    """Makes an executable file on the PATH."""

    def make(name: str, script: str = "") -> Path:
        path = programs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}")
        path.chmod(0o755)
        return path

    return make
