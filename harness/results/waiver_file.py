"""A file of waivers: read, or refused with lines and sentences."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from harness.core.record import Record
from harness.core.text import did_you_mean
from harness.core.verdict import Level, Severity
from harness.profile.toml.explanation import problems_in
from harness.profile.toml.location import Lines
from harness.profile.toml.text import NotTomlError, parse
from harness.results.waivers import Waiver, Waivers
from harness.specification.catalogue import requirements
from harness.specification.renamed import current

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.specification.catalogue import Requirement

CRITICAL_FLAG = "--allow-critical-waivers"


class _File(Record):
    waiver: list[Waiver] = []


class WaiverError(Exception):
    """The file can't be used.

    The message has a line for each problem, which says what to write instead.
    """


def load_waivers(path: Path, today: dt.date, *, allow_critical: bool) -> Waivers:
    """The waivers of a TOML file. Raises WaiverError."""
    entries, lines = read_waivers(path)
    problems = [
        (("waiver", index, key), sentence)
        for index, entry in enumerate(entries)
        for key, sentence in _problems_of(entry, entries[:index], allow_critical=allow_critical)
    ]
    if problems:
        raise WaiverError("\n".join(f"{path}:{lines.of(place)}: {sentence}" for place, sentence in problems))
    return Waivers(tuple(entries), today)


def read_waivers(path: Path) -> tuple[list[Waiver], Lines]:
    """A file's entries and their lines.

    An entry may name what never was a requirement, but not one under an old name. Raises WaiverError.
    """
    try:
        text = path.read_text("utf-8")
        content = parse(text, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise WaiverError(f"the waivers in {path} can't be read: {error}.") from error
    except NotTomlError as error:
        raise WaiverError(str(error)) from error
    lines = Lines(text)
    try:
        entries = _File.model_validate(content).waiver
    except ValidationError as error:
        found = problems_in(error, _File, content)
        raise WaiverError("\n".join(f"{path}:{lines.of(one.path)}: {one.sentence}." for one in found)) from error
    old = [(("waiver", index, key), said) for index, one in enumerate(entries) for key, said in _old_names(one)]
    if old:
        raise WaiverError("\n".join(f"{path}:{lines.of(place)}: {sentence}" for place, sentence in old))
    return entries, lines


def _old_names(entry: Waiver) -> Iterable[tuple[str, str]]:
    """Key and sentence for each name that was changed since."""
    identity, row = current(entry.requirement, entry.row or "")
    if identity != entry.requirement:
        yield "requirement", f'{entry.requirement} is now called {identity}; write requirement = "{identity}".'
    if entry.row is not None and row != entry.row:
        yield "row", f'the row "{entry.row}" of {identity} is now called "{row}"; write row = "{row}".'


def _problems_of(entry: Waiver, before: Sequence[Waiver], *, allow_critical: bool) -> Iterable[tuple[str, str]]:
    """Key and sentence of each conflict with specification or earlier entry."""
    known = requirements()
    requirement = known.get(entry.requirement)
    if requirement is None:
        yield "requirement", f'there is no requirement "{entry.requirement}".{_meant(entry.requirement, known)}'
        return
    if entry.row is not None and entry.row not in requirement.rows:
        yield "row", _no_such_row(entry, requirement)
    if any((entry.requirement, entry.row) == (one.requirement, one.row) for one in before):
        yield "requirement", f"{entry.title} is waived twice; keep one of the two."
    if _is_critical(requirement) and not allow_critical:
        yield (
            "requirement",
            f"{entry.requirement} is a MUST of critical severity; it can be waived only with {CRITICAL_FLAG}.",
        )


def _no_such_row(entry: Waiver, requirement: Requirement) -> str:
    if not requirement.rows:
        return f"{entry.requirement} has no Examples; remove the key row."
    return f'{entry.requirement} has no row "{entry.row}".{_meant(entry.row or "", requirement.rows)}'


def _meant(word: str, known: Iterable[str]) -> str:
    return did_you_mean(word, known, otherwise=" `auth-conformance list` prints them all.")


def _is_critical(requirement: Requirement) -> bool:
    return requirement.level is Level.MUST and requirement.severity is Severity.CRITICAL
