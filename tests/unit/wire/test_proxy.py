"""Every request goes through the proxy, however it is sent, and no other way where that fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.core.exchange import Exchange, NoAnswer
from harness.core.processes import free_port
from harness.wire import silence
from harness.wire.client import Client
from harness.wire.proxy import Proxy
from harness.wire.throttle import ThrottleBudget
from harness.wire.together import Outgoing
from harness.wire.trust import Trust
from tests.support.certificate import certificate
from tests.support.local_proxy import LocalProxy, proxying
from tests.support.local_server import serving
from tests.support.tls_server import serving_tls


def _together(client: Client, url: str) -> Exchange | NoAnswer:
    return client.send_together([Outgoing("Ann", "GET", url, [], None)])[0]


WAYS: dict[str, Callable[[Client, str], Exchange | NoAnswer]] = {
    "send": lambda client, url: client.send("Ann", "GET", url),
    "send_verbatim": lambda client, url: client.send_verbatim("Ann", "GET", url, [("X", b"y")]),
    "send_together": _together,
}
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
PASSWORD = "porter:password-of-the-proxy"


def client_of(url: str, proxy: LocalProxy, password: str = "", trust: Trust | None = None) -> Client:
    user, _, secret = password.partition(":")
    through = Proxy("127.0.0.1", proxy.port, user, secret)
    return Client(frozenset({url}), ThrottleBudget(0.0), proxy=through, trust=trust or Trust())


def asked_by(way: Callable[[Client, str], Exchange | NoAnswer], client: Client, url: str) -> Exchange | NoAnswer:
    try:
        return way(client, url)
    except NoAnswer as silent:
        return silent
    finally:
        client.close()


@each_way
@pytest.mark.parametrize("password", ["", PASSWORD], ids=["open", "with a password"])
def test_http_is_forwarded(way: Callable[[Client, str], Exchange | NoAnswer], password: str) -> None:
    with serving(lambda handler: handler.say(200, b"hello")) as server, proxying(password) as proxy:
        answer = asked_by(way, client_of(server.url, proxy, password), f"{server.url}/page?x=1")
    assert isinstance(answer, Exchange)
    assert (answer.status, answer.body) == (200, b"hello")
    assert proxy.asked == [f"GET {server.url}/page?x=1"]
    (asked,) = server.asked
    assert asked.path == "/page?x=1"
    assert asked.headers["host"] == [server.url.removeprefix("http://")]
    assert "proxy-authorization" not in {name.lower() for name, _ in answer.request_headers}


@each_way
@pytest.mark.parametrize("password", ["", PASSWORD], ids=["open", "with a password"])
def test_https_goes_through_a_tunnel(
    way: Callable[[Client, str], Exchange | NoAnswer], password: str, tmp_path: Path
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    with serving_tls(file) as url, proxying(password) as proxy:
        answer = asked_by(way, client_of(url, proxy, password, Trust(ca=file)), f"{url}/")
    assert isinstance(answer, Exchange)
    assert answer.body == b"<p>Hello</p>"
    assert proxy.asked == [f"CONNECT {url.removeprefix('https://')}"]


@each_way
def test_a_proxy_that_makes_no_tunnel_is_told(
    way: Callable[[Client, str], Exchange | NoAnswer], tmp_path: Path
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    with serving_tls(file) as url, proxying(PASSWORD) as proxy:
        silent = asked_by(way, client_of(url, proxy, trust=Trust(ca=file)), f"{url}/")
    assert isinstance(silent, NoAnswer)
    assert silent.why.startswith(f"the proxy 127.0.0.1:{proxy.port} makes no connection (407")
    assert silence.explained(silent).remedy == (
        "Correct reach.proxy, its user and its password, or have the proxy connect there."
    )


@each_way
def test_a_proxy_that_is_not_there_is_told(way: Callable[[Client, str], Exchange | NoAnswer]) -> None:
    with serving(lambda handler: handler.say(200)) as server:
        silent = asked_by(way, client_of(server.url, LocalProxy(free_port())), f"{server.url}/")
    assert isinstance(silent, NoAnswer)
    assert silence.explained(silent).what.startswith(
        "is behind a proxy that does not answer (the proxy 127.0.0.1:"
    )
    assert server.asked == [], "no request goes another way"


def test_the_certificate_is_looked_at_through_the_proxy(tmp_path: Path) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    with serving_tls(file) as url, proxying(PASSWORD) as proxy:
        user, _, secret = PASSWORD.partition(":")
        (pin,) = Trust(ca=file).pins([url], Proxy("127.0.0.1", proxy.port, user, secret))
        assert Trust(ca=file).pins([url]) == [pin]
        assert Trust(ca=file).pins([url], Proxy("127.0.0.1", free_port())) == []
    assert proxy.asked == [f"CONNECT {url.removeprefix('https://')}"]
