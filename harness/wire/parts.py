"""The named parts of an answer: headers, cookies and fields."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from harness.wire.cookies import parse_set_cookie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.core.exchange import Exchange


def place_of(answer: Exchange, found_in: Callable[[str], bool]) -> str:
    """The name of the first part in which something is found.

    It ends the sentence "it is in ...".
    """
    return next((name for name, text in parts(answer) if found_in(text)), "the body")


def parts(answer: Exchange) -> Iterator[tuple[str, str]]:
    """Each header, cookie and JSON field with its text, the body last."""
    for name, value in answer.headers:
        cookie = parse_set_cookie(value) if name.lower() == "set-cookie" else None
        yield f'the cookie "{cookie.name}"' if cookie is not None else f"the header {name}", value
    try:
        content = answer.json()
    except ValueError:
        content = None
    yield from fields(content)
    yield "the body", answer.text


def fields(content: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON is any
    """The texts and numbers of JSON data by their pointers (RFC 6901)."""
    for pointer, value in leaves(content):
        if value is not None and not isinstance(value, bool):
            yield pointer or "the body", str(value)


def leaves(content: Any) -> Iterator[tuple[str, str | int | float | bool | None]]:  # noqa: ANN401 - JSON is any
    """What is no object and no array in JSON data, by pointers."""
    waiting = deque([("", content)])
    while waiting:
        pointer, value = waiting.popleft()
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{_escaped(key)}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{index}", inner) for index, inner in enumerate(value)]
        else:
            yield pointer, value


def arrays(content: Any, pointer: str = "", depth: int = 3) -> Iterator[tuple[str, list[Any]]]:  # noqa: ANN401 - JSON is any
    """Every array in JSON objects with its pointer.

    The shallowest first within a branch.
    """
    if isinstance(content, list):
        yield pointer, content
    elif isinstance(content, dict) and depth:
        for key, value in content.items():
            yield from arrays(value, f"{pointer}/{_escaped(key)}", depth - 1)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
