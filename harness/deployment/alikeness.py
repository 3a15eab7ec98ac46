"""Answers about known and new addresses, compared."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.deployment.difference import difference
from harness.deployment.quotation import json_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.core.exchange import Exchange

_ABSENT = object()


def tells_apart(known: Exchange, new: tuple[Exchange, Exchange], sent: Sequence[str]) -> str | None:
    """How the answer about the known address can be distinguished, or None.

    What differs between the two others differs by itself. ``sent`` are texts of the requests.

    Raises ValueError with the difference where those two are not alike otherwise.
    """
    steady = _Steady(new, sent)
    one, other, third = (steady(answer) for answer in (*new, known))
    for answer, raises in ((other, True), (third, False)):
        how = difference(one, answer, list(sent)) or by_cookies(one, answer)
        if how is not None and raises:
            raise ValueError(how)
        if how is not None:
            return how
    return None


class _Steady:
    """Leaves out of an answer what differs between two others."""

    def __init__(self, pair: tuple[Exchange, Exchange], sent: Sequence[str]) -> None:
        self._sent = sent
        names = [{name.lower() for name, _ in answer.headers} for answer in pair]
        self._shared = (names[0] & names[1]) | {"set-cookie", "location"}
        self._names = names[0] | names[1]
        leaves = [dict(_leaves(self._content(answer))) for answer in pair]
        self._varying = {
            path for path, value in leaves[0].items() if leaves[1].get(path, _ABSENT) not in (value, _ABSENT)
        }

    def __call__(self, answer: Exchange) -> Exchange:
        headers = [
            (name, value)
            for name, value in answer.headers
            if name.lower() in self._shared or name.lower() not in self._names
        ]
        content = self._content(answer)
        if content is None:
            return replace(answer, headers=headers)
        blank = json.dumps(_without(content, self._varying), ensure_ascii=False)
        return replace(answer, headers=headers, body=blank.encode("utf-8", "replace"))

    def _content(self, answer: Exchange) -> Any:  # noqa: ANN401 - JSON is any
        """The JSON without what its request said itself."""
        return _unsaid(json_of(answer), self._sent)


def _unsaid(content: Any, sent: Sequence[str]) -> Any:  # noqa: ANN401 - JSON is any
    if isinstance(content, dict):
        return {key: _unsaid(inner, sent) for key, inner in content.items()}
    if isinstance(content, list):
        return [_unsaid(inner, sent) for inner in content]
    if isinstance(content, str):
        for word in sent:
            content = content.replace(word, "*")
    return content


def _leaves(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:  # noqa: ANN401 - JSON is any
    if isinstance(content, dict | list):
        for key, inner in content.items() if isinstance(content, dict) else enumerate(content):
            yield from _leaves(inner, (*path, key))
    else:
        yield path, content


def _without(content: Any, varying: set[tuple[str | int, ...]], path: tuple[str | int, ...] = ()) -> Any:  # noqa: ANN401 - JSON is any
    """The JSON with kinds in place of what differs by itself."""
    if isinstance(content, dict):
        return {key: _without(inner, varying, (*path, key)) for key, inner in content.items()}
    if isinstance(content, list):
        return [_without(inner, varying, (*path, index)) for index, inner in enumerate(content)]
    return f"({type(content).__name__})" if path in varying else content


def by_cookies(one: Exchange, other: Exchange) -> str | None:
    """How two answers differ in the names of their cookies."""
    names = [{line.partition("=")[0].strip() for line in answer.set_cookies} for answer in (one, other)]
    if names[0] == names[1]:
        return None
    return f"only one of them sets the cookies {sorted(names[0] ^ names[1])}"
