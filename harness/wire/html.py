"""The elements of a page, by CSS selector."""

from __future__ import annotations

from functools import lru_cache

from lxml.cssselect import CSSSelector
from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

_SAYS = {"input": "value", "meta": "content"}
"""Elements that say something in an attribute and not in their text."""


@lru_cache(maxsize=4)
def parse(text: str) -> HtmlElement | None:
    """The root of a page, or None where there is nothing.

    Elements without an end tag end where browsers end them. What is nested too deep (256 levels) is left out.
    """
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (ParserError, ValueError):
        return None


def select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements that a selector finds, in their order.

    The given one is among them where it fits.
    """
    return [found for found in _compiled(selector)(element) if isinstance(found, HtmlElement)]


def said_by(element: HtmlElement, attribute: str | None = None) -> str | None:
    """An element's text on one line, or an attribute of it.

    An input says its value, and a meta element its content.
    """
    name = attribute or _SAYS.get(str(element.tag))
    if name is not None:
        value = element.get(name)
        return str(value) if value is not None else None
    return " ".join(str(element.text_content()).split())


def source(element: HtmlElement) -> str:
    """An element's HTML."""
    return tostring(element, encoding="unicode", with_tail=False)


@lru_cache(maxsize=64)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
