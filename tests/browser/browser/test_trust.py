"""The browser accepts the certificates that the client accepts, and no others."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Error, sync_playwright

from harness.browser.install import ensure_browser, launch_arguments
from harness.core.exchange import NoAnswer
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget
from harness.wire.trust import Trust
from tests.support.certificate import certificate


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A page that says hello."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>Hello</p>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(params=["127.0.0.1", "other.example"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """A site with a certificate that signs itself: its URL, the certificate's name, and the certificate."""
    file = certificate(tmp_path, request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", request.param, file
    server.shutdown()
    server.server_close()
    thread.join()


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
