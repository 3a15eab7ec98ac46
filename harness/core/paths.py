"""Looks at paths, of whatever length."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether there is a file of that name."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def exists(path: Path) -> bool:
    """Whether something is there, a dangling link included."""
    try:
        return path.exists() or path.is_symlink()
    except (OSError, ValueError):
        return False
