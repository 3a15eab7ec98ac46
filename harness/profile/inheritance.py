"""A profile's TOML merged with the profiles that it extends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from harness.core.paths import is_file
from harness.core.text import closest, listed
from harness.profile.toml.location import Content, KeyPath, Lines, holds
from harness.profile.toml.problems import Problem, ProfileError
from harness.profile.toml.text import NotTomlError, parse

_ABOUT_ITSELF = ("extends", "name", "title")

_MERGED = re.compile(
    r"\w+|(operations|(tasks|proxy)(?!/(items|item|id|title|next)$))/\w+(/outcomes)?|credentials/\w+"
)
"""Tables that are merged key by key. Any other one is a value, such as a body or a predicate: it replaces."""

_ALTERNATIVES = (
    (re.compile(r"(operations|tasks|proxy)/\w+"), {"json", "form"}),
    (re.compile(r"credentials/token"), {"pointer", "response_header", "cookie"}),
    (re.compile(r"credentials/token"), {"header", "in_cookie", "in_query", "in_body"}),
    (re.compile(r"csrf"), {"header", "field"}),
    (re.compile(r"csrf"), {"pointer", "css", "attribute", "pattern"}),
)
"""Keys of which a table has one: giving one drops the inherited other."""

_BY_KIND = re.compile(r"credentials/(session|refresh)|csrf")
"""Tables whose ``kind`` decides which keys they have: another kind starts afresh."""


@dataclass(frozen=True)
class Source:
    """One TOML text.

    ``origin`` names it in messages; what it extends is looked for in ``folder``.
    """

    origin: str
    text: str = field(repr=False)
    folder: Path

    @cached_property
    def content(self) -> Content:
        """The text, parsed. Raises ProfileError where it is not TOML."""
        try:
            return parse(self.text, self.origin)
        except NotTomlError as error:
            raise ProfileError(str(error)) from error

    @cached_property
    def lines(self) -> Lines:
        """Where its keys stand."""
        return Lines(self.text)

    @property
    def identity(self) -> str:
        """What tells it from the other files of a chain."""
        return str((self.folder / Path(self.origin).name).resolve())


def builtin_names() -> list[str]:
    """The names of the profiles that come with the suite."""
    return [name for name in _builtin() if not name.startswith("_")]


def _builtin() -> list[str]:
    """The same, with those that are only there to be extended."""
    entries = (entry.name for entry in files("harness.profile.builtin").iterdir())
    return sorted(name.removesuffix(".toml") for name in entries if name.endswith(".toml"))


def source_of(name_or_file: str, folder: Path) -> Source | None:
    """A built-in profile by name, or a file by path.

    The path is relative to ``folder``. None if there is neither.
    """
    if name_or_file in _builtin():
        text = files("harness.profile.builtin").joinpath(f"{name_or_file}.toml").read_text("utf-8")
        return Source(f"{name_or_file}.toml (built in)", text, Path("built in"))
    path = folder / name_or_file
    return Source(str(path), _read(path), path.parent) if is_file(path) else None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ProfileError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path} is not UTF-8 text ({error.reason}), as TOML is; save it as UTF-8.") from error


@dataclass(frozen=True)
class Chain:
    """A profile's own text, then the profiles that it extends in turn."""

    sources: tuple[Source, ...]

    @classmethod
    def of(cls, source: Source) -> Chain:
        """Follow ``extends``.

        Raises ProfileError where it leads nowhere or round in a circle.
        """
        sources = [source]
        while "extends" in sources[-1].content:
            parent = _parent(sources[-1])
            if parent.identity in [known.identity for known in sources]:
                circle = " → ".join(known.origin for known in (*sources, parent))
                line = sources[-1].lines.of(("extends",))
                raise ProfileError(
                    f"{sources[-1].origin}:{line}: extends forms a circle, {circle}; remove one of these lines."
                )
            sources.append(parent)
        return cls(tuple(sources))

    @property
    def own(self) -> Source:
        """The profile's own text."""
        return self.sources[0]

    @property
    def extends(self) -> bool:
        """Whether anything is inherited."""
        return len(self.sources) > 1

    def content(self) -> Content:
        """All of it, laid over one another.

        A profile that extends is called like its file, unless it says.
        """
        content: Content = {}
        for source in reversed(self.sources):
            content = _laid_over(_without(content, _ABOUT_ITSELF), source.content)
        if self.extends:
            stem = Path(self.own.origin).stem
            content = {"name": stem, "title": content.get("name", stem), **_without(content, ("extends",))}
        return content

    def is_own(self, path: KeyPath) -> bool:
        """Whether the profile's own text says what stands there."""
        return not self.extends or self._place(Problem(path, ""))[0] == 0

    def origin_of(self, path: KeyPath) -> str:
        """File and line of what stands at ``path``."""
        source, line = self.declared_at(path)
        return f"{source.origin}:{line}"

    def folder_of(self, path: KeyPath) -> Path:
        """The folder of the profile that says what stands at ``path``."""
        return self.declared_at(path)[0].folder

    def declared_at(self, path: KeyPath) -> tuple[Source, int]:
        """The text that says what stands at ``path``, and the line."""
        place, line = self._place(Problem(path, ""))
        return self.sources[place], line

    def told(self, problem: Problem) -> tuple[int, int, str]:
        """The message for a problem, after its sort keys.

        The place in the chain, and the line.
        """
        place, line = self._place(problem)
        return place, line, f"{self.sources[place].origin}:{line}: {problem.sentence}."

    def _place(self, problem: Problem) -> tuple[int, int]:
        is_own = problem.path and holds(self.own.content, problem.path)
        if problem.is_absence and self.extends and not is_own:
            return 0, self.own.lines.of(("extends",))
        deepest = max(self.sources, key=lambda source: _depth(source.content, problem.path))
        return self.sources.index(deepest), deepest.lines.of(problem.path)


