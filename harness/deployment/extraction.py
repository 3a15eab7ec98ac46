"""Values in JSON or in pages, found as the profile says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from jsonpointer import JsonPointerException, resolve_pointer

from harness.deployment.quotation import json_of
from harness.wire.html import parse, said_by, select, source

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from harness.core.exchange import Exchange
    from harness.profile.extraction import Extraction

NOTHING = object()
"""The JSON of what is none."""


@dataclass(frozen=True)
class Part:
    """An answer or a part of it: JSON, an element, or text."""

    content: Any = NOTHING
    """The JSON."""
    element: HtmlElement | None = None
    text: str = ""
    """The text, where it is neither JSON nor an element; of a whole answer its body."""

    @property
    def value(self) -> str | None:
        """Its text or number, or None.

        None where it is more than that, or nothing.
        """
        if self.content is not NOTHING:
            is_scalar = isinstance(self.content, str | int) and not isinstance(self.content, bool)
            return (str(self.content) or None) if is_scalar else None
        return (said_by(self.element) if self.element is not None else self.text.strip()) or None

    @property
    def source(self) -> str:
        """What a pattern looks in."""
        if isinstance(self.content, str):
            return self.content
        return source(self.element) if self.element is not None else self.text


def whole(answer: Exchange) -> Part:
    """The whole of an answer."""
    try:
        content = answer.json()
    except ValueError:
        return Part(text=answer.text)
    return Part(content, text=answer.text)


def value_at(part: Part, place: Extraction) -> str | None:
    """The text or number at a place, or None."""
    found = first(part, place)
    return found.value if found is not None else None


def first(part: Part, place: Extraction) -> Part | None:
    """What is at a place; the first one, where there are several."""
    found = every(part, place)
    return found[0] if found else None


def items(part: Part, place: Extraction) -> list[Part] | None:
    """The items of a list, or None where there is none.

    They are the elements of a JSON array, or all that is found in a page. A page has one, be it empty.
    """
    if place.pointer is None:
        return every(part, place) if part.content is NOTHING else None
    array = first(part, place)
    return [Part(one) for one in array.content] if array is not None and isinstance(array.content, list) else None


def every(part: Part, place: Extraction) -> list[Part]:
    """Everything at a place, in its order."""
    if place.pointer is not None:
        found = _pointed(part, place.pointer)
    elif place.css is not None:
        found = _selected(part, place.css, place.attribute, as_text=place.pattern is not None)
    else:
        found = [part]
    if place.pattern is None:
        return found
    return [Part(text=text) for one in found for text in _captured(place.pattern, one)]


def _captured(pattern: str, part: Part) -> list[str]:
    captured = [text for text in re.findall(pattern, part.source) if text]
    return [unescape(text) for text in captured] if part.content is NOTHING else captured


def _pointed(part: Part, pointer: str) -> list[Part]:
    if part.content is NOTHING:
        return [] if pointer else [part]  # a page has no places, and is itself
    try:
        return [Part(resolve_pointer(part.content, pointer))]
    except JsonPointerException:
        return []


def _selected(part: Part, selector: str, attribute: str | None, *, as_text: bool) -> list[Part]:
    element = part.element if part.element is not None else parse(part.source)
    found = select(element, selector) if element is not None else []
    if attribute is None and not as_text:
        return [Part(element=one) for one in found]
    said = [said_by(one, attribute) for one in found]
    return [Part(text=text) for text in said if text is not None]


def nothing_at(place: Extraction, answer: Exchange) -> str:
    """The sentence's end that says that a value is missing there."""
    no_json = ", for the body is no JSON object" if place.pointer is not None and json_of(answer) is None else ""
    return f"nothing is at {place}{no_json}"
