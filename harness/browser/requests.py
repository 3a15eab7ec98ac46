"""The requests of a browser window, and what became of them."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus, urlsplit

import httpx
from playwright.sync_api import Error

from harness.browser.confinement import is_at
from harness.core.exchange import Exchange, is_safe, origin_of
from harness.core.text import listed

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Request, Response, Route

    from harness.browser.shared import Shared
    from harness.deployment.deployment import Deployment

_DATA = ("fetch", "xhr")
_TALK = ("document", *_DATA)
_WAITED_FOR = (*_TALK, "script")
_UNDER_WAY = 8
"""Paths that a sentence about a circle names at most."""


class Requests:
    """The requests of one window.

    ``exchanges`` are those of documents and scripts that the deployment answered, without bodies of answers;
    ``document`` is the last one that filled the window; ``asked`` is every URL that was asked for; ``left_for`` is
    where a whole window was sent outside the deployment, which it did not reach; ``circle`` are the paths between
    which it was sent to and fro; ``not_loaded`` are scripts of the page that could not be had.
    """

    def __init__(self, deployment: Deployment, context: BrowserContext, who: str, shared: Shared) -> None:
        self.deployment = deployment
        self.who = who
        self.shared = shared
        self.exchanges: list[Exchange] = []
        self.document: Exchange | None = None
        self.asked: list[str] = []
        self.left_for: str | None = None
        self.circle = ""
        self.not_loaded: list[str] = []
        self._running: dict[Request, float] = {}
        self._navigated = 0.0
        self._context = context
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        context.on("requestfinished", self._note_end)
        context.on("requestfailed", self._note_failure)

    def pending(self, since: float = 0.0) -> list[str]:
        """The URLs of documents, scripts and data still on their way.

        ``since`` is a time of the monotonic clock. What a page before this one asked for does not count.
        """
        least = max(since, self._navigated)
        return [request.url for request, started in self._running.items() if started >= least]

    def fail_requests(self, text: str = "") -> list[str]:
        """Let writes that carry the text fail on the way.

        Returns their addresses, to which later ones are added. The window has no cache from now on.
        """
        failed: list[str] = []

        def decide(route: Route) -> None:
            request = route.request
            said = (request.post_data_buffer or b"").decode("utf-8", "replace")
            if not is_safe(request.method) and any(text in one for one in (said, unquote_plus(said))):
                failed.append(request.url)
                route.abort("connectionfailed")
            else:
                route.continue_()

        self._context.route("**/*", decide)
        return failed

    def throttled_since(self, mark: int) -> Exchange | None:
        """The first answer 429 from the ``mark``-th exchange on."""
        answers = self.exchanges[mark:]
        return next((one for one in answers if one.status == httpx.codes.TOO_MANY_REQUESTS), None)

    def _note_request(self, request: Request) -> None:
        now = time.monotonic()
        self.asked.append(request.url)
        if request.resource_type in _WAITED_FOR:
            self._running[request] = now
        if _fills_window(request):
            self._navigated, self.circle = now, ""
            self.not_loaded.clear()
            if not self._is_own(request):
                self.left_for = request.url

    def _note_response(self, response: Response) -> None:
        request = response.request
        started = self._running.get(request, time.monotonic())
        if request.resource_type in _DATA:
            # A page need not read all of an answer, and then it never ends.
            self._note_end(request)
        if not self._is_own(request):
            self.shared.other_origins.add(origin_of(request.url))
            return
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
            by_browser=True,
        )
        self.exchanges.append(exchange)
        self.deployment.client.record(exchange)
        if _fills_window(request):
            self.document = exchange

    def _note_end(self, request: Request) -> None:
        self._running.pop(request, None)

    def _note_failure(self, request: Request) -> None:
        self._note_end(request)
        failure = request.failure or ""
        if "ERR_TOO_MANY_REDIRECTS" in failure and _fills_window(request):
            self.circle = _way_of(request)
        # What the page's own policy stops, or the page itself takes back, is its own doing.
        elif request.resource_type == "script" and failure.startswith("net::") and "ERR_ABORTED" not in failure:
            self.not_loaded.append(request.url)

    def _is_own(self, request: Request) -> bool:
        return is_at(request.url, self.deployment.target.origins)


def _fills_window(request: Request) -> bool:
    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except Error:
        # A window that a page has just opened has no frame to ask for yet.
        return True


def _way_of(request: Request | None) -> str:
    """The paths that a chain of redirects came to again and again."""
    paths: Counter[str] = Counter()
    while request is not None:
        paths[urlsplit(request.url).path or "/"] += 1
        request = request.redirected_from
    return listed(sorted(path for path, times in paths.items() if times > 1)[:_UNDER_WAY], "and")
