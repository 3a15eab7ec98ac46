"""The fields and buttons of a page.

They are found as a profile says; and those that are there are listed.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

from playwright.sync_api import Error

from harness.browser.observed import Observed
from harness.core.redaction import redact
from harness.core.text import one_line

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Locator

    from harness.profile.pages import FormField

_INPUTS = "input:not([type=hidden]), textarea, select"
_FIELDS = (
    ":is(input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image]), textarea, select, "
    "[contenteditable=true], [role=textbox])"
)
_BUTTONS = "button, input[type=submit], input[type=button], input[type=image], [role=button]"
_PRESSABLE = f"{_BUTTONS}, a[href], summary, [role=menuitem], [role=link], [role=tab]"
_LONGEST = 60
_LESS_PATIENCE = 2.0

_DESCRIBE = """(elements, named) => elements.filter(one => one.checkVisibility()).map(one => {
    const text = ids => (ids ?? "").split(/\\s+/)
        .map(id => document.getElementById(id)?.innerText ?? "").join(" ");
    const words = label => {
        const copy = label.cloneNode(true);
        copy.querySelectorAll("select, textarea").forEach(field => field.remove());
        return copy.textContent;
    };
    const said = one.getAttribute("aria-label") || text(one.getAttribute("aria-labelledby"));
    const asked = one.required || one.getAttribute("aria-required") === "true"
        || one.getAttribute("aria-invalid") === "true" || one.type === "password" || one.validity?.valid === false;
    return {
        label: [...(one.labels ?? [])].map(words).join(" ") || said,
        said,
        placeholder: one.placeholder ?? "",
        name: one.name ?? "",
        text: one.innerText || (["submit", "button"].includes(one.type) ? one.value : ""),
        message: one.validationMessage ?? "",
        asked,
        ticks: ["checkbox", "radio"].includes(one.type),
        empty: ["checkbox", "radio"].includes(one.type) ? !one.checked : one.value === "",
        named: named.includes(one),
    };
})"""


@dataclass(frozen=True)
class Shown:
    """A field or button that can be seen, with its names.

    ``asked`` says whether it has to be filled in, ``named`` whether the profile names it.
    """

    label: str
    said: str
    placeholder: str
    name: str
    text: str
    message: str
    asked: bool
    ticks: bool
    empty: bool
    named: bool

    def __str__(self) -> str:
        """Its words as a profile writes them."""
        ways = (("", self.label), (" (placeholder)", self.placeholder), (" (name)", self.name))
        return next((f"{word}{way}" for way, word in ways if word), "one without a name")

    @property
    def as_button(self) -> str:
        """A button's text, and its accessible name where that is another."""
        if self.said and self.text and self.said != self.text:
            return f"{self.text} (accessible name: {self.said})"
        return self.said or self.text or "one without a name"


class Elements(Observed):
    """Finds the fields and buttons of the open page."""

    def field(self, field: FormField) -> Locator:
        """A form field as the profile says it is found.

        One that is called exactly so goes before others, then one of the form with the password, and one that can
        be seen before those that can't.
        """
        inputs = (self._password_form().locator(_INPUTS), self.page.locator(_INPUTS))
        find: Callable[..., Locator]
        match field.by:
            case "name":
                return self._first([self.page.locator(f"[name={json.dumps(field.value)}]")])
            case "label":
                find = self.page.get_by_label
            case "placeholder":
                find = self.page.get_by_placeholder
            case "role":
                find = self._text_box
            case _:
                assert_never(field.by)
        return self._first(
            [one.and_(find(field.value, exact=exactly)) for exactly in (True, False) for one in inputs]
        )

    def _text_box(self, name: str, *, exact: bool) -> Locator:
        """A text box by its accessible name.

        A field for a password has no role (HTML-AAM), and is found by its name alone.
        """
        ways = (self.page.get_by_label, self.page.get_by_title, self.page.get_by_placeholder)
        named = functools.reduce(lambda one, other: one.or_(other), (way(name, exact=exact) for way in ways))
        password = self.page.locator("[type=password]").and_(named)
        return self.page.get_by_role("textbox", name=name, exact=exact).or_(password)

    def button(self, name: str) -> Locator:
        """A button by its accessible name, else by its text.

        The one of the form with the password goes before others of that name.
        """
        return self._first(self._buttons(name))

    def can_press(self, name: str) -> bool:
        """Whether a button of that name can be seen and pressed now."""
        ways = (way.filter(visible=True) for way in self._buttons(name))
        return next((way.first.is_enabled() for way in ways if way.count()), False)

    def pressable(self, name: str) -> Locator:
        """A button by its accessible name or text, else anything so called.

        Links and entries of menus go first.
        """
        named, page = _exactly(name), self.page
        roles = [page.get_by_role(role, name=named) for role in ("link", "menuitem", "tab")]
        others = [
            page.locator(_PRESSABLE).filter(has_text=named),
            page.get_by_text(named),
            page.get_by_label(named),
        ]
        return self._first([*self._buttons(name), *roles, *others, page.get_by_alt_text(named)])

    def _buttons(self, name: str) -> list[Locator]:
        named, form = _exactly(name), self._password_form()
        return [
            form.get_by_role("button", name=named),
            self.page.get_by_role("button", name=named),
            form.locator(_BUTTONS).filter(has_text=named),
            self.page.locator(_BUTTONS).filter(has_text=named),
        ]

    def _password_form(self) -> Locator:
        return self.page.locator("form").filter(has=self.page.locator("[type=password]"))

    def _first(self, ways: Sequence[Locator]) -> Locator:
        """What the first way finds that finds anything.

        Waits until one does.
        """
        seen = [way.filter(visible=True) for way in ways]
        # Of a page on which it was waited for in vain nothing else is to be expected.
        patience = min(_LESS_PATIENCE, self.shared.limit) if self.path in self.shared.unfit else None
        self.wait(lambda: any(way.count() for way in seen), patience)
        return next((way for way in (*seen, *ways) if way.count()), ways[-1]).first

    # --- what is there ---

    def shown_fields(self, named: Sequence[Locator] = ()) -> list[Shown]:
        """The fields that can be seen.

        ``named`` are those that the profile names.
        """
        handles = [handle for found in named for handle in found.element_handles()]
        return _described(self.page.main_frame, _FIELDS, handles)

    def framed_fields(self) -> dict[str, list[Shown]]:
        """The fields that can be seen in frames, by their addresses."""
        frames = (frame for frame in self.page.frames if frame is not self.page.main_frame)
        found = {frame.url: _described(frame, _FIELDS) for frame in frames}
        return {url: fields for url, fields in found.items() if fields}

    def shown_buttons(self, *, links: bool) -> list[Shown]:
        """The buttons that can be seen, and ``links`` where wanted."""
        return _described(self.page.main_frame, _PRESSABLE if links else _BUTTONS)


def _exactly(name: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(name)}\s*$", re.IGNORECASE)


def _described(frame: Frame, selector: str, named: Sequence[Any] = ()) -> list[Shown]:
    try:
        found: list[dict[str, Any]] = frame.locator(selector).evaluate_all(_DESCRIBE, list(named))
    except Error:  # between two pages there is nothing
        return []
    return [Shown(**{key: _short(value) for key, value in one.items()}) for one in found]


def _short(value: Any) -> Any:  # noqa: ANN401 - text or a truth value
    return redact(one_line(value))[:_LONGEST] if isinstance(value, str) else value
