"""Requests at the same moment meet in the server, and leave one record in order."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from harness.core.exchange import Exchange, NoAnswer, origin_of
from harness.core.findings import HarnessError
from harness.core.processes import free_port
from harness.wire.client import Client
from harness.wire.heartbeat import Outage
from harness.wire.throttle import ThrottleBudget
from harness.wire.together import Outgoing
from tests.support.limits import LIMIT_SECONDS
from tests.support.local_server import Handler, serving

TIMES = 5
ClientFor = Callable[..., Client]


@pytest.fixture
def client_for() -> Iterator[ClientFor]:
    made: list[Client] = []

    def make(*urls: str) -> Client:
        made.append(Client(frozenset(map(origin_of, urls)), ThrottleBudget(0.0)))
        return made[-1]

    yield make
    for client in made:
        client.close()


def outgoing(url: str, times: int = TIMES) -> list[Outgoing]:
    return [
        Outgoing("Ann", "POST", f"{url}/refresh", [("X-Number", str(number))], f"token {number}".encode())
        for number in range(times)
    ]


def test_all_are_in_the_server_at_once(client_for: ClientFor) -> None:
    """Each is answered only when all have come."""
    inside = threading.Barrier(TIMES)

    def answer(handler: Handler) -> None:
        inside.wait(LIMIT_SECONDS)
        handler.say(200, handler.headers["X-Number"].encode())

    with serving(answer) as server:
        outcomes = client_for(server.url).send_together(outgoing(server.url))
    assert [one.text for one in outcomes if isinstance(one, Exchange)] == ["0", "1", "2", "3", "4"]
    assert sorted(asked.body for asked in server.asked) == [f"token {number}".encode() for number in range(TIMES)]
    assert all(one.together for one in outcomes if isinstance(one, Exchange))


def test_they_look_like_every_other_request(client_for: ClientFor) -> None:
    with serving(lambda handler: handler.say(200)) as server:
        client = client_for(server.url)
        client.send_together([Outgoing("Ann", "POST", f"{server.url}/refresh?a=b", [("Cookie", "a=\xe9")], None)])
        client.send("Ann", "POST", f"{server.url}/refresh?a=b", [("Cookie", "a=\xe9")])
    together, alone = server.asked
    assert (together.method, together.path, together.body) == (alone.method, alone.path, alone.body)
    for headers in (together.headers, alone.headers):
        del headers["connection"], headers["accept-encoding"]
    assert together.headers == alone.headers


def test_they_are_recorded_as_they_ended(client_for: ClientFor) -> None:
    def answer(handler: Handler) -> None:
        if handler.headers["X-Number"] == "0":
            time.sleep(0.5)
        handler.say(200, handler.headers["X-Number"].encode())

    with serving(answer) as server:
        client = client_for(server.url)
        client.transcript.step = "When"
        outcomes = client.send_together(outgoing(server.url, 2))
    assert [one.text for one in outcomes if isinstance(one, Exchange)] == ["0", "1"]
    assert [one.text for one in client.history] == ["1", "0"]
    assert [(step, one.text) for step, one in client.transcript.entries] == [("When", "1"), ("When", "0")]
    assert client.heartbeat.asked == 2


def test_a_throttle_is_an_answer(client_for: ClientFor) -> None:
    with serving(lambda handler: handler.say(429, b"", ("Retry-After", "9"))) as server:
        outcomes = client_for(server.url).send_together(outgoing(server.url, 2))
    assert [one.status for one in outcomes if isinstance(one, Exchange)] == [429, 429]
    assert len(server.asked) == 2


def test_a_lost_connection_is_none_of_the_others_business(client_for: ClientFor) -> None:
    def answer(handler: Handler) -> None:
        if handler.headers["X-Number"] == "1":
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        else:
            handler.say(200)

    with serving(answer) as server:
        client = client_for(server.url)
        first, lost, last = client.send_together(outgoing(server.url, 3))
    assert isinstance(first, Exchange)
    assert isinstance(last, Exchange)
    assert isinstance(lost, NoAnswer)
    assert not lost.timed_out
    assert len(client.history) == 2
    assert len(server.asked) == 3


def test_one_that_can_not_be_connected_holds_up_no_other(client_for: ClientFor) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with serving(lambda handler: handler.say(200)) as server:
        client = client_for(server.url, nowhere)
        lost, came = client.send_together([*outgoing(nowhere, 1), *outgoing(server.url, 1)])
    assert isinstance(lost, NoAnswer)
    assert not lost.reached
    assert isinstance(came, Exchange)


def test_no_other_origin_is_asked(client_for: ClientFor) -> None:
    with serving(lambda handler: handler.say(200)) as server:
        client = client_for(server.url)
        with pytest.raises(HarnessError, match="not one of the target's origins"):
            client.send_together([*outgoing(server.url, 1), *outgoing("http://127.0.0.1:1", 1)])
    assert server.asked == []


def test_a_run_that_stopped_asks_nothing(client_for: ClientFor) -> None:
    with serving(lambda handler: handler.say(200)) as server:
        client = client_for(server.url)
        client.heartbeat.outage = Outage("the deployment went down.", "")
        with pytest.raises(Outage):
            client.send_together(outgoing(server.url))
    assert server.asked == []


def test_none_at_all_is_no_request(client_for: ClientFor) -> None:
    with serving(lambda handler: handler.say(200)) as server:
        assert client_for(server.url).send_together([]) == []
