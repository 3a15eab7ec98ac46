"""What lets a request through to the deployment is with each that is sent, and in no record of one."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest

from harness.core.blocker import Blocker
from harness.core.exchange import Exchange
from harness.core.findings import HarnessError, NotTested
from harness.core.redaction import redact
from harness.core.verdict import finding
from harness.wire.client import Client
from harness.wire.gate import AuthorizationTaken, Gate
from harness.wire.throttle import ThrottleBudget
from harness.wire.together import Outgoing
from tests.support.local_server import Server, serving

BYPASS = ("X-Bypass", "let-me-through")
PASSWORD = "gatekeeper:the-password"
BASIC = f"Basic {base64.b64encode(PASSWORD.encode()).decode()}"
OWN = ("Accept", "text/html")


def _together(client: Client, url: str) -> Exchange:
    (came,) = client.send_together([Outgoing("Ann", "GET", url, [OWN], None)])
    assert isinstance(came, Exchange)
    return came


WAYS: dict[str, Callable[[Client, str], Exchange]] = {
    "send": lambda client, url: client.send("Ann", "GET", url, [OWN]),
    "send_once": lambda client, url: client.send_once("Ann", "GET", url, [OWN]),
    "send_verbatim": lambda client, url: client.send_verbatim("Ann", "GET", url, [("Accept", b"text/html")]),
    "send_together": _together,
}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lambda handler: handler.say(200)) as running:
        yield running


def client_of(server: Server, gate: Gate) -> Client:
    return Client(frozenset({server.url}), ThrottleBudget(0.0), gate=gate)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_each_request_has_it(server: Server, way: Callable[[Client, str], Exchange]) -> None:
    client = client_of(server, Gate((BYPASS,), basic=PASSWORD))
    exchange = way(client, f"{server.url}/")
    (asked,) = server.asked
    assert asked.headers["x-bypass"] == ["let-me-through"]
    assert asked.headers["authorization"] == [BASIC]
    assert asked.headers["accept"] == ["text/html"]
    assert list(exchange.request_headers) == [OWN], "it is none of what a scenario sent"
    client.close()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_a_request_has_itself_is_not_sent_twice(
    server: Server, way: Callable[[Client, str], Exchange]
) -> None:
    client = client_of(server, Gate((("accept", "*/*"), BYPASS)))
    way(client, f"{server.url}/")
    assert server.asked[0].headers["accept"] == ["text/html"]
    client.close()


def test_a_credential_in_authorization_is_not_judged_behind_basic_auth(server: Server) -> None:
    client = client_of(server, Gate(basic=PASSWORD))
    with pytest.raises(AuthorizationTaken) as raised:
        client.send("Ann", "GET", f"{server.url}/", [("authorization", "Bearer x")])
    assert raised.value.reason == (
        "The request needs the header Authorization for itself, and basic auth (reach.basic) takes it."
    )
    assert raised.value.remedy.startswith("Let the suite through the gate in another way")
    judged = finding(raised.value)
    assert isinstance(judged, NotTested)
    assert judged.blocker is Blocker.MISSING
    assert server.asked == []
    client.close()


def test_no_other_origin_gets_it(server: Server) -> None:
    client = Client(frozenset({"http://127.0.0.1:1"}), ThrottleBudget(0.0), gate=Gate((BYPASS,)))
    with pytest.raises(HarnessError):
        client.send("Ann", "GET", f"{server.url}/")
    assert server.asked == []


def test_basic_auth_is_masked_as_it_is_sent() -> None:
    Gate(basic="keeper:a-password-of-the-gate")
    encoded = base64.b64encode(b"keeper:a-password-of-the-gate").decode()
    assert redact(f"Authorization: Basic {encoded}") == "Authorization: Basic <basic auth>"


def test_no_request_in_clear_has_it(server: Server) -> None:
    gate = Gate((BYPASS,), basic=PASSWORD)
    client = Client(
        frozenset({"https://app.example.com"}), ThrottleBudget(0.0), gate=gate, clear_origin=server.url
    )
    client.send_in_clear("an attacker", f"{server.url}/", [OWN])
    (asked,) = server.asked
    assert not {"x-bypass", "authorization"} & asked.headers.keys()
    client.close()
