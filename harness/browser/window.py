"""One browser window: opens pages, fills in forms, presses buttons.

Where things are comes from the profile's ``[pages]``. Every wait ends within a limit that has a name.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Error, TimeoutError  # noqa: A004 - it is Playwright's that is caught

from harness.browser.keyboard import Keyboard
from harness.browser.operability import cannot_fill, cannot_press, cannot_submit, not_shown
from harness.browser.shared import Shared
from harness.core.exchange import NoAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Response

    from harness.browser.forms import Form
    from harness.core.errors import Unavailable
    from harness.core.findings import Unmet
    from harness.deployment.deployment import Deployment
    from harness.profile.pages import FormField

_TRIES = 3
_LESS_PATIENCE = 3.0
_MOST_LINKS = 20


class Window(Keyboard):
    """A browser of somebody's, with cookies, cache and history of its own."""

    def __init__(
        self,
        deployment: Deployment,
        context: BrowserContext,
        who: str,
        *,
        traced: bool = False,
        shared: Shared | None = None,
    ) -> None:
        self._traced = traced
        if traced:
            # Snapshots of the document are text, in which secrets can be masked; a film strip is pictures.
            context.tracing.start(snapshots=True, screenshots=False, sources=False)
        shared = shared or Shared()
        context.set_default_timeout(shared.limit * 1000)
        super().__init__(deployment, context, who, shared)

    def close(self) -> None:
        """Forget cookies, cache and history."""
        self._context.close()

    def save_trace(self, path: Path) -> bool:
        """Write what was done so far as a Playwright trace.

        Secrets are in it. Returns whether there is one.
        """
        if self._traced:
            self._traced = False
            self._context.tracing.stop(path=path)
            return True
        return False

    # --- moving ---

    def open(self, path: str) -> None:
        """Open a page and wait until it has loaded.

        Raises NoAnswer when it can't be had, Unmet when it leads round in circles, Unavailable when it does not
        come in time or sends the window out of the deployment.
        """
        url = self.deployment.target.url("web", path)
        self.opened = urlsplit(url).path or "/"
        for attempt in itertools.count():
            mark = len(self.exchanges)
            answer = self._go(url)
            throttled = self.throttled_since(mark)
            if answer is None or answer.status != httpx.codes.TOO_MANY_REQUESTS or throttled is None:
                return
            self.deployment.client.throttle.wait(throttled, attempt)

    def _go(self, url: str) -> Response | None:
        try:
            answer = self.page.goto(url, wait_until="commit")
        except TimeoutError as error:
            raise self._not_come(url, f"that {self.opened} opens in a browser") from error
        except Error as error:
            if self.circle or self.left_for is not None:
                raise self.not_shown(f"that {self.opened} opens in a browser") from error
            if "interrupted by another navigation" not in error.message:
                raise NoAnswer("GET", url, error.message.splitlines()[0], timed_out=False) from error
            # The page sent the browser on before it had loaded, as a guard in a script does.
            answer = None
        self._load()
        return answer

    def _not_come(self, url: str, expected: str) -> Exception:
        """Why no page came within the limit."""
        if self.pending():
            return self.not_shown(expected)
        return NoAnswer("GET", url, f"no page came within {self.shared.limit:.0f} s", timed_out=True)

    def _load(self) -> None:
        """Wait until all of the page is there, within the limit.

        What is missing then may not be needed.
        """
        try:
            self.page.wait_for_load_state("load", timeout=self.shared.load_seconds * 1000)
        except TimeoutError:
            # Something on it does not come, and would not come on the next page either.
            self.shared.load_seconds = min(_LESS_PATIENCE, self.shared.limit)

    def back(self) -> bool:
        """Press Back and wait for what it brings.

        Returns whether there was anywhere to go.
        """
        before = self.page.url
        try:
            answer = self._go_back()
        except TimeoutError as error:
            raise self._not_come(before, "that Back brings a page") from error
        except Error as error:
            # The answer to a form isn't fetched again without asking: the browser shows a page of its own.
            if "net::ERR_CACHE_MISS" not in error.message:
                raise
            return True
        self._load()
        return answer is not None or self.page.url != before

    def _go_back(self) -> Response | None:
        for _ in range(_TRIES - 1):
            try:
                return self.page.go_back(wait_until="commit")
            except Error as error:
                # The page was just being replaced by the one that the last answer led to.
                if "Not attached to an active page" not in error.message:
                    raise
                self._load()
        return self.page.go_back(wait_until="commit")

    def reload(self) -> None:
        """Load the page again."""
        try:
            self.page.reload(wait_until="commit")
        except TimeoutError as error:
            raise self._not_come(self.page.url, f"that a reload shows {self.path} again") from error
        except Error as error:
            if self.circle or self.left_for is not None:
                raise self.not_shown(f"that a reload shows {self.path} again") from error
            raise
        self._load()

    # --- doing ---

    def submit(self, form: Form, settled: Callable[[], bool]) -> bool:
        """Fill in, press the button, and wait; a 429 is waited out.

        Returns whether ``settled`` came true in time. The form is that of the page that is open.

        Raises Unmet or Unavailable when it can't be filled in, pressed or got through, Throttled when throttled
        past the budget.
        """
        path = self.path
        for attempt in itertools.count():
            for field, value in form.entries:
                self.fill(field, value)
            mark, started = len(self.exchanges), time.monotonic()
            self._press(form.button, form)
            self.wait(functools.partial(self._over, settled, mark))
            self.cookies()
            if settled():
                if self.left_for is None:
                    self.shared.operated.add(path)
                return True
            if (throttled := self.throttled_since(mark)) is None:
                break
            self.deployment.client.throttle.wait(throttled, attempt)
        if (why := cannot_submit(self, form, path, started)) is not None:
            raise why
        return False

    def _over(self, settled: Callable[[], bool], mark: int) -> bool:
        return settled() or self.throttled_since(mark) is not None

    def fill(self, field: FormField, value: str | bool) -> None:  # noqa: FBT001 - what a form holds
        """Type into a field, choose from a list, or tick a box.

        Raises Unmet or Unavailable when it can't be found or written to.
        """
        found = self.field(field)
        if not found.count():
            raise cannot_fill(self, field, found)
        try:
            _put(found, value)
        except TimeoutError as error:
            raise cannot_fill(self, field, found) from error

    def kind(self, field: FormField) -> str:
        """The ``type`` of a field.

        Raises Unmet or Unavailable when it can't be found.
        """
        found = self.field(field)
        if not found.count():
            raise cannot_fill(self, field, found)
        return str(found.evaluate("field => field.type"))

    def press(self, name: str, steps: Sequence[str] = ()) -> None:
        """Press a button, or a link, after those of the steps.

        Raises Unmet or Unavailable when one can't be found or pressed.
        """
        for one in (*steps, name):
            self._press(one)

    def _press(self, name: str, form: Form | None = None) -> None:
        found = self.button(name) if form is not None else self.pressable(name)
        if not found.count():
            raise cannot_press(self, name, found, form)
        try:
            found.click()
        except TimeoutError as error:
            raise cannot_press(self, name, found, form) from error

    def double_press(self, name: str) -> None:
        """Double-click a button.

        Raises Unmet or Unavailable when it can't be found or pressed.
        """
        found = self.button(name)
        try:
            found.dblclick()
        except TimeoutError as error:
            raise cannot_press(self, name, found, None) from error

    def hover_links(self) -> None:
        """Pass the pointer over the first links that can be seen.

        Waits for what they ask for.
        """
        for link in self.page.locator("a[href]").filter(visible=True).all()[:_MOST_LINKS]:
            # One may lie under another element.
            with contextlib.suppress(Error):
                link.hover(timeout=_LESS_PATIENCE * 1000)
        self.wait(lambda: not self.pending(), _LESS_PATIENCE)

    def not_shown(self, expected: str) -> Unmet | Unavailable:
        """The finding that what a page was to show did not come."""
        return not_shown(self, expected)

    def add_cookies(self, cookies: list[dict[str, Any]]) -> None:
        """Put cookies into the window, each as Playwright's ``add_cookies`` takes it."""
        self._context.add_cookies(cookies)  # type: ignore[arg-type]


def _put(found: Locator, value: str | bool) -> None:  # noqa: FBT001 - as above
    if isinstance(value, bool):
        found.set_checked(value)
    elif found.evaluate("field => field.tagName") == "SELECT":
        found.select_option(value)
    else:
        # Some fields are read-only until they have the focus.
        found.focus()
        found.fill(value)
