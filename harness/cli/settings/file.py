"""The settings file: `auth-conformance.toml`, or a table of `pyproject.toml`."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from harness.cli.settings.values import OFF, ON, SettingsError, expected, is_number, is_usable
from harness.core.paths import is_file
from harness.core.text import did_you_mean, listed
from harness.profile.environment import VARIABLE, filled, unset
from harness.profile.inheritance import builtin_names
from harness.profile.toml.explanation import problems_in
from harness.profile.toml.location import Content, KeyPath, Lines, value_at
from harness.profile.toml.problems import Problem, dotted, inline
from harness.profile.toml.text import NotTomlError, parse
from harness.pytest_plugin.flags import FLAGS, Flag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILE = "auth-conformance.toml"
PYPROJECT = "pyproject.toml"
_TABLE = ("tool", "auth-conformance")
_NAME = re.compile(r"[A-Za-z0-9_-]+")
TARGETS, DEFAULT = "targets", "default-target"
_BY_KEY = {**{flag.key: flag for flag in FLAGS}, "url": next(flag for flag in FLAGS if flag.key == "base-url")}


def is_target_name(word: str) -> bool:
    """Whether a word can be the name of a target."""
    return _NAME.fullmatch(word) is not None and not word.startswith("-")


Layer = dict[str, Callable[[], list[str]]]
"""Options by their key; each is looked up when it is needed, since a variable in it may not be set."""


@dataclass(frozen=True)
class SettingsFile:
    """What a settings file says.

    It is checked as far as no variable stands in it.
    """

    shown: str
    """Its path from here."""
    folder: Path
    table: Content = field(repr=False)
    lines: Lines = field(repr=False)
    at: KeyPath
    """Where in the file the table stands."""

    @property
    def targets(self) -> list[str]:
        """The names of its targets."""
        return list(self.table.get(TARGETS, {}))

    @property
    def default_target(self) -> str | None:
        """The target of a command that names none."""
        given: str | None = self.table.get(DEFAULT)
        return given

    @property
    def own(self) -> Layer:
        """What it says for all targets."""
        return self._layer(())

    def target(self, name: str) -> Layer:
        """What it says of a target. Raises SettingsError where there is none."""
        if name not in self.targets:
            raise SettingsError(f'"{name}" is {_no_target(self.shown, name, self.targets)}')
        return self._layer((TARGETS, name))

    def unchosen(self, command: str) -> str | None:
        """That a target has to be chosen, if it has any."""
        if not self.targets:
            return None
        commands = listed(f"`auth-conformance {command} {name}`" for name in self.targets)
        return f"{self.shown} has targets, and none is chosen: {commands}. `{DEFAULT}` in it chooses one for all."

    def _layer(self, at: KeyPath) -> Layer:
        keys = value_at(self.table, at) if at else self.table
        return {_BY_KEY[key].key: partial(self._value, (*at, key)) for key in keys if key in _BY_KEY}

    def _value(self, place: KeyPath) -> list[str]:
        """The words of one value, paths as seen from here. Raises SettingsError."""
        flag, value = _BY_KEY[str(place[-1])], value_at(self.table, place)
        at_place: Any = value
        for key in reversed(place):
            at_place = {key: at_place}
        missing = list(unset(at_place))
        words = _words(filled({"value": value})["value"])
        if missing or not all(is_usable(flag, word) for word in words):
            raise SettingsError(self.told(missing or [_unusable(place, flag, value)]))
        return [_placed(flag, word, self.folder) for word in words]

    def told(self, problems: list[Problem]) -> str:
        """A line for each problem."""
        found = sorted({(self.lines.of((*self.at, *one.path)), one.sentence) for one in problems})
        return "\n".join(f"{self.shown}:{line}: {sentence.rstrip('.')}." for line, sentence in found).replace(
            "?.", "?"
        )


def _no_target(shown: str, name: str, targets: Sequence[str]) -> str:
    there = f" It has {listed(targets, 'and')}." if targets else ""
    otherwise = there or f" It has none: begin one with `[{TARGETS}.{name}]`."
    return f"no target of {shown}.{did_you_mean(name, targets, otherwise=otherwise)}"


# --- finding it ---


def find(here: Path) -> Path | None:
    """The nearest settings file from a folder upward."""
    for folder in (here, *here.parents):
        if _is_shared(folder):
            continue
        if is_file(folder / FILE):
            return folder / FILE
        if is_file(folder / PYPROJECT) and _has_table(folder / PYPROJECT):
            return folder / PYPROJECT
    return None


def _is_shared(folder: Path) -> bool:
    """Whether any user may leave a file there, as in /tmp."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_ISVTX and mode & stat.S_IWOTH)


def _has_table(path: Path) -> bool:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if _TABLE[1] not in text:
        return False
    try:
        return _table_of(parse(text, "")) is not None
    except NotTomlError:
        # Broken, but meant for us: reading it says where.
        return re.search(r"^\s*\[+\s*tool\s*\.\s*\"?auth-conformance\b", text, re.MULTILINE) is not None


