"""The named parts of an answer: headers, cookies and fields."""

from __future__ import annotations

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
    except (ValueError, RecursionError):
        content = None
    yield from fields(content)
    yield "the body", answer.text


def fields(content: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON is any
    """The texts and numbers of JSON data by their pointers (RFC 6901)."""
    waiting = [("", content)]
    while waiting:
        pointer, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{_escaped(key)}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{index}", inner) for index, inner in enumerate(value)]
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield pointer or "the body", str(value)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
