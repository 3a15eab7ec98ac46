"""One browser window: opens pages, fills in forms, presses buttons.

Where things are comes from the profile's ``[pages]``. Every wait ends within a limit that has a name.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, assert_never

import httpx
from playwright.sync_api import Error, TimeoutError  # noqa: A004 - it is Playwright's that is caught

from harness.browser.observed import LIMIT, Observed
from harness.core.exchange import NoAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Response

    from harness.deployment.deployment import Deployment
    from harness.profile.pages import FormField

_TRIES = 3


class Window(Observed):
    """A browser of somebody's, with cookies, cache and history of its own."""

    def __init__(self, deployment: Deployment, context: BrowserContext, who: str, *, traced: bool = False) -> None:
        self._traced = traced
        if traced:
            # Snapshots of the document are text, in which secrets can be masked; a film strip is pictures.
            context.tracing.start(snapshots=True, screenshots=False, sources=False)
        context.set_default_timeout(LIMIT * 1000)
        super().__init__(deployment, context, who)

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

    # --- doing ---

    def open(self, path: str) -> None:
        """Open a page and wait until it has loaded.

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
        """Fill in, press the button, and wait; a 429 is waited out.

        Returns whether ``settled`` came true in time.

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
        """Type into a field.

        Raises Unmet when it can't be found or written to.
        """
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
        """A form field as the profile says it is found.

        One that is called exactly so goes before others.
        """
        find: Callable[..., Locator]
        match field.by:
            case "name":
                return self.page.locator(f"[name={json.dumps(field.value)}]").first
            case "label":
                find = self.page.get_by_label
            case "placeholder":
                find = self.page.get_by_placeholder
            case "role":
                find = self._text_box
            case _:
                assert_never(field.by)
        inputs = self.page.locator("input:not([type=hidden])")
        exact, similar = (inputs.and_(find(field.value, exact=exactly)) for exactly in (True, False))
        self.wait(lambda: similar.count() > 0)
        return (exact if exact.count() else similar).first

    def _text_box(self, name: str, *, exact: bool) -> Locator:
        """A text box by its accessible name.

        A field for a password has no role (HTML-AAM), and is found by its name alone.
        """
        ways = (self.page.get_by_label, self.page.get_by_title, self.page.get_by_placeholder)
        named = functools.reduce(lambda one, other: one.or_(other), (way(name, exact=exact) for way in ways))
        password = self.page.locator("[type=password]").and_(named)
        return self.page.get_by_role("textbox", name=name, exact=exact).or_(password)

    def button(self, name: str) -> Locator:
        """A button by its name.

        The one of the form with the password goes before others of that name.
        """
        named = re.compile(rf"^\s*{re.escape(name)}\s*$", re.IGNORECASE)
        anywhere = self.page.get_by_role("button", name=named)
        form = self.page.locator("form").filter(has=self.page.locator("[type=password]"))
        inside = form.get_by_role("button", name=named)
        self.wait(lambda: anywhere.count() > 0)
        return (inside if inside.count() else anywhere).first

    def back(self) -> bool:
        """Press Back and wait for what it brings.

        Returns whether there was anywhere to go.
        """
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

    def add_cookies(self, cookies: list[dict[str, Any]]) -> None:
        """Put cookies into the window, each as Playwright's ``add_cookies`` takes it."""
        self._context.add_cookies(cookies)  # type: ignore[arg-type]
