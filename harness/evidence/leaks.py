"""Searches everything that a run wrote for secrets.

A secret in it is a defect of the suite.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.redaction import labels_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Leak:
    """A file with a secret in it.

    ``labels`` say of what kind, never which.
    """

    path: Path
    labels: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path.name} held a secret ({', '.join(self.labels)}) and was removed"


def remove_leaks(paths: Iterable[Path]) -> list[Leak]:
    """Remove each file that contains a registered secret.

    Raw, percent-encoded, in base64, or a segment of a JWT.
    """
    found = []
    for path in paths:
        if path.is_file() and (labels := _labels_in(path)):
            path.unlink()
            found.append(Leak(path, tuple(sorted(labels))))
    return found


def _labels_in(path: Path) -> set[str]:
    return {label for text in _texts(path) for label in labels_in(text)}


def _texts(path: Path) -> Iterator[str]:
    """The file's text.

    Of an archive the names and the text of all that is in it.
    """
    if not zipfile.is_zipfile(path):
        yield path.read_text("utf-8", "replace")
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name
            yield archive.read(name).decode("utf-8", "replace")
