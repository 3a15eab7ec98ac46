"""Windows of Chromium that have to stay silent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page


@dataclass
class WatchedWindows:
    """Opens windows, each of its own; ``said`` and ``asked`` are all that their pages said and asked for."""

    chromium: Browser
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, address: str, **settings: Any) -> Page:
        """A window at that address, with these settings of its browser."""
        self._contexts.append(self.chromium.new_context(**settings))
        window = self._contexts[-1].new_page()
        window.on("console", lambda message: self.said.append(message.text))
        window.on("pageerror", lambda error: self.said.append(str(error)))
        window.on("dialog", lambda dialog: self.said.append(dialog.message))
        window.on("request", lambda request: self.asked.append(request.url))
        window.goto(address)
        return window

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()


@contextlib.contextmanager
def watched(chromium: Browser) -> Iterator[WatchedWindows]:
    """Windows for as long as the context; at its end none may have said anything."""
    windows = WatchedWindows(chromium)
    yield windows
    windows.close()
    assert windows.said == []
