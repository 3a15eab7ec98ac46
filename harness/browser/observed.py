"""What a browser window shows."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import Error

from harness.browser.requests import Requests
from harness.core.findings import Unmet
from harness.core.redaction import masked_cut, register
from harness.core.text import one_line

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Dialog, Page

    from harness.browser.shared import Shared
    from harness.deployment.deployment import Deployment

_POLL_MS = 50
_SHOWN = 160

_VISIBLE = """body => [body.innerText, ...[...body.querySelectorAll("input, textarea")]
    .filter(field => field.checkVisibility()).map(field => field.value)].join("\\n")"""
_COMPLAINTS = """body => [
    ...[...body.querySelectorAll("[role=alert]")].filter(one => one.checkVisibility()).map(one => one.innerText),
    ...[...body.querySelectorAll("input:user-invalid")].map(field => field.validationMessage),
].filter(text => text.trim()).join(" / ")"""
_READABLE = "() => ({cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage}})"
_WATCH = """texts => {
    const look = () => {
        const page = document.documentElement?.outerHTML ?? "";
        texts.filter(text => page.includes(text)).forEach(text => window.conformanceSaw(text));
    };
    new MutationObserver(look).observe(document, {childList: true, subtree: true, characterData: true});
    look();
}"""


_INJECTED = """word => {
    const code = `window.${word}=1`, found = window[word] === 1 ? ["a script that ran"] : [];
    const look = root => root.querySelectorAll("*").forEach(one => {
        if (one.localName === "img" && one.getAttribute("src") === word) found.push("an <img> element");
        for (const {name, value} of one.localName === "img" ? [] : one.attributes) {
            const is_handler = name.startsWith("on") && value === code;
            const is_address = ["href", "src", "action", "formaction", "data", "xlink:href"].includes(name)
                && value.trim().toLowerCase().startsWith(`javascript:${code}`);
            if (is_handler || is_address) found.push(`the attribute ${name} of <${one.localName}>`);
        }
        if (one.shadowRoot) look(one.shadowRoot);
    });
    look(document);
    return found;
}"""


class Observed(Requests):
    """The page of one window; ``appeared`` are texts that were watched for.

    ``opened`` is the path that was asked for last.
    """

    def __init__(self, deployment: Deployment, context: BrowserContext, who: str, shared: Shared) -> None:
        super().__init__(deployment, context, who, shared)
        self.appeared: set[str] = set()
        self.opened = "/"
        self.page = self._new_tab()
        self._other_tab: Page | None = None

    def _new_tab(self) -> Page:
        page = self._context.new_page()
        page.on("dialog", _agree)
        return page

    def switch_tab(self) -> None:
        """Go to the other tab of the window.

        It is a new one at first.
        """
        other = self._other_tab or self._new_tab()
        self.page, self._other_tab = other, self.page
        self.page.bring_to_front()

    def clear_cookies(self) -> None:
        """Take all cookies away."""
        self._context.clear_cookies()

    def _note_appearance(self, text: str) -> None:
        self.appeared.add(text)

    def watch_for(self, texts: list[str]) -> None:
        """Note in ``appeared`` which of the texts appears.

        That is from the next page on, and if only for a moment.
        """
        self._context.expose_function("conformanceSaw", self._note_appearance)
        self._context.add_init_script(f"({_WATCH})({json.dumps(texts)})")

    # --- seeing ---

    def wait(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until the condition is true.

        Returns whether it came true within those seconds, or within the limit.
        """
        deadline = time.monotonic() + (self.shared.limit if seconds is None else seconds)
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(_POLL_MS)
        return True

    def at(self, path: str) -> bool:
        """Whether the window is at that page, whatever its query."""
        here = re.split(r"[?#]", self.page.url)[0]
        return here.rstrip("/") == self.deployment.target.url("web", path).rstrip("/")

    @property
    def shows_failure(self) -> bool:
        """Whether the browser shows a page of its own, since none came."""
        return self.page.url.startswith("chrome-error:")

    @property
    def path(self) -> str:
        """The path of the open page.

        Where none is open, that of the one that was asked for.
        """
        url = self.page.url
        return urlsplit(url).path or "/" if url.startswith("http") else self.opened

    def text(self) -> str:
        """The visible text of the page, form fields included.

        Empty while there is no page.
        """
        return self._ask("body", _VISIBLE)

    def shows(self, texts: list[str]) -> bool:
        """Whether one of the texts can be seen."""
        seen = self.text()
        return any(text in seen for text in texts)

    def asks_for_password(self) -> bool:
        """Whether a field for a password can be seen."""
        return self.page.locator("[type=password]").locator("visible=true").count() > 0

    def holds(self, texts: list[str]) -> str | None:
        """The first of the texts that is in the page, or None.

        It counts whether it can be seen or not.
        """
        everything = self._ask("html", "html => html.outerHTML") + self.text()
        return next((text for text in texts if text in everything), None)

    def complains(self) -> bool:
        """Whether an alert, or a complaint about a field, can be seen."""
        return bool(self._ask("body", _COMPLAINTS))

    def injected(self, word: str) -> str | None:
        """What markup with that word became, other than text.

        None if it is text: no ``<img src=word>``, no handler or address that sets ``window.word``, and that is not
        set.
        """
        for frame in self.page.frames:
            # A frame may be gone by now.
            with contextlib.suppress(Error):
                if found := frame.evaluate(_INJECTED, word):
                    return str(found[0])
        return None

    def _ask(self, selector: str, expression: str) -> str:
        try:
            return str(self.page.locator(selector).first.evaluate(expression, timeout=self.shared.limit * 1000))
        except Error:
            # Between two pages there is nothing to see; a browser that is gone is an error.
            if self.page.is_closed():
                raise
            return ""

    def cookies(self) -> list[dict[str, Any]]:
        """The window's cookies of the deployment, as Playwright gives them.

        Each value is registered as a secret.
        """
        every: list[dict[str, Any]] = [dict(cookie) for cookie in self._context.cookies()]
        for cookie in every:
            register(cookie["value"], "cookie")
        return [cookie for cookie in every if self._goes_to_deployment(cookie["domain"])]

    def _goes_to_deployment(self, domain: str) -> bool:
        hosts = [urlsplit(origin).hostname or "" for origin in self.deployment.target.origins]
        bare = domain.strip("[]").removeprefix(".")
        return any(host == bare or (domain.startswith(".") and host.endswith(domain)) for host in hosts)

    def readable_by_scripts(self) -> dict[str, Any]:
        """What a script on the page can read.

        ``cookie`` (a string), ``local`` and ``session`` (storage).
        """
        found: dict[str, Any] = self.page.locator("html").evaluate(_READABLE)
        return found

    def unmet(self, expected: str, came: str | None = None) -> Unmet:
        """The finding that something expected was not there.

        What came is what the window shows, unless it is given.
        """
        self.cookies()
        return Unmet(expected, came or self.describe(), self.exchanges[-3:])

    def describe(self) -> str:
        """Where the window is and what it says.

        It is the end of a sentence.
        """
        if self.left_for is not None:
            return f"the browser was sent to {self.left_for}, outside the deployment"
        if self.circle:
            return f"the browser was sent round in circles between {self.circle}"
        complaint, text = map(one_line, (self._ask("body", _COMPLAINTS), self.text()))
        says = f'the page says "{complaint}"' if complaint else f'the page shows "{masked_cut(text, _SHOWN)}"'
        return f"the browser is at {self.page.url} and {says if complaint or text else 'the page is empty'}"


def _agree(dialog: Dialog) -> None:
    """Agree to what a page asks in a dialog of the browser."""
    dialog.accept()
