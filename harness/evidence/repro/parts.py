"""Splits a request into its values.

In path, query, headers, cookies, JSON or form body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus, urlsplit

from harness.evidence.repro.values import FORM, JSON_TEXT, PERCENT, PLAIN, Encoding

if TYPE_CHECKING:
    from harness.core.exchange import Exchange

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*')
_FORM_PAIR = re.compile(r"(?:^|&)([^=&]*)=([^&]*)")
_COOKIE_PAIR = re.compile(r"(?:^|; )([^=;]*)=([^;]*)")
_SCHEME = re.compile(r"[A-Za-z]+ +")
_STATIC = re.compile(r"content-type|accept|origin|referer|sec-fetch-.*|access-control-.*", re.IGNORECASE)
"""Headers that hold no credential and nobody's data."""
_ID = re.compile(r"(?:^|_|-)(?:id|pk|uuid)$|Id$")


@dataclass(frozen=True)
class Slot:
    """A value in a text: place, decoded text, whether an id."""

    start: int
    end: int
    value: str
    encoding: Encoding = PLAIN
    names_id: bool = False
    whole: bool = True
    """Whether it is one value; otherwise a text in which values may stand."""
    text_before: str = ""
    """Of a segment of a path: what stands before it."""


def slots_of_path(path: str) -> list[Slot]:
    """The segments of a path and the values of its query."""
    before, mark, query = path.partition("?")
    found = [
        Slot(
            part.start(), part.end(), unquote(part[0]), PERCENT, names_id=True, text_before=before[: part.start()]
        )
        for part in re.finditer(r"[^/]+", before)
    ]
    shift = len(before) + len(mark)
    return found + [_moved(slot, shift) for slot in slots_of_form(query)]


def _moved(slot: Slot, shift: int) -> Slot:
    return Slot(slot.start + shift, slot.end + shift, slot.value, slot.encoding, slot.names_id, slot.whole)


def slots_of_form(text: str) -> list[Slot]:
    """The values of a form or a query."""
    return [
        Slot(pair.start(2), pair.end(2), unquote_plus(pair[2]), FORM, is_id_name(unquote_plus(pair[1])))
        for pair in _FORM_PAIR.finditer(text)
    ]


def slots_of_header(name: str, value: str) -> list[Slot]:
    """The values in a header that the suite sent."""
    if name.lower() == "cookie":
        return [
            Slot(pair.start(2), pair.end(2), pair[2], PLAIN, is_id_name(pair[1]))
            for pair in _COOKIE_PAIR.finditer(value)
        ]
    if _STATIC.fullmatch(name):
        return [Slot(0, len(value), value, whole=False)]
    scheme = _SCHEME.match(value) if name.lower() == "authorization" else None
    return [
        Slot(
            scheme.end() if scheme else 0,
            len(value),
            value[scheme.end() if scheme else 0 :],
            PLAIN,
            is_id_name(name),
        )
    ]


def slots_of_body(text: str) -> list[Slot]:
    """The values of a JSON document or form, otherwise the whole text."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        is_form = re.fullmatch(r"[^\s=&]+=[^\s&]*(?:&[^\s=&]+=[^\s&]*)*", text)
        return slots_of_form(text) if is_form else [Slot(0, len(text), text, whole=False)]
    return list(_slots_of_json(text))


def _slots_of_json(text: str) -> Iterator[Slot]:
    key = ""
    for token in _JSON_TOKEN.finditer(text):
        if not token[0].startswith('"'):
            yield Slot(token.start(), token.end(), token[0], JSON_TEXT, is_id_name(key))
        elif text[token.end() :].lstrip().startswith(":"):
            key = json.loads(token[0])
        else:
            value = json.loads(token[0])
            # Where it is escaped its text is kept, and values are looked for inside.
            plain = value == token[0][1:-1]
            inner = value if plain else token[0][1:-1]
            yield Slot(token.start() + 1, token.end() - 1, inner, JSON_TEXT, is_id_name(key), whole=plain)


def is_id_name(name: str) -> bool:
    """Whether a key, header or parameter of that name is an id."""
    return _ID.search(name) is not None


def path_of(exchange: Exchange) -> str:
    """The path of a request without its query."""
    return urlsplit(exchange.url).path


def values_sent(exchange: Exchange) -> set[str]:
    """Every single value in the request."""
    slots = slots_of_path(exchange.url.partition("://")[2].partition("/")[2])
    for name, value in exchange.request_headers:
        slots += slots_of_header(name, value)
    slots += slots_of_body(exchange.request_body.decode("utf-8", "replace"))
    return {slot.value for slot in slots if slot.whole}
