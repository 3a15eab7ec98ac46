"""Where pages of documentation say that the OpenAPI document is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from harness.discovery.forms import HTML_LIMIT, read_page
from harness.discovery.shapes import conventions

if TYPE_CHECKING:
    from harness.discovery.asker import Asker
    from harness.profile.operation import Base

_MOST_LINKED = 4
_MOST_NAMED = 4
_NAMED = re.compile(
    r"""(?:\burl["']?\s*[:=]\s*|\bspec-?url=|\bdata-url=)["']([^"'\s]{1,200})["']"""
    r"""|<link\b[^>]*\brel=["']?(?:service-desc|describedby|alternate)["']?[^>]*\bhref=["']([^"'\s]{1,200})["']"""
    r"""|["']([^"'\s]{0,160}(?:openapi|swagger|api-docs|schema)[^"'\s]{0,40}\.json)["']""",
    re.IGNORECASE,
)
"""Swagger UI's and ReDoc's own words for it, a link of that meaning, or a JSON file that is called so."""
_INITIALISER = re.compile(r"""<script\b[^>]*\bsrc=["']([^"'\s]{0,160}init[\w-]*\.js)["']""", re.IGNORECASE)
_NO_DOCUMENT = re.compile(r"\.(css|png|ico|svg|js)$|favicon", re.IGNORECASE)


def named_documents(asker: Asker, base: Base) -> Iterator[str]:
    """Paths of documents that a page of documentation names, each once."""
    known: set[str] = set()
    for path in _pages(asker, base):
        for found in _named_on(asker, base, path):
            if found not in known:
                known.add(found)
                yield found


def _pages(asker: Asker, base: Base) -> Iterator[str]:
    """The front page, those that it links, and the usual ones."""
    front = asker.get(base, "/")
    yield "/"
    if front is not None and front.status == HTTPStatus.OK:
        links = (asker.addresses.path_of(base, address, "/") for address, _ in read_page(front.text).links)
        yield from [one for one in dict.fromkeys(links) if one is not None and one != "/"][:_MOST_LINKED]
    yield from conventions().paths.documentation


def _named_on(asker: Asker, base: Base, path: str) -> list[str]:
    answer = asker.get(base, path)
    if answer is None or answer.status != HTTPStatus.OK:
        return []
    text = answer.text[:HTML_LIMIT]
    texts = [(path, text)]
    for script in _INITIALISER.findall(text)[:1]:
        place = asker.addresses.path_of(base, script, path)
        said = asker.get(base, place) if place is not None else None
        if place is not None and said is not None and said.status == HTTPStatus.OK:
            texts.append((place, said.text[:HTML_LIMIT]))
    named = [(at, next(filter(None, found))) for at, one in texts for found in _NAMED.findall(one)]
    paths = (asker.addresses.path_of(base, one, at) for at, one in named if not _NO_DOCUMENT.search(one))
    return [one for one in dict.fromkeys(paths) if one is not None][:_MOST_NAMED]
