"""Keeps a browser's windows at their deployment.

A page may load scripts, fonts and frames from wherever it likes. Where a whole window would go elsewhere, by a
link, a redirect or a form, the request is stopped before it leaves. Playwright's own way to stop requests would
switch Chromium's cache off, and with it what the Back button can bring back.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error

from harness.core.exchange import origin_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from playwright.sync_api import Browser, CDPSession

_DOCUMENTS = {"patterns": [{"urlPattern": "*", "resourceType": "Document"}]}


def confine(browser: Browser, origins: Collection[str]) -> None:
    """Keep every window of the browser at these origins.

    Those that pages open are windows, too.
    """
    session = browser.new_browser_cdp_session()

    def decide(paused: dict[str, Any]) -> None:
        # What was paused may be gone by now, with its window.
        with contextlib.suppress(Error):
            answer = {"requestId": paused["requestId"]}
            if is_at(paused["request"]["url"], origins) or not _fills_window(session, paused["frameId"]):
                session.send("Fetch.continueRequest", answer)
            else:
                session.send("Fetch.failRequest", {**answer, "errorReason": "BlockedByClient"})

    session.on("Fetch.requestPaused", decide)
    session.send("Fetch.enable", _DOCUMENTS)


def is_at(url: str, origins: Collection[str]) -> bool:
    """Whether a URL is at one of the origins.

    One that is at no origin at all, such as ``data:``, counts as well.
    """
    return not url.startswith("http") or origin_of(url) in origins


def _fills_window(session: CDPSession, frame: str) -> bool:
    """Whether the frame is the whole of a window.

    The window's target then has its id.
    """
    targets = session.send("Target.getTargets")["targetInfos"]
    return any(target["targetId"] == frame and target["type"] == "page" for target in targets)
