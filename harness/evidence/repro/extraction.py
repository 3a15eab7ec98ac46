"""Ways to take a value out of a response.

Each is proven on the recorded response.

Every way has a function of the same meaning in functions.sh.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from harness.evidence.repro.parts import is_id_name
from harness.evidence.repro.quotes import quoted
from harness.wire.cookies import parse_set_cookie

if TYPE_CHECKING:
    from harness.core.exchange import Exchange

_BEFORE, _AFTER = 40, 4
"""Characters before and after a value by which it is found where nothing names it."""
_GOES_ON = re.compile(r"[\w.%+/~-]")
"""What stands in tokens: next to a value it says that this is a part of one."""
_KEY = re.compile(r'"([^"\\]+)"\s*:\s*(?:"([^"\\]*)"|(-?\d[\d.eE+-]*))')


@dataclass(frozen=True)
class Capture:
    """A way to take a value out of an answer.

    ``command`` is the shell's, ``name`` what the value is called.
    """

    name: str
    command: str
    about: str
    is_named: bool = True
    """Whether a name leads to the value, and not what happens to stand around it."""


def capture_of(exchange: Exchange, value: str, place: str = "") -> Capture | None:
    """The way to the value at ``place``, otherwise the most robust one.

    See `harness.core.provenance.Taken`.
    """
    found = list(captures(exchange, value))
    there = [capture for capture in found if capture.name == place.rpartition("/")[2]]
    return next(iter([*there, *found]), None)


def captures(exchange: Exchange, value: str) -> Iterator[Capture]:
    """Every way to take exactly ``value`` out of the response.

    The most robust first.
    """
    yield from _plain(exchange, value)
    for spelled, function in ((quote(value, safe=""), "unpercent"), (unquote(value), "percent")):
        if (
            spelled != value
            and (unquote(spelled) if function == "unpercent" else quote(spelled, safe="")) == value
        ):
            for capture in _plain(exchange, spelled):
                yield replace(capture, command=f'{function} "$({capture.command})"')


def _plain(exchange: Exchange, value: str) -> Iterator[Capture]:
    for name, held in cookies_in(exchange).items():
        if held == value:
            yield Capture(name, f"cookie {quoted(name)}", f'the cookie "{name}"')
    for name, content in exchange.headers:
        if name.lower() != "set-cookie" and value in (content, content.rpartition(" ")[2]):
            last = content != value
            command = f"{'last_word' if last else 'header'} {quoted(name)}"
            if (exchange.header(name) or "") == content:
                yield Capture(name, command, f'the header "{name}"')
    if value in exchange.text:
        yield from _in_body(exchange.text, value)


def cookies_in(exchange: Exchange) -> dict[str, str]:
    """The cookies that are set to something.

    Of several of one name the last.
    """
    cookies = [parse_set_cookie(raw) for raw in exchange.set_cookies]
    return {cookie.name: cookie.value for cookie in cookies if cookie is not None and cookie.value}


def _in_body(text: str, value: str) -> Iterator[Capture]:
    counts: Counter[str] = Counter()
    for key, string, number in _KEY.findall(text):
        counts[key] += 1
        if value in (string, number):
            yield Capture(key, f"json {quoted(key)} {counts[key]}", f'"{key}" in the JSON')
    before, after = _around(text, value)
    is_whole = not (_GOES_ON.match(before[-1:]) or _GOES_ON.match(after[:1]))
    if is_whole and between(text, before, after) == value:
        about = f"what stands after {before!r}"
        yield Capture("value", f"between {quoted(before)} {quoted(after)}", about, is_named=False)


def _around(text: str, value: str) -> tuple[str, str]:
    start = text.index(value)
    end = start + len(value)
    return (
        text[max(0, start - _BEFORE) : start].rpartition("\n")[2],
        text[end : end + _AFTER].partition("\n")[0],
    )


def between(text: str, before: str, after: str) -> str:
    """The text between the first ``before`` and the next ``after``.

    On one line.

    Empty if one is missing.
    """
    if not before or not after or before not in text:
        return ""
    rest = text.partition(before)[2].partition("\n")[0]
    return rest.partition(after)[0] if after in rest else ""


def ids_in(exchange: Exchange) -> frozenset[str]:
    """What the answer has under keys that speak of an id."""
    return frozenset(string or number for key, string, number in _KEY.findall(exchange.text) if is_id_name(key))
