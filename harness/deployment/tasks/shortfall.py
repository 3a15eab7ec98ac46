"""What a successful answer of the task API lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.deployment.errors import Missing
from harness.deployment.lines import write
from harness.deployment.quotation import excerpt, json_of
from harness.wire.parts import fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange
    from harness.profile.extraction import Extraction
    from harness.profile.tasks import Tasks

_ID = re.compile(r"(?:^|_)(?:id|pk|uuid)$|Id$")
_OF_LIST = re.compile(r"^(.*?)/\d+(?:/|$)")


def without_id(route: str, declared: Tasks, answer: Exchange, written: str) -> str:
    """What is missing where a new task has no id.

    Raises Missing where it has one elsewhere, beside the title that was ``written``.
    """
    place = f"{route}.item + {route}.id ({_inside(declared, declared.id)})"
    for pointer in _pointers_to(answer, written):
        parent = pointer.rpartition("/")[0]
        beside = [one for one, _ in _fields(answer) if one.rpartition("/")[0] == parent and _is_id(one)]
        if beside:
            line = _moved(route, declared, "id", beside[0])
            raise _elsewhere(f"no id at {place}", beside[0], line, answer)
    return f"with no id at {place}: {excerpt(answer)}"


def without_list(route: str, declared: Tasks, answer: Exchange, known: Sequence[str]) -> str:
    """What is missing where an answer has no list.

    Raises Missing where one of the ``known`` texts is in a list elsewhere.
    """
    place = f"{route}.items ({_said(declared.items)})"
    for text in known:
        for pointer in _pointers_to(answer, text):
            if (found := _OF_LIST.match(pointer)) is not None:
                line = write(route, {"items": found[1]})
                raise _elsewhere(f"no list at {place}", found[1] or "the top", line, answer)
    return f"with no list at {place}: {excerpt(answer)}"


def without_title(route: str, declared: Tasks, answer: Exchange, canary: str) -> str:
    """What is missing where a task has no title.

    Raises Missing where it has the title elsewhere.
    """
    place = f"{route}.item + {route}.title ({_inside(declared, declared.title)})"
    for pointer in _pointers_to(answer, canary):
        raise _elsewhere(f"no title at {place}", pointer, _moved(route, declared, "title", pointer), answer)
    return f"with no title at {place}: {excerpt(answer)}"


def _moved(route: str, declared: Tasks, key: str, pointer: str) -> str:
    """The lines by which an item has its key at the pointer."""
    outer, slash, name = pointer.rpartition("/")
    inner: Extraction = getattr(declared, key)
    moved = {"item": outer} if declared.item.pointer != outer else {}
    guess = "by its name" if key == "id" and inner.pointer != slash + name else ""
    return write(route, moved | ({key: slash + name} if inner.pointer != slash + name else {}), guess)


def _elsewhere(lacks: str, pointer: str, line: str, answer: Exchange) -> Missing:
    path = answer.url.partition("://")[2].partition("/")[2]
    return Missing(
        f"{answer.method} /{path} was answered {answer.status} with {lacks}, and it is at {pointer}.",
        line,
        [answer],
    )


def _inside(declared: Tasks, place: Extraction) -> str:
    outer, inner = declared.item, place
    if outer.is_pointer and inner.is_pointer:
        return f'"{outer.pointer}{inner.pointer}"'
    return _said(inner) if outer.pointer == "" else f"{_said(inner)} in {_said(outer)}"


def _said(place: Extraction) -> str:
    return f'"{place.pointer}"' if place.is_pointer else str(place)


def _pointers_to(answer: Exchange, text: str) -> list[str]:
    return [pointer for pointer, value in _fields(answer) if text in value]


def _fields(answer: Exchange) -> list[tuple[str, str]]:
    content = json_of(answer)
    return list(fields(content)) if content is not None else []


def _is_id(pointer: str) -> bool:
    return _ID.search(pointer.rpartition("/")[2]) is not None
