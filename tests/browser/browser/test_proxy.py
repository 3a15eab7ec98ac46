"""The browser goes through the proxy as the client does, and stays at the deployment."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from harness.browser.confinement import confine
from harness.browser.install import ensure_browser, launch_arguments
from harness.wire.gate import Gate
from harness.wire.proxy import Proxy
from harness.wire.trust import Trust
from tests.support.certificate import certificate
from tests.support.local_proxy import proxying
from tests.support.local_server import Handler, serving
from tests.support.tls_server import serving_tls

PASSWORD = "porter:password-of-the-proxy"
PAGE = '<!doctype html><script src="{other}/script.js"></script><a href="{other}/link">away</a>'


@pytest.fixture(params=["", PASSWORD], ids=["open", "with a password"])
def password(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def started(proxy: Proxy, pins: list[str]) -> dict[str, object]:
    choice = ensure_browser()
    if choice.executable is None:
        pytest.skip(f"no browser can be had: {choice.why}")
    return launch_arguments(choice.executable, pins, proxy)


def through(port: int, password: str) -> Proxy:
    user, _, secret = password.partition(":")
    return Proxy("127.0.0.1", port, user, secret)


def visit(browser: Browser, url: str) -> str:
    page = browser.new_page()
    page.goto(url)
    return page.content()


def test_pages_come_through_it_and_windows_stay(password: str) -> None:
    with serving(lambda handler: handler.say(200)) as other, proxying(password) as proxy:

        def answer(handler: Handler) -> None:
            handler.say(200, PAGE.format(other=other.url).encode(), ("Content-Type", "text/html"))

        with serving(answer) as own, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**started(through(proxy.port, password), []))  # type: ignore[arg-type]
            confine(browser, {own.url}, Gate((("X-Bypass", "yes"),)), through(proxy.port, password))
            page = browser.new_page()
            page.goto(f"{own.url}/")
            with pytest.raises(Error):
                page.goto(f"{other.url}/link")
            browser.close()
    assert {f"GET {own.url}/", f"GET {other.url}/script.js"} <= set(proxy.asked)
    assert len(own.asked) + len(other.asked) == len(proxy.asked), "nothing goes another way"
    assert {one.path for one in other.asked} == {"/script.js"}
    assert all(one.headers["x-bypass"] == ["yes"] for one in own.asked)
    assert not any("x-bypass" in one.headers or "proxy-authorization" in one.headers for one in other.asked)


def test_no_other_server_gets_the_proxys_password() -> None:
    def ask(handler: Handler) -> None:
        handler.say(401, b"", ("WWW-Authenticate", 'Basic realm="mine"'))

    with serving(ask) as own, proxying(PASSWORD) as proxy, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**started(through(proxy.port, PASSWORD), []))  # type: ignore[arg-type]
        confine(browser, {own.url}, proxy=through(proxy.port, PASSWORD))
        visit(browser, f"{own.url}/")
        browser.close()
    assert own.asked
    assert not any("authorization" in one.headers for one in own.asked)


def test_https_goes_through_a_tunnel(password: str, tmp_path: Path) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    with serving_tls(file) as url, proxying(password) as proxy, sync_playwright() as playwright:
        pins = Trust(ca=file).pins([url], through(proxy.port, password))
        browser = playwright.chromium.launch(**started(through(proxy.port, password), pins))  # type: ignore[arg-type]
        confine(browser, {url}, proxy=through(proxy.port, password))
        assert "Hello" in visit(browser, f"{url}/")
        browser.close()
    assert f"CONNECT {url.removeprefix('https://')}" in proxy.asked
