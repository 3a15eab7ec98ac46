"""Where a known text stands in an answer's JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from harness.deployment.quotation import json_of
from harness.discovery.shapes import conventions

if TYPE_CHECKING:
    from harness.core.exchange import Exchange

_DEEPEST = 5
_MOST = 400


def texts(content: Any, pointer: str = "", depth: int = _DEEPEST) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON is any
    """Pointers to the texts and numbers of JSON objects, lists left out."""
    if isinstance(content, dict) and depth:
        for key, value in list(content.items())[:_MOST]:
            if "/" not in key and "~" not in key:
                yield from texts(value, f"{pointer}/{key}", depth - 1)
    elif isinstance(content, str | int) and not isinstance(content, bool):
        yield pointer, str(content)


def place_of(content: Any, fits: Callable[[str], bool]) -> str | None:  # noqa: ANN401 - JSON is any
    """The pointer to the shallowest text that fits."""
    found = [pointer for pointer, value in texts(content) if pointer and fits(value)]
    return min(found, key=lambda pointer: pointer.count("/"), default=None)


def beside(content: Any, pointer: str, word: str) -> str | None:  # noqa: ANN401 - JSON is any
    """The pointer to what stands beside another one.

    ``word`` is a key of the conventional answers, such as "id".
    """
    parent = pointer.rpartition("/")[0]
    there = {place for place, _ in texts(content)}
    return next((at for name in conventions().answers[word] if (at := f"{parent}/{name}") in there), None)


def content_of(answer: Exchange | None) -> Any:  # noqa: ANN401 - JSON is any
    """An answer's JSON, or None."""
    return json_of(answer) if answer is not None else None


def words_in(content: Any, depth: int = _DEEPEST) -> Iterator[str]:  # noqa: ANN401 - JSON is any
    """Every key, and every text of a list."""
    if not depth:
        return
    if isinstance(content, dict):
        for key, value in list(content.items())[:_MOST]:
            yield key
            yield from words_in(value, depth - 1)
    elif isinstance(content, list):
        for one in content[:_MOST]:
            if isinstance(one, str):
                yield one
            else:
                yield from words_in(one, depth - 1)
