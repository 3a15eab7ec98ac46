"""A request that is sent byte by byte is bounded like any other, and a broken answer is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from harness.core.exchange import Exchange, NoAnswer, origin_of
from harness.wire import client as wire_client
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget
from tests.support.local_server import Answer, Handler, Server, serving

Ask = Callable[[Answer], Exchange]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Sends one request to a server that answers so."""
    clients: list[Client] = []

    def sent(answer: Answer) -> Exchange:
        with serving(answer) as server:
            clients.append(client_of(server))
            return clients[-1].send_verbatim("Ann", "GET", f"{server.url}/x", [("Authorization", b"Bearer \xe9")])

    yield sent
    for client in clients:
        client.close()


def client_of(server: Server) -> Client:
    return Client(frozenset({origin_of(server.url)}), ThrottleBudget(0.0))


def test_an_answer_is_read_whole_and_in_chunks(ask: Ask) -> None:
    def chunked(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\nHello\r\n6\r\n, Ann!\r\n0\r\n\r\n")

    assert ask(lambda handler: handler.say(401, b"no")).body == b"no"
    assert ask(chunked).body == b"Hello, Ann!"


def test_an_endless_answer_is_cut(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "BODY_LIMIT", 10_000)
    assert len(ask(lambda handler: handler.say_forever(b"x" * 4096)).body) >= 10_000


def test_silence_is_no_answer(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.2)
    with pytest.raises(NoAnswer, match="/x: no whole answer within 0 s") as silent:
        ask(lambda handler: handler.server.stopping.wait())
    assert silent.value.timed_out


def test_a_trickle_is_no_answer(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.2)
    with pytest.raises(NoAnswer) as silent:
        ask(lambda handler: handler.say_forever(b"x", between=lambda: time.sleep(0.01)))
    assert silent.value.timed_out


def short(handler: Handler) -> None:
    """Less than was promised."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"too little")
    handler.close_connection = True


def no_http(handler: Handler) -> None:
    """What is no answer of HTTP."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    """Nothing at all."""
    handler.close_connection = True


@pytest.mark.parametrize("broken", [short, no_http, hang_up])
def test_a_broken_answer_is_none_and_was_no_wait(ask: Ask, broken: Answer) -> None:
    with pytest.raises(NoAnswer, match="connection closed") as told:
        ask(broken)
    assert not told.value.timed_out
