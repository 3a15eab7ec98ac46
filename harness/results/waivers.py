"""Known failures: what is wrong, who answers for it, and until when it is let pass (design section 4)."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tomlkit
from pydantic import AfterValidator, ValidationError

from harness.core.record import Record
from harness.core.text import did_you_mean
from harness.core.verdict import Level, Severity, Verdict
from harness.profile.toml.explanation import problems_in
from harness.profile.toml.location import KeyPath, Lines
from harness.profile.toml.problems import Problem
from harness.specification.catalogue import Requirement, requirements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.results.result import Result

WARNED_DAYS = 14
"""So many days before a waiver expires it is announced."""
_SUGGESTED_DAYS = 30
CRITICAL_FLAG = "--allow-critical-waivers"


def _says_something(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty; write what a colleague who finds it in a year needs to know")
    return text


def _is_link(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f'"{text}" is no link; write one such as "https://issues.example.com/123"')
    return text


Words = Annotated[str, AfterValidator(_says_something)]


class Waiver(Record):
    """One entry: a requirement that is known not to hold, and accepted for the time being."""

    requirement: str
    """Its identity."""
    row: str | None = None
    """One of its Examples rows as ``column: value, ...``; left out: all of them."""
    reason: Words
    """Why it is accepted for now."""
    owner: Words
    """Who answers for it."""
    issue: Annotated[str, AfterValidator(_is_link)]
    """Where it is followed up."""
    expires: dt.date
    """The last day on which it holds."""

    @property
    def title(self) -> str:
        """What it waives, in a few words."""
        return f"{self.requirement} [{self.row}]" if self.row is not None else self.requirement

    def covers(self, identity: str, row: str) -> bool:
        """Whether it speaks of that scenario."""
        return self.requirement == identity and self.row in (None, row)


class _File(Record):
    waiver: list[Waiver] = []


class WaiverError(Exception):
    """The file can't be used; the message has a line for each problem and says what to write instead."""


@dataclass(frozen=True)
class Waivers:
    """The entries of one file, on the day of the run."""

    entries: tuple[Waiver, ...] = ()
    today: dt.date = dt.date.max

    def in_force(self, identity: str, row: str) -> Waiver | None:
        """The waiver of a scenario, where there is one that has not expired; one for the row goes first."""
        found = [entry for entry in self.entries if entry.covers(identity, row) and not self._expired(entry)]
        return min(found, key=lambda entry: entry.row is None, default=None)

    def objections(self, results: Sequence[Result]) -> list[str]:
        """A sentence for each entry that makes the run red: expired, met by nothing, or no longer needed."""
        sentences = []
        for entry in self.entries:
            if self._expired(entry):
                sentences.append(
                    f"the waiver of {entry.title} expired on {entry.expires}: mend the deployment, or renew it"
                )
            elif (why := self.pointless(entry, results)) is not None:
                sentences.append(f"the waiver of {entry.title} is stale: {why}; remove it")
        return sentences

    def pointless(self, entry: Waiver, results: Sequence[Result]) -> str | None:
        """Why an entry has nothing to waive; None where it has, or where the run does not tell."""
        # A waiver of the whole requirement does not speak of rows that have one of their own.
        met = [one for one in results if self.in_force(one.identity, one.row) is entry]
        verdicts = {result.verdict for result in met}
        if not met or len(met) < self._spoken_of(entry) or not verdicts <= {Verdict.PASS, Verdict.NOT_APPLICABLE}:
            return None
        return "the requirement holds" if Verdict.PASS in verdicts else "the requirement does not apply here"

    def _spoken_of(self, entry: Waiver) -> int:
        if entry.row is not None:
            return 1
        apart = [one for one in self.entries if one.requirement == entry.requirement and one.row is not None]
        return requirements()[entry.requirement].scenarios - len(apart)

    def warnings(self) -> list[str]:
        """A sentence for each entry that will expire within `WARNED_DAYS` days."""
        soon = [entry for entry in self.entries if 0 <= (entry.expires - self.today).days <= WARNED_DAYS]
        return [
            f"the waiver of {entry.title} expires on {entry.expires} ({entry.owner}, {entry.issue})"
            for entry in soon
        ]

    def _expired(self, entry: Waiver) -> bool:
        return entry.expires < self.today


def load_waivers(path: Path, today: dt.date, *, allow_critical: bool) -> Waivers:
    """The waivers of a TOML file. Raises WaiverError, with a line for each thing that is wrong with it."""
    entries, lines = read_waivers(path)
    problems = [
        (("waiver", index, key), sentence)
        for index, entry in enumerate(entries)
        for key, sentence in _misfits(entry, entries[:index], allow_critical=allow_critical)
    ]
    if problems:
        raise WaiverError("\n".join(f"{path}:{lines.of(place)}: {sentence}" for place, sentence in problems))
    return Waivers(tuple(entries), today)


def read_waivers(path: Path) -> tuple[list[Waiver], Lines]:
    """The entries of a file, whatever they speak of, and where they stand. Raises WaiverError."""
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise WaiverError(f"the waivers in {path} can't be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise WaiverError(f"{path} is not TOML: {error}.") from error
    lines = Lines(text)
    try:
        return _File.model_validate(content).waiver, lines
    except ValidationError as error:
        found = problems_in(error, _File, content)
        raise WaiverError("\n".join(f"{path}:{_line(lines, one)}: {one.sentence}." for one in found)) from error


def _line(lines: Lines, problem: Problem) -> int:
    place: KeyPath = problem.path
    return lines.of(place)


def _misfits(entry: Waiver, before: Sequence[Waiver], *, allow_critical: bool) -> Iterable[tuple[str, str]]:
    """What is wrong with an entry as the specification and the other entries are: a key and a sentence each."""
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


def entries_for(findings: Sequence[Result], today: dt.date) -> list[str]:
    """The entries that would waive these findings, to be filled in; one for a requirement of which no row held."""
    by_requirement: dict[str, list[Result]] = {}
    for finding in findings:
        by_requirement.setdefault(finding.identity, []).append(finding)
    entries: list[str] = []
    for identity, found in by_requirement.items():
        known = requirements().get(identity)
        is_whole = known is not None and len(found) == known.scenarios
        rows = [""] if is_whole else [finding.row for finding in found]
        entries += [_entry(identity, row, today + dt.timedelta(days=_SUGGESTED_DAYS)) for row in rows]
    return entries


def _entry(requirement: str, row: str, expires: dt.date) -> str:
    signed = {"reason": "", "owner": "", "issue": "https://", "expires": expires}
    table = {"requirement": requirement, **({"row": row} if row else {}), **signed}
    return tomlkit.dumps({"waiver": [table]}).strip()
