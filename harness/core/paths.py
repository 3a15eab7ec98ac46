"""What stands at a path, also where the system takes no such name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether there is a file; no name that is too long has one."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def exists(path: Path) -> bool:
    """Whether something is there; no name that is too long has it."""
    try:
        return path.exists() or path.is_symlink()
    except (OSError, ValueError):
        return False
