"""Values that differ by stage: `{env:NAME}` outside of templates.

Templates of requests are filled when they are sent, and what stands in them is masked as a secret. An issuer or an
origin is none, and messages quote it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from harness.profile.toml.problems import Problem, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.profile.toml.location import Content, KeyPath

VARIABLE = re.compile(r"\{env:(\w+)\}")
_OPERATIONS = ("operations", "tasks", "proxy", "resources")
_TEMPLATES = ("path", "query", "json", "form", "headers", "fill")


def by_stage(content: Content) -> Iterator[tuple[KeyPath, str]]:
    """Place and text of what asks for a variable outside of templates."""
    yield from _asking((), content)


def unset(content: Content) -> Iterator[Problem]:
    """What asks for a variable that is not set."""
    for path, text in by_stage(content):
        for name in VARIABLE.findall(text):
            if not os.environ.get(name):
                yield Problem(
                    path,
                    f"{dotted(path)} asks for the environment variable {name}, which is not set; run "
                    f"`export {name}=...`",
                )


def filled(content: Content) -> Content:
    """The content with the values of this stage.

    What is not set stays as it is written.
    """
    copy: Content = _filled((), content)
    return copy


def _filled(path: KeyPath, value: Any) -> Any:  # noqa: ANN401 - TOML values have no common type
    if _is_template(path):
        return value
    if isinstance(value, dict):
        return {key: _filled((*path, key), inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled((*path, place), inner) for place, inner in enumerate(value)]
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: os.environ.get(found[1]) or found[0], value)
    return value


def _asking(path: KeyPath, value: object) -> Iterator[tuple[KeyPath, str]]:
    if _is_template(path):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _asking((*path, key), inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _asking((*path, place), inner)
    elif isinstance(value, str) and VARIABLE.search(value):
        yield path, value


def _is_template(path: KeyPath) -> bool:
    in_operation = len(path) > 2 and path[0] in _OPERATIONS and path[-1] in _TEMPLATES
    return in_operation or path[:1] == ("reach",) or (path[:2] == ("pages", "fields") and path[-1] == "fill")
