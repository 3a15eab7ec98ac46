"""What a user does to a form with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Error

from harness.browser.elements import Elements
from harness.browser.operability import cannot_fill

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from harness.profile.pages import FormField

_COPY, _PASTE, _ALL = "ControlOrMeta+C", "ControlOrMeta+V", "ControlOrMeta+A"
_TRIAL = "<!doctype html><textarea></textarea><input>"
_AUTOCOMPLETE = "field => field.getAttribute('autocomplete') ?? field.form?.getAttribute('autocomplete') ?? ''"
_MOST_TABS = 60


class Keyboard(Elements):
    """Copies, pastes and moves between the fields of the open page."""

    def copy(self, text: str) -> bool:
        """Copy a text as from a password manager.

        Returns whether this browser can paste it into a field that lets it.
        """
        trial = self.page.context.new_page()
        try:
            trial.set_content(_TRIAL)
            source, destination = trial.locator("textarea"), trial.locator("input")
            source.fill(text)
            source.press(_ALL)
            source.press(_COPY)
            destination.press(_PASTE)
            return destination.input_value() == text
        finally:
            trial.close()
            self.page.bring_to_front()

    def paste(self, field: FormField) -> None:
        """Paste what was copied into a field.

        Raises Unmet or Unavailable when it can't be found or reached.
        """
        found = self._reached(field)
        try:
            found.press(_PASTE)
        except Error as error:
            raise cannot_fill(self, field, found) from error

    def value(self, field: FormField) -> str:
        """What a field holds.

        Raises Unmet or Unavailable when it can't be found.
        """
        return self._reached(field).input_value()

    def autocomplete(self, field: FormField) -> str:
        """What a field, or else its form, says of ``autocomplete``.

        Raises Unmet or Unavailable when it can't be found.
        """
        return str(self._reached(field).evaluate(_AUTOCOMPLETE)).strip().lower()

    def _reached(self, field: FormField) -> Locator:
        found = self.field(field)
        if not found.count():
            raise cannot_fill(self, field, found)
        return found

    def tab_to(self, field: FormField) -> bool:
        """Press Tab until a field has the focus.

        Returns whether it came to have it. Raises Unmet or Unavailable when it can't be found.
        """
        return self._tab_to(self._reached(field))

    def tab_to_button(self, name: str) -> bool:
        """Press Tab until a button has the focus.

        Returns whether it came to have it.
        """
        found = self.button(name)
        return found.count() > 0 and self._tab_to(found)

    def _tab_to(self, found: Locator) -> bool:
        for _ in range(_MOST_TABS):
            if found.evaluate("one => one.matches(':focus')"):
                return True
            self.page.keyboard.press("Tab")
        return False

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.page.keyboard.type(text)

    def press_key(self, key: str) -> None:
        """Press a key where the focus is."""
        self.page.keyboard.press(key)
