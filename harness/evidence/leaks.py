"""Masks secrets in files that were written before all secrets were known."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.redaction import labels_in, redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Leak:
    """A file that held a secret.

    ``labels`` say of what kind, never which. ``is_removed`` is whether it could not be masked; ``emptied`` are the
    parts of an archive that could not, and have no content any more.
    """

    path: Path
    labels: tuple[str, ...]
    is_removed: bool
    emptied: tuple[str, ...] = ()


def mask_leaks(paths: Iterable[Path]) -> list[Leak]:
    """Mask each registered secret in the files, whatever its spelling.

    A file in which that can't be done, because it is no text, is removed.
    """
    return [leak for path in paths if path.is_file() and (leak := _masked_file(path)) is not None]


def _masked_file(path: Path) -> Leak | None:
    labels = _labels_in(path)
    if not labels:
        return None
    emptied = _mask(path)
    is_removed = bool(_labels_in(path))
    if is_removed:
        path.unlink()
    return Leak(path, tuple(sorted(labels)), is_removed, emptied)


def _mask(path: Path) -> tuple[str, ...]:
    """Mask a file; returns the parts that had to be emptied."""
    if zipfile.is_zipfile(path):
        return mask_archive(path)
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return ()
    path.write_text(redact(text), "utf-8")
    return ()


def mask_archive(path: Path) -> tuple[str, ...]:
    """Mask the secrets in every text of a zip archive, names included.

    What is no text and holds one is emptied; returns the names of these parts.
    """
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    masked = {name: _masked(content) for name, content in members.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in masked.items():
            archive.writestr(redact(name), content)
    return tuple(redact(name) for name, content in masked.items() if members[name] and not content)


def _masked(content: bytes) -> bytes:
    try:
        return redact(content.decode("utf-8")).encode()
    except UnicodeDecodeError:
        return b"" if labels_in(content.decode("utf-8", "replace")) else content


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
