"""Where an HTML page leads, and whether it asks for a password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_LONGEST = 256 * 1024
"""Characters of a page that are looked at."""
_MOST_FIELDS = 40
_AT_ONCE = 5.0
"""Seconds within which a page that leads on is a redirect."""
_REFRESH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)
_UNSEEN = ("hidden", "submit", "button", "reset", "image")


@dataclass
class Document:
    """A page as far as it was read.

    ``destination`` is where it leads by itself, ``password_form`` names the fields of the form with its first
    password.
    """

    destination: str | None = None
    password_form: frozenset[str] = frozenset()


def read_document(html: str) -> Document:
    """What a page does; nothing, where it is no HTML."""
    reader = _Reader()
    reader.feed(html[:_LONGEST])
    asking = next((form for form in reader.forms if form.has_password), None)
    return Document(reader.destination, frozenset(asking.names) if asking is not None else frozenset())


@dataclass
class _Form:
    names: set[str] = field(default_factory=set)
    has_password: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms = [_Form()]
        self.destination: str | None = None
        self._form = self.forms[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self._lead_on(given.get("content", ""))
        elif tag == "form":
            self._form = _Form()
            self.forms.append(self._form)
        elif tag == "input" and len(self._form.names) < _MOST_FIELDS:
            self._add(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = self.forms[0]

    def _lead_on(self, content: str) -> None:
        found = _REFRESH.match(content)
        if found is not None and float(found[1]) <= _AT_ONCE:
            self.destination = self.destination or found[2].strip()

    def _add(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if kind not in _UNSEEN:
            self._form.names.add(given.get("name") or given.get("id") or given.get("placeholder") or kind)
            self._form.has_password |= kind == "password"
