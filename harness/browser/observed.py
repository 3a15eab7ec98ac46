"""What a browser window shows: its requests, and its page."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import Error

from harness.core.exchange import Exchange, origin_of
from harness.core.findings import Unmet
from harness.core.redaction import register
from harness.core.text import one_line

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Request, Response

    from harness.deployment.deployment import Deployment

LIMIT = 10.0
"""Seconds in which a page loads, a button can be pressed, or what was asked for shows."""
_POLL_MS = 50
_TALK = ("document", "fetch", "xhr")
_SHOWN = 160

_VISIBLE = """body => [body.innerText, ...[...body.querySelectorAll("input, textarea")]
    .filter(field => field.checkVisibility()).map(field => field.value)].join("\\n")"""
_COMPLAINTS = """body => [
    ...[...body.querySelectorAll("[role=alert]")].map(alert => alert.innerText),
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


class Observed:
    """The page of one window, and its requests.

    ``exchanges`` are the requests of documents and scripts that were answered, without bodies of answers;
    ``asked`` is every URL that was asked for; ``blocked`` are those outside the deployment, which got nowhere;
    ``left_for`` is one of them that the window itself was sent to; ``appeared`` are texts that were watched for.
    """

    def __init__(self, deployment: Deployment, context: BrowserContext, who: str) -> None:
        self.deployment = deployment
        self.who = who
        self.exchanges: list[Exchange] = []
        self.asked: list[str] = []
        self.blocked: list[str] = []
        self.left_for: str | None = None
        self.appeared: set[str] = set()
        self._context = context
        self._started: dict[Request, float] = {}
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        self.page = context.new_page()

    # --- what is noted of requests ---

    def _note_request(self, request: Request) -> None:
        self._started[request] = time.monotonic()
        self.asked.append(request.url)
        if request.url.startswith("http") and origin_of(request.url) not in self.deployment.target.origins:
            self.blocked.append(request.url)
            if self._moves_window(request):
                self.left_for = request.url

    def _note_response(self, response: Response) -> None:
        request = response.request
        started = self._started.pop(request, time.monotonic())
        if request.resource_type not in _TALK:
            return
        exchange = Exchange(
            self.who,
            request.method,
            request.url,
            list(request.headers.items()),
            request.post_data_buffer or b"",
            response.status,
            list(response.headers.items()),
            b"",
            time.monotonic() - started,
        )
        self.exchanges.append(exchange)
        self.deployment.client.record(exchange)

    def _moves_window(self, request: Request) -> bool:
        try:
            return request.is_navigation_request() and request.frame == self.page.main_frame
        except Error:
            return False  # a window that a page has just opened has no frame to ask for yet

    def _note_appearance(self, text: str) -> None:
        self.appeared.add(text)

    def _throttled_since(self, mark: int) -> Exchange | None:
        answers = self.exchanges[mark:]
        return next((one for one in answers if one.status == httpx.codes.TOO_MANY_REQUESTS), None)

    def watch_for(self, texts: list[str]) -> None:
        """Note in ``appeared`` which of the texts appears.

        That is from the next page on, and if only for a moment.
        """
        self._context.expose_function("conformanceSaw", self._note_appearance)
        self._context.add_init_script(f"({_WATCH})({json.dumps(texts)})")

    # --- seeing ---

    def wait(self, condition: Callable[[], bool], seconds: float = LIMIT) -> bool:
        """Wait until the condition is true.

        Returns whether it came true within the limit.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(_POLL_MS)
        return True

    def at(self, path: str) -> bool:
        """Whether the window is at that page, whatever its query."""
        here = re.split(r"[?#]", self.page.url)[0]
        return here.rstrip("/") == self.deployment.target.url("web", path).rstrip("/")

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

    def _ask(self, selector: str, expression: str) -> str:
        try:
            return str(self.page.locator(selector).first.evaluate(expression, timeout=LIMIT * 1000))
        except Error:
            # Between two pages there is nothing to see; a browser that is gone is an error.
            if self.page.is_closed():
                raise
            return ""

    def cookies(self) -> list[dict[str, Any]]:
        """Every cookie of the window, as Playwright gives them.

        Each value is registered as a secret.
        """
        found: list[dict[str, Any]] = [dict(cookie) for cookie in self._context.cookies()]
        for cookie in found:
            register(cookie["value"], "cookie")
        return found

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
        complaint, text = map(one_line, (self._ask("body", _COMPLAINTS), self.text()))
        says = f'the page says "{complaint}"' if complaint else f'the page shows "{text[:_SHOWN]}"'
        strays = sorted({origin_of(url) for url in self.blocked})
        stopped = f" (requests to {', '.join(strays)} were stopped)" if strays else ""
        return (
            f"the browser is at {self.page.url} and {says if complaint or text else 'the page is empty'}{stopped}"
        )
