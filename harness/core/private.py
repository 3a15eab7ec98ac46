"""Files that nobody but the user may read, whatever the umask."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER, _FILE, _SCRIPT = 0o700, 0o600, 0o700
_CONTENT = b"x" * 4096
"""More than an empty file: a full disk still makes that."""


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, private.

    One that is there keeps its mode: it is the user's.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        # Another worker may make it at the same time.
        with suppress(FileExistsError):
            place.mkdir(mode=_FOLDER)
            # What the umask took.
            place.chmod(_FOLDER)
    folder.mkdir(exist_ok=True)


def try_writing(folder: Path) -> None:
    """Raise OSError where no file can be written in the folder."""
    trial = folder / f".trial-{os.getpid()}"
    try:
        trial.write_bytes(_CONTENT)
    finally:
        trial.unlink(missing_ok=True)


def make_file(path: Path) -> None:
    """Make a file private; an empty one where there is none."""
    path.touch(mode=_FILE)
    protect(path)


def protect(path: Path) -> None:
    """Make a file that was written private.

    What is no file keeps its mode, and so does another user's.
    """
    with suppress(PermissionError):
        if path.is_file():
            path.chmod(_FILE)


def write_text(path: Path, text: str) -> None:
    """Write a private file, which is private before anything is in it."""
    make_file(path)
    path.write_text(text, "utf-8")


def write_script(path: Path, text: str) -> None:
    """Write a private file that can be executed."""
    write_text(path, text)
    path.chmod(_SCRIPT)
