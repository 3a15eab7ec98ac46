"""Where the user's profile declares what a finding is about."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from harness.core.paths import exists
from harness.results.result import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.profile.inheritance import Chain, Source
    from harness.profile.toml.location import Content, KeyPath
    from harness.results.result import Result
    from harness.wire.transcript import RecordedExchange

_PLACEHOLDER = re.compile(r"\\\{[^{}]*\\\}")
_BROWSER = "browser-"
"""How the flows begin that use the pages."""


class _Route(NamedTuple):
    key: KeyPath
    method: str
    path: re.Pattern[str]
    base: str
    placeholders: int


class Declarations:
    """The lines of a profile that requests and pages are declared at."""

    def __init__(self, chain: Chain, web: str, api: str, auth: str | None = None) -> None:
        self._chain = chain
        self._addresses = {"web": web, "api": api, "auth": auth or web}

    def place_of(self, result: Result) -> Place | None:
        """Where the route is declared whose answer decided.

        Else where the pages are, or the file as a whole. None where no file of the profile is in the repository.
        """
        for exchange in reversed(result.deciding):
            if (key := self._declaring(exchange)) is not None:
                return self._place(key)
        return self._place(("pages",) if result.feature.startswith(_BROWSER) else ())

    def _declaring(self, exchange: RecordedExchange) -> KeyPath | None:
        fits = [(fit, route.key) for route in self._routes if (fit := self._fit(route, exchange)) is not None]
        return max(fits, key=lambda one: one[0])[1] if fits else None

    def _fit(self, route: _Route, exchange: RecordedExchange) -> tuple[int, ...] | None:
        """How well the route fits; None where it does not."""
        own = self._addresses[route.base]
        for base in dict.fromkeys((own, *self._addresses.values())):
            if exchange.url.startswith(base) and route.path.fullmatch(_path(exchange.url.removeprefix(base))):
                return (route.method == exchange.method, base == own, -route.placeholders)
        return None

    @cached_property
    def _routes(self) -> list[_Route]:
        return [*_routes(self._chain.content(), (), "web")]

    def _place(self, key: KeyPath) -> Place | None:
        """The line of a key, in the file that has it.

        What is built in, or is elsewhere, is declared where a file in the repository extends it.
        """
        source, line = self._chain.declared_at(key)
        if (name := _name_in_repository(source)) is not None:
            return Place(file=name, line=line)
        for one in reversed(self._chain.sources[: self._chain.sources.index(source)]):
            if (name := _name_in_repository(one)) is not None:
                return Place(file=name, line=one.lines.of(("extends",)))
        return None


def with_places(results: Sequence[Result], declarations: Declarations) -> list[Result]:
    """The results, each that has a finding with its place."""
    return [
        one.model_copy(update={"declared": declarations.place_of(one)}) if one.reason else one for one in results
    ]


def _routes(content: Content, key: KeyPath, base: str) -> Iterator[_Route]:
    base = str(content.get("base", base))
    if isinstance(path := content.get("path"), str):
        yield _route(key, str(content.get("method", "")), path, base)
    for name, value in content.items():
        if key == ("pages",):
            texts = value if isinstance(value, list) else [value]
            pages = (text for text in texts if isinstance(text, str) and text.startswith("/"))
            yield from (_route((*key, name), "GET", page, "web") for page in pages)
        elif isinstance(value, dict):
            yield from _routes(value, (*key, name), base)
        elif isinstance(value, list):
            for place, one in enumerate(value):
                if isinstance(one, dict):
                    yield from _routes(one, (*key, name, place), base)


def _route(key: KeyPath, method: str, path: str, base: str) -> _Route:
    pattern, placeholders = _PLACEHOLDER.subn("[^/]+", re.escape(path))
    return _Route(key, method, re.compile(pattern), base, placeholders)


def _path(rest: str) -> str:
    """The path in what follows a base."""
    return re.split(r"[?#]", rest, maxsplit=1)[0]


def _name_in_repository(source: Source) -> str | None:
    """The file's path from the repository's top, with forward slashes.

    Where there is no repository the folder counts in which the suite runs.
    """
    path = Path(source.origin).resolve()
    if not exists(path):
        return None
    top = next((folder for folder in path.parents if exists(folder / ".git")), Path.cwd().resolve())
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else None