def _table_of(content: Content) -> Any:  # noqa: ANN401 - TOML values have no common type
    tool = content.get(_TABLE[0])
    return tool.get(_TABLE[1]) if isinstance(tool, dict) else None


# --- reading it ---


def read_settings(path: Path, here: Path) -> SettingsFile:
    """What a settings file says. Raises SettingsError, a line for each problem."""
    shown = os.path.relpath(path, here) if path.is_absolute() else str(path)
    text = _text(path, shown)
    try:
        content = parse(text, shown)
    except NotTomlError as error:
        raise SettingsError(str(error)) from error
    at: KeyPath = _TABLE if path.name == PYPROJECT else ()
    table = _table_of(content) if at else content
    if not isinstance(table, dict):
        raise SettingsError(f"{shown} has no table [{dotted(_TABLE)}], where settings stand; write it.")
    found = SettingsFile(shown, Path(os.path.relpath(path.parent, here)), table, Lines(text), at)
    if problems := _problems(table):
        raise SettingsError(found.told(problems))
    return found


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"the settings file {shown} can't be read: {why}.") from error


def _problems(table: Content) -> list[Problem]:
    targets = table.get(TARGETS, {})
    own = {key: value for key, value in table.items() if key != TARGETS}
    found = _of_model(_WHOLE, own, ())
    if not isinstance(targets, dict):
        return [*found, Problem((TARGETS,), f"{TARGETS} takes tables such as `[{TARGETS}.staging]`")]
    for name, one in targets.items():
        found += _of_target(name, one)
    default = own.get(DEFAULT)
    if isinstance(default, str) and default not in targets:
        found.append(
            Problem(
                (DEFAULT,),
                f'{DEFAULT}: "{default}" is {_no_target("this file", default, list(targets)).rstrip(".")}',
            )
        )
    return found


def _of_target(name: str, one: object) -> list[Problem]:
    at: KeyPath = (TARGETS, name)
    if not isinstance(one, dict):
        line = f'`[{TARGETS}.{name}]` with `url = "https://app.example.com"`'
        return [Problem(at, f"{dotted(at)} is no table; write {line}")]
    if not is_target_name(name):
        return [Problem(at, f"{dotted(at)}: a target's name has letters, digits, - and _ alone")]
    return _of_model(_TARGET, one, at)


def _of_model(model: type[BaseModel], table: Content, at: KeyPath) -> list[Problem]:
    """What is wrong with one table of options."""
    try:
        model.model_validate(table)
    except ValidationError as error:
        return [Problem((*at, *one.path), one.sentence) for one in problems_in(error, model, table)]
    found = [
        _unusable((*at, key), flag, value)
        for key, value in table.items()
        if (flag := _BY_KEY.get(key)) is not None and not all(map(partial(_may_be_usable, flag), _words(value)))
    ]
    if "url" in table and "base-url" in table:
        found.append(Problem((*at, "base-url"), "url and base-url both name the deployment; remove this one"))
    return found


def _may_be_usable(flag: Flag, word: str) -> bool:
    return VARIABLE.search(word) is not None or is_usable(flag, word)


def _unusable(place: KeyPath, flag: Flag, value: object) -> Problem:
    key = str(place[-1])
    said = f"{dotted(place)} = {inline(value)} is not {expected(flag)[0]}; write it like {_example(key, flag)}"
    return Problem(place, said)


def _example(key: str, flag: Flag) -> str:
    example = expected(flag)[1]
    if flag.kind == "list":
        return f"`{key} = {inline([example])}`"
    return f"`{key} = {example if is_number(flag) else inline(example)}`"


# --- what it is made of ---


def _annotation(flag: Flag) -> Any:  # noqa: ANN401 - a type
    if (choices := flag.attributes.get("choices")) is not None:
        return Literal[tuple(choices)]
    match flag.kind:
        case "switch":
            return bool
        case "list":
            return list[str]
        case "milliseconds" | "number":
            return int
        case "seconds" | "limit":
            return float
    return str


def _fields() -> Iterator[tuple[str, Any]]:
    for key, flag in _BY_KEY.items():
        examples = [expected(flag)[1]] if flag.kind == "url" else None
        yield key.replace("-", "_"), (_annotation(flag) | None, Field(default=None, alias=key, examples=examples))


_STRICT = ConfigDict(extra="forbid", strict=True)
_TARGET = create_model("_TARGET", __config__=_STRICT, **dict(_fields()))
_WHOLE = create_model("_WHOLE", __base__=_TARGET, default_target=(str | None, Field(default=None, alias=DEFAULT)))


def _words(value: Any) -> list[str]:  # noqa: ANN401 - TOML values have no common type
    if isinstance(value, bool):
        return [ON if value else OFF]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [str(value)]


def _placed(flag: Flag, word: str, folder: Path) -> str:
    """A path as seen from here; anything else as it is."""
    match flag.kind:
        case "path":
            return str(folder / word)
        case "profile":
            return word if word in builtin_names() and not is_file(folder / word) else str(folder / word)
        case "program":
            return str(folder / word) if "/" in word else word
    return word