def _parent(child: Source) -> Source:
    name = child.content["extends"]
    where = f"{child.origin}:{child.lines.of(('extends',))}: extends"
    known = listed(builtin_names())
    if not isinstance(name, str) or not name:
        raise ProfileError(
            f"{where} takes the name of a built-in profile ({known}) or of a file beside this one; write it "
            f'like `extends = "{builtin_names()[0]}"`.'
        )
    parent = source_of(name, child.folder)
    if parent is None:
        meant = closest(name, [*builtin_names(), *(path.name for path in child.folder.glob("*.toml"))])
        raise ProfileError(
            f'{where} names "{name}", which is neither a built-in profile ({known}) nor a file beside this one; '
            + (f'write `extends = "{meant}"`.' if meant else "write one of these names, or the file's path.")
        )
    return parent


def _depth(content: Content, path: KeyPath) -> int:
    return max(length for length in range(len(path) + 1) if holds(content, path[:length]))


def _without(content: Content, keys: tuple[str, ...]) -> Content:
    return {key: value for key, value in content.items() if key not in keys}


def _laid_over(inherited: Content, own: Content, path: str = "") -> Content:
    merged = {key: value for key, value in inherited.items() if not _is_displaced(key, own, path)}
    for key, value in own.items():
        here = f"{path}/{key}".removeprefix("/")
        below = merged.get(key)
        if value is False and isinstance(below, dict):
            del merged[key]
        elif isinstance(value, dict) and isinstance(below, dict) and _is_merged(here, below, value):
            merged[key] = _laid_over(below, value, here)
        else:
            merged[key] = value
    return merged


def _is_displaced(key: str, own: Content, path: str) -> bool:
    return any(
        pattern.fullmatch(path) and key in keys and keys & own.keys() and key not in own
        for pattern, keys in _ALTERNATIVES
    )


def _is_merged(path: str, inherited: Content, own: Content) -> bool:
    if _BY_KIND.fullmatch(path) and own.get("kind", inherited.get("kind")) != inherited.get("kind"):
        return False
    return _MERGED.fullmatch(path) is not None
