"""Pages load from wherever they like, and no window leaves its deployment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from harness.browser.confinement import confine
from harness.browser.shared import Shared
from harness.browser.window import Window
from harness.core.errors import Misfit, Unavailable
from harness.core.exchange import origin_of
from harness.core.findings import Unmet
from harness.deployment.deployment import Deployment
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget
from tests.support.local_server import Handler, Server, serving

PAGE = """<!doctype html><script src="{other}/script.js"></script><iframe src="{other}/frame"></iframe>
<a id="link" href="{other}/link">away</a>
<a id="popup" href="{other}/popup" target="_blank">away</a>
<form method="post" action="{other}/form"><input name="password" value="s3"><button id="form">send</button></form>
<form method="post" action="/leaves"><button id="redirect">send</button></form>"""


@pytest.fixture(scope="module")
def other() -> Iterator[Server]:
    with serving(
        lambda handler: handler.say(200, b"window.loaded = true", ("Content-Type", "text/javascript"))
    ) as server:
        yield server


@pytest.fixture(scope="module")
def own(other: Server) -> Iterator[Server]:
    def answer(handler: Handler) -> None:
        match handler.path:
            case "/leaves":
                handler.say(303, b"", ("Location", f"{other.url}/redirect"))
            case "/round" | "/about":
                there = {"/round": "/about", "/about": "/round"}[handler.path]
                handler.say(303, b"", ("Location", there))
            case "/never":
                handler.server.stopping.wait()
            case _:
                handler.say(200, PAGE.format(other=other.url).encode(), ("Content-Type", "text/html"))

    with serving(answer) as server:
        yield server


@pytest.fixture(scope="module")
def confined(chromium: Browser, own: Server) -> Browser:
    confine(chromium, {origin_of(own.url)})
    return chromium


@pytest.fixture
def window(confined: Browser, own: Server) -> Iterator[Window]:
    client = Client(frozenset({own.url}), ThrottleBudget(0.0))
    deployment = Deployment(Target(load_profile("reference"), own.url, own.url), client)
    opened = Window(deployment, confined.new_context(), "Ann", shared=Shared())
    yield opened
    opened.close()
    client.close()


def visited(server: Server) -> set[str]:
    """The paths that somebody asked the server for since the last look."""
    paths = {asked.path for asked in server.asked}
    server.asked.clear()
    return paths


def test_scripts_and_frames_of_other_origins_load_and_are_noted(window: Window, other: Server) -> None:
    window.open("/")
    assert window.page.evaluate("window.loaded") is True
    assert visited(other) == {"/script.js", "/frame"}
    assert window.shared.other_origins == {other.url}
    assert window.left_for is None
    assert {origin_of(exchange.url) for exchange in window.exchanges} == {origin_of(window.page.url)}


@pytest.mark.parametrize("way", ["link", "popup", "form", "redirect"])
def test_no_window_gets_there(window: Window, other: Server, way: str) -> None:
    window.open("/")
    visited(other)
    window.page.locator(f"#{way}").click()
    assert window.wait(lambda: window.left_for is not None)
    assert window.left_for == f"{other.url}/{way}"
    window.page.wait_for_timeout(100)
    assert visited(other) <= {"/script.js", "/frame"}


def test_a_page_that_leads_away_is_otherwise_than_the_profile_says(window: Window, other: Server) -> None:
    with pytest.raises(Misfit, match=rf"that /leaves opens in a browser: .*sent to {other.url}, outside"):
        window.open("/leaves")


def test_whoever_got_through_a_page_has_found_a_failure(window: Window) -> None:
    window.shared.operated.add("/leaves")
    with pytest.raises(Unmet, match=r"that /leaves opens in a browser; the browser was sent to .*, outside"):
        window.open("/leaves")


def test_a_page_that_does_not_come_is_pending(window: Window) -> None:
    window.page.set_default_timeout(300)
    with pytest.raises(
        Unavailable, match=r"that /never opens in a browser: a request of the page is pending.*/never"
    ):
        window.open("/never")


def test_a_circle_is_a_failure_in_words(window: Window) -> None:
    with pytest.raises(Unmet, match="the browser was sent round in circles between /about and /round"):
        window.open("/round")
