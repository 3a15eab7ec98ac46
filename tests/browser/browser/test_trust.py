"""The browser accepts the certificates that the client accepts, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

from harness.browser.install import ensure_browser, launch_arguments
from harness.core.exchange import NoAnswer
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget
from harness.wire.trust import Trust
from tests.support.certificate import certificate
from tests.support.tls_server import serving_tls


@pytest.fixture(params=["127.0.0.1", "other.example"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """A site with a certificate that signs itself: its URL, the certificate's name, and the certificate."""
    file = certificate(tmp_path, request.param)
    with serving_tls(file) as url:
        yield url, request.param, file


def client_gets(url: str, trust: Trust) -> bool:
    client = Client(frozenset({url}), ThrottleBudget(0.0), trust=trust)
    try:
        return client.send("Ann", "GET", f"{url}/").status == 200
    except NoAnswer:
        return False
    finally:
        client.close()


def browser_gets(url: str, trust: Trust) -> bool:
    choice = ensure_browser()
    if choice.executable is None:
        pytest.skip(f"no browser can be had: {choice.why}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(choice.executable, trust.pins([url])))
        try:
            page = browser.new_page()
            page.goto(f"{url}/")
            return "Hello" in page.content()
        except Error:
            return False
        finally:
            browser.close()


@pytest.mark.parametrize("how", ["the system's authorities", "its own authority", "any"])
def test_both_accept_the_same(site: tuple[str, str, Path], how: str) -> None:
    url, name, file = site
    trust = {
        "the system's authorities": Trust(),
        "its own authority": Trust(ca=file),
        "any": Trust(insecure=True),
    }[how]
    accepted = how == "any" or (how == "its own authority" and name == "127.0.0.1")
    assert client_gets(url, trust) is accepted
    assert browser_gets(url, trust) is accepted
