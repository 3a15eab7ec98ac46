"""The forms of an HTML page: their fields and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from harness.core.text import one_line

HTML_LIMIT = 256 * 1024
"""Characters of a page that are looked at."""
_MOST_FORMS = 20
_MOST_FIELDS = 40
_MOST_LINKS = 200
_LONGEST_TEXT = 120
_NO_FIELD = ("submit", "button", "reset", "image")


@dataclass
class FormField:
    """A field.

    ``kind`` is the ``type`` attribute, ``label`` its label's text or its accessible name.
    """

    name: str
    kind: str
    label: str = ""
    placeholder: str = ""
    identifier: str = ""
    accessible: str = ""


@dataclass
class Form:
    """A form, or whatever stands outside all forms."""

    method: str = "get"
    action: str = ""
    fields: list[FormField] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    @property
    def passwords(self) -> list[FormField]:
        """The fields for passwords."""
        return [one for one in self.fields if one.kind == "password"]

    @property
    def hidden(self) -> list[FormField]:
        """The fields that nobody sees."""
        return [one for one in self.fields if one.kind == "hidden"]


@dataclass
class Page:
    """The forms of a page and its links, as (address, text)."""

    forms: list[Form]
    links: list[tuple[str, str]]

    @property
    def asking_for_password(self) -> Form | None:
        """The first form with a password."""
        return next((form for form in self.forms if form.passwords), None)


def read_page(html: str) -> Page:
    """The forms and links of a page, up to a limit."""
    reader = _Reader()
    reader.feed(html[:HTML_LIMIT])
    reader.finish()
    return Page(reader.forms, reader.links)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = [Form()]
        self.links: list[tuple[str, str]] = []
        self._form = self.forms[0]
        self._labels: dict[str, str] = {}
        self._label: tuple[str, list[FormField]] | None = None
        self._collecting: dict[str, list[str]] = {}
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: _seen(value or "") for name, value in attrs}
        match tag:
            case "form":
                self._open_form(given)
            case "input" | "textarea":
                self._add_field(given)
            case "label":
                self._label = given.get("for", ""), []
                self._collecting["label"] = []
            case "button" if given.get("type", "submit").lower() == "submit":
                self._collecting["button"] = []
            case "a":
                self._link = given.get("href", "")
                self._collecting["a"] = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = self.forms[0]
        if tag not in self._collecting:
            return
        text = _seen("".join(self._collecting.pop(tag)))
        if tag == "label" and self._label is not None:
            self._close_label(text)
        elif tag == "button" and text and len(self._form.buttons) < _MOST_FIELDS:
            self._form.buttons.append(text)
        elif tag == "a" and len(self.links) < _MOST_LINKS:
            self.links.append((self._link, text))

    def handle_data(self, data: str) -> None:
        for texts in self._collecting.values():
            if len(texts) < _MOST_FIELDS:
                texts.append(data[:_LONGEST_TEXT])

    def finish(self) -> None:
        """Give each field the label that speaks of it from elsewhere."""
        for form in self.forms:
            for one in form.fields:
                one.label = one.label or self._labels.get(one.identifier, "")

    def _open_form(self, given: dict[str, str]) -> None:
        if len(self.forms) <= _MOST_FORMS:
            self._form = Form(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._form)

    def _add_field(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if kind in _NO_FIELD:
            if kind == "submit" and given.get("value") and len(self._form.buttons) < _MOST_FIELDS:
                self._form.buttons.append(given["value"])
            return
        if len(self._form.fields) >= _MOST_FIELDS:
            return
        one = FormField(
            given.get("name", ""),
            kind,
            placeholder=given.get("placeholder", ""),
            identifier=given.get("id", ""),
            accessible=given.get("aria-label", ""),
        )
        self._form.fields.append(one)
        if self._label is not None:
            self._label[1].append(one)

    def _close_label(self, text: str) -> None:
        of, inside = self._label or ("", [])
        text = re.sub(r"[\s:*]+$", "", text)
        if of and len(self._labels) < _MOST_LINKS:
            self._labels[of] = text
        for one in inside:
            one.label = text
        self._label = None


def _seen(text: str) -> str:
    """The text as a person sees it."""
    return "".join(one for one in one_line(text) if one.isprintable())[:_LONGEST_TEXT]
