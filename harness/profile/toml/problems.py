"""What is wrong with a profile: a sentence and its place."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.profile.toml.location import KeyPath

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class ProfileError(Exception):
    """The profile can't be used.

    The message has a line for each problem and says what to write instead.
    """


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong at ``path``.

    ``is_absence`` where the table at ``path`` lacks something.
    """

    path: KeyPath
    sentence: str
    is_absence: bool = False


def dotted(path: KeyPath) -> str:
    """The path as TOML writes it.

    For example ``operations.sign_in.headers."X-Key"``, with ``[1]`` for a place in an array.
    """
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key if _BARE.fullmatch(key) else inline(key)}"
    return text.removeprefix(".")


def inline(value: Any) -> str:  # noqa: ANN401 - TOML values have no common type
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{dotted((key,))} = {inline(inner)}" for key, inner in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(inline(inner) for inner in value)}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False, default=str)
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)
