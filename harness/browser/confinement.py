"""Keeps a browser's windows at their deployment.

A page may load scripts, fonts and frames from wherever it likes. Where a whole window would go elsewhere, by a
link, a redirect or a form, the request is stopped before it leaves. Playwright's own way to stop requests would
switch Chromium's cache off, and with it what the Back button can bring back. So would its way to give a password
to a web server; and what it adds to every request it adds to those to other origins as well.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error

from harness.core.exchange import origin_of
from harness.wire.gate import OPEN, Gate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from playwright.sync_api import Browser, CDPSession

    from harness.wire.proxy import Proxy

_EVERYTHING = {"urlPattern": "*"}
_DOCUMENTS = {"urlPattern": "*", "resourceType": "Document"}


def confine(browser: Browser, origins: Collection[str], gate: Gate = OPEN, proxy: Proxy | None = None) -> None:
    """Keep every window of the browser at these origins.

    Those that pages open are windows, too. Every request to the origins, and no other, has what the gate wants.
    """
    session = browser.new_browser_cdp_session()

    def decide(paused: dict[str, Any]) -> None:
        # What was paused may be gone by now, with its window.
        with contextlib.suppress(Error):
            answer: dict[str, Any] = {"requestId": paused["requestId"]}
            asked = paused["request"]
            if gate and origin_of(asked["url"]) in origins:
                session.send("Fetch.continueRequest", {**answer, "headers": _let_through(asked["headers"], gate)})
            elif (
                paused["resourceType"] != "Document"
                or is_at(asked["url"], origins)
                or not _fills_window(session, paused["frameId"])
            ):
                session.send("Fetch.continueRequest", answer)
            else:
                session.send("Fetch.failRequest", {**answer, "errorReason": "BlockedByClient"})

    def log_in(asked: dict[str, Any]) -> None:
        with contextlib.suppress(Error):
            answer = _password(asked["authChallenge"], proxy)
            session.send(
                "Fetch.continueWithAuth", {"requestId": asked["requestId"], "authChallengeResponse": answer}
            )

    session.on("Fetch.requestPaused", decide)
    session.on("Fetch.authRequired", log_in)
    guarded = [{"urlPattern": f"{origin}/*"} for origin in sorted(origins)] if gate else []
    # A proxy may ask for its password at any request.
    asks = proxy is not None and bool(proxy.user)
    patterns = [_EVERYTHING] if asks else [*guarded, _DOCUMENTS]
    session.send("Fetch.enable", {"patterns": patterns, "handleAuthRequests": asks})


def _password(challenge: Mapping[str, str], proxy: Proxy | None) -> dict[str, str]:
    """The answer to a question for a password.

    Only the proxy's own is answered.
    """
    if proxy is None or challenge.get("source") != "Proxy":
        return {"response": "Default"}
    return {"response": "ProvideCredentials", "username": proxy.user, "password": proxy.password}


def _let_through(headers: Mapping[str, str], gate: Gate) -> list[dict[str, str]]:
    """The headers of a request, with what the gate wants."""
    every = [*headers.items(), *gate.beside_own(headers)]
    return [{"name": name, "value": value} for name, value in every]


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
