"""Why each requirement matters and how to fix what breaks it: features/rationale.

A file for each feature file, of its name, with a table for each identity. They are texts for people: a scenario
runs without one, and tests hold them complete.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from harness.core.record import Record
from harness.core.text import did_you_mean
from harness.specification.gherkin import FeatureError

FOLDER = Path(__file__).parents[2] / "features" / "rationale"
SHORTEST, LONGEST = 40, 400
"""Characters of one text."""


class Rationale(Record):
    """What reports say of a requirement besides whether it holds."""

    why: str = Field(min_length=SHORTEST, max_length=LONGEST, pattern=r"\.$")
    """What an attacker gains, or a person loses, where it is broken."""
    fix: str = Field(min_length=SHORTEST, max_length=LONGEST, pattern=r"\.$")
    """How to put it right, whatever it is built with."""


class RationaleError(FeatureError):
    """Texts beside a feature file that can't be used.

    One sentence a problem.
    """


@cache
def rationales() -> dict[str, Rationale]:
    """The texts of every requirement, by identity. Raises RationaleError."""
    return {
        identity: one for path in sorted(FOLDER.glob("*.toml")) for identity, one in read_rationale(path).items()
    }


def read_rationale(path: Path) -> dict[str, Rationale]:
    """The texts of one feature, by identity. Raises RationaleError."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RationaleError(path, [f"is no TOML: {error}."]) from error
    found: dict[str, Rationale] = {}
    problems: list[str] = []
    for identity, given in content.items():
        try:
            found[identity] = Rationale.model_validate(given)
        except ValidationError as error:
            problems += [_sentence(identity, one["type"], one["loc"], one["input"]) for one in error.errors()]
    if problems:
        raise RationaleError(path, problems)
    return found


def _sentence(identity: str, kind: str, place: tuple[int | str, ...], given: object) -> str:
    key = ".".join(map(str, place))
    match kind:
        case "missing":
            return f"[{identity}] has no {key}; write one."
        case "extra_forbidden":
            return f"[{identity}] has a key {key}, which is not known.{did_you_mean(key, Rationale.model_fields)}"
        case "string_pattern_mismatch":
            return f"{key} of [{identity}] does not end in a full stop."
        case "string_too_short" | "string_too_long":
            size = len(str(given))
            return f"{key} of [{identity}] has {size} characters; write {SHORTEST} to {LONGEST}."
    return f"[{identity}] is no table with two texts, why and fix."


def mismatches(written: Mapping[str, Iterable[str]], wanted: Mapping[str, Iterable[str]]) -> list[str]:
    """A sentence for each text that is missing or left over.

    ``written`` and ``wanted`` are identities by the feature's name.
    """
    places = [(feature, identity) for feature, found in wanted.items() for identity in found]
    present = [(feature, identity) for feature, found in written.items() for identity in found]
    missing = [
        f"features/rationale/{feature}.toml has no [{identity}]; add it with why (what an attacker gains or a "
        f"person loses) and fix (how to put it right), {SHORTEST} to {LONGEST} characters each."
        for feature, identity in places
        if (feature, identity) not in present
    ]
    left = [
        f"features/rationale/{feature}.toml has [{identity}], which is no requirement of {feature}.feature."
        f"{did_you_mean(identity, list(wanted.get(feature, ())))} Remove or rename it."
        for feature, identity in present
        if (feature, identity) not in places
    ]
    return missing + left
