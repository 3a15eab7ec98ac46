"""One browser window: opens pages, fills in forms, presses buttons, and sees what a person would see.

Where things are comes from the profile's ``[pages]``. Every wait ends within a limit that has a name.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import Error, TimeoutError  # noqa: A004 - it is Playwright's that is caught

from harness.core.exchange import Exchange, NoAnswer, origin_of
from harness.core.findings import Unmet
from harness.core.redaction import register
from harness.core.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Request, Response

    from harness.deployment.deployment import Deployment
    from harness.profile.profile import FormField, Pages

LIMIT = 10.0
"""Seconds in which a page loads, a button can be pressed, or what was asked for shows."""
_POLL_MS = 50
_TALK = ("document", "fetch", "xhr")
_SHOWN = 160
_TRIES = 3

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


class Window:
    """A browser of ``who``, with cookies, cache and history of its own.

    ``exchanges`` are the requests of documents and scripts that were answered, without bodies of answers;
    ``asked`` is every URL that was asked for; ``strayed`` are those outside the deployment, which got nowhere;
    ``left_for`` is one of them that the window itself was sent to.
    """

    def __init__(self, deployment: Deployment, context: BrowserContext, who: str, *, traced: bool = False) -> None:
        self.deployment = deployment
        self.who = who
        self.exchanges: list[Exchange] = []
        self.asked: list[str] = []
        self.strayed: list[str] = []
        self.left_for: str | None = None
        self.appeared: set[str] = set()
        self._context = context
        self._traced = traced
        self._started: dict[Request, float] = {}
        if traced:
            # Snapshots of the document are text, in which secrets can be masked; a film strip is pictures.
            context.tracing.start(snapshots=True, screenshots=False, sources=False)
        context.set_default_timeout(LIMIT * 1000)
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        self.page = context.new_page()

    def close(self) -> None:
        """Forget cookies, cache and history."""
        self._context.close()

    def save_trace(self, path: Path) -> bool:
        """Write what was done so far as a Playwright trace, secrets and all; whether there is one."""
        if self._traced:
            self._traced = False
            self._context.tracing.stop(path=path)
            return True
        return False

    @property
    def pages(self) -> Pages:
        """The profile's pages. Raises Absent when the deployment has none."""
        return self.deployment.pages

    # --- what is noted of requests ---

    def _note_request(self, request: Request) -> None:
        self._started[request] = time.monotonic()
        self.asked.append(request.url)
        if request.url.startswith("http") and origin_of(request.url) not in self.deployment.target.origins:
            self.strayed.append(request.url)
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

    # --- doing ---

    def open(self, path: str) -> None:
        """Open a page and wait until it has loaded; a 429 is waited out.

        Raises NoAnswer when it does not load, Unmet when it sends the window out of the deployment.
        """
        url = self.deployment.target.url("web", path)
        for attempt in itertools.count():
            mark = len(self.exchanges)
            answer = self._go(url)
            throttled = self._throttled_since(mark)
            if answer is None or answer.status != httpx.codes.TOO_MANY_REQUESTS or throttled is None:
                return
            self.deployment.client.throttle.wait(throttled, attempt)

    def _go(self, url: str) -> Response | None:
        try:
            return self.page.goto(url, wait_until="load")
        except TimeoutError as error:
            raise NoAnswer("GET", url, f"the page did not load within {LIMIT:.0f} s", timed_out=True) from error
        except Error as error:
            if self.left_for is not None:
                raise self.unmet("that the browser stays within the deployment") from error
            if "interrupted by another navigation" not in error.message:
                raise NoAnswer("GET", url, error.message.splitlines()[0], timed_out=False) from error
            # The page sent the browser on before it had loaded, as a guard in a script does.
            self.page.wait_for_load_state("load")
            return None

    def submit(self, values: Mapping[FormField, str], button: str, settled: Callable[[], bool]) -> bool:
        """Fill in and press until the deployment takes it without a 429; whether ``settled`` came true in time.

        Raises Unmet when a field or the button isn't there, Throttled when throttled past the budget.
        """
        for attempt in itertools.count():
            for field, value in values.items():
                self.fill(field, value)
            mark = len(self.exchanges)
            self.press(button)
            self.wait(functools.partial(self._over, settled, mark))
            self.cookies()
            if settled():
                return True
            if (throttled := self._throttled_since(mark)) is None:
                return False
            self.deployment.client.throttle.wait(throttled, attempt)
        return False

    def _over(self, settled: Callable[[], bool], mark: int) -> bool:
        return settled() or self._throttled_since(mark) is not None

    def fill(self, field: FormField, value: str) -> None:
        """Type into a field. Raises Unmet when it can't be found or written to."""
        try:
            self.field(field).fill(value)
        except TimeoutError as error:
            raise self.unmet(f'that the field "{field.value}" can be filled in') from error

    def press(self, name: str) -> None:
        """Press a button. Raises Unmet when it can't be found or pressed."""
        try:
            self.button(name).click()
        except TimeoutError as error:
            raise self.unmet(f'that the button "{name}" can be pressed') from error

    def field(self, field: FormField) -> Locator:
        """A form field as the profile says it is found; one that is called exactly so goes before others."""
        if field.by == "name":
            return self.page.locator(f"[name={json.dumps(field.value)}]").first
        find = self.page.get_by_label if field.by == "label" else self.page.get_by_placeholder
        inputs = self.page.locator("input:not([type=hidden])")
        exact, similar = (inputs.and_(find(field.value, exact=exactly)) for exactly in (True, False))
        self.wait(lambda: similar.count() > 0)
        return (exact if exact.count() else similar).first

    def button(self, name: str) -> Locator:
        """A button by its name; the one of the form with the password goes before others of that name."""
        named = re.compile(rf"^\s*{re.escape(name)}\s*$", re.IGNORECASE)
        anywhere = self.page.get_by_role("button", name=named)
        form = self.page.locator("form").filter(has=self.page.locator("[type=password]"))
        inside = form.get_by_role("button", name=named)
        self.wait(lambda: anywhere.count() > 0)
        return (inside if inside.count() else anywhere).first

    def back(self) -> bool:
        """Press Back and wait for what it brings; whether there was anywhere to go."""
        before = self.page.url
        try:
            answer = self._go_back()
        except TimeoutError as error:
            raise NoAnswer("GET", before, f"Back brought no page within {LIMIT:.0f} s", timed_out=True) from error
        except Error as error:
            # The answer to a form isn't fetched again without asking: the browser shows a page of its own.
            if "net::ERR_CACHE_MISS" not in error.message:
                raise
            return True
        return answer is not None or self.page.url != before

    def _go_back(self) -> Response | None:
        for _ in range(_TRIES - 1):
            try:
                return self.page.go_back(wait_until="load")
            except Error as error:
                # The page was just being replaced by the one that the last answer led to.
                if "Not attached to an active page" not in error.message:
                    raise
                self.page.wait_for_load_state("load")
        return self.page.go_back(wait_until="load")

    def reload(self) -> None:
        """Load the page again."""
        try:
            self.page.reload(wait_until="load")
        except TimeoutError as error:
            raise NoAnswer("GET", self.page.url, f"no reload within {LIMIT:.0f} s", timed_out=True) from error

    def hold(self, cookies: list[dict[str, Any]]) -> None:
        """Put cookies into the window, each as Playwright's ``add_cookies`` takes it."""
        self._context.add_cookies(cookies)  # type: ignore[arg-type]

    def watch_for(self, texts: list[str]) -> None:
        """From the next page on, note in ``appeared`` which of the texts is ever part of a page."""
        self._context.expose_function("conformanceSaw", self._note_appearance)
        self._context.add_init_script(f"({_WATCH})({json.dumps(texts)})")

    # --- seeing ---

    def wait(self, condition: Callable[[], bool], seconds: float = LIMIT) -> bool:
        """Wait until the condition is true; whether it came true within the limit."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(_POLL_MS)
        return True

    def at(self, path: str) -> bool:
        """Whether the window is at a page of the deployment, whatever its query."""
        here = re.split(r"[?#]", self.page.url)[0]
        return here.rstrip("/") == self.deployment.target.url("web", path).rstrip("/")

    def text(self) -> str:
        """What can be seen on the page, form fields included; empty while there is no page."""
        return self._ask("body", _VISIBLE)

    def shows(self, texts: list[str]) -> bool:
        """Whether one of the texts can be seen."""
        seen = self.text()
        return any(text in seen for text in texts)

    def holds(self, texts: list[str]) -> str | None:
        """The first of the texts that is part of the page, seen or not; None when none is."""
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
        """Every cookie of the window, as Playwright gives them, each value registered as a secret."""
        found: list[dict[str, Any]] = [dict(cookie) for cookie in self._context.cookies()]
        for cookie in found:
            register(cookie["value"], "cookie")
        return found

    def readable_by_scripts(self) -> dict[str, Any]:
        """What a script on the page gets at: ``cookie`` (a string), ``local`` and ``session`` (storage)."""
        found: dict[str, Any] = self.page.locator("html").evaluate(_READABLE)
        return found

    def unmet(self, expected: str, came: str | None = None) -> Unmet:
        """The finding that something expected was not there; what came is else what the window shows."""
        self.cookies()
        return Unmet(expected, came or self.describe(), self.exchanges[-3:])

    def describe(self) -> str:
        """Where the window is and what it says, as the end of a sentence."""
        if self.left_for is not None:
            return f"the browser was sent to {self.left_for}, outside the deployment"
        complaint, text = map(one_line, (self._ask("body", _COMPLAINTS), self.text()))
        says = f'the page says "{complaint}"' if complaint else f'the page shows "{text[:_SHOWN]}"'
        strays = sorted({origin_of(url) for url in self.strayed})
        stopped = f" (requests to {', '.join(strays)} were stopped)" if strays else ""
        return (
            f"the browser is at {self.page.url} and {says if complaint or text else 'the page is empty'}{stopped}"
        )
