"""The listener serves what it was given, notes who asked for it, and is gone when it is closed."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from harness.wire import listener as module
from harness.wire.listener import Listener, Place, Visit, place_of


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener(Place("127.0.0.1", 0))
    yield found
    found.close()


def test_what_is_served_is_served_and_noted(listener: Listener) -> None:
    listener.serve("/keys.json", b'{"keys":[]}', "application/json")
    answer = httpx.get(listener.url("/keys.json") + "?x=1")
    assert (answer.status_code, answer.content) == (200, b'{"keys":[]}')
    assert answer.headers["content-type"] == "application/json"
    assert httpx.head(listener.url("/keys.json")).content == b""
    assert listener.visits == [Visit(method, "/keys.json", "127.0.0.1") for method in ("GET", "HEAD")]


def test_what_nobody_knows_of_is_not_noted(listener: Listener) -> None:
    assert httpx.get(listener.url("/favicon.ico")).status_code == 404
    assert httpx.request("DELETE", listener.url("/x")).status_code == 501
    assert listener.visits == []


def test_a_user_name_leads_to_the_same_place(listener: Listener) -> None:
    listener.serve("/x", b"here", "text/plain")
    assert listener.url("/x", "app.example:8000").startswith("http://app.example:8000@127.0.0.1:")
    assert httpx.get(listener.url("/x", "app.example:8000")).text == "here"


def test_visits_are_bounded(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_VISITS", 2)
    listener.serve("/x", b"", "text/plain")
    for _ in range(4):
        httpx.get(listener.url("/x"))
    assert len(listener.visits) == 2


def test_nothing_is_left_when_it_is_closed() -> None:
    before = set(threading.enumerate())
    listener = Listener(Place("127.0.0.1", 0))
    url = httpx.URL(listener.url("/"))
    address = (url.host, url.port or 0)
    # One that says nothing, and one that stops in the middle of a word.
    idle, slow = socket.create_connection(address), socket.create_connection(address)
    slow.sendall(b"GET /x HT")
    httpx.get(listener.url("/"))
    listener.close()
    assert set(threading.enumerate()) == before
    assert (idle.recv(1), slow.recv(1)) == (b"", b"")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    idle.close()
    slow.close()


def test_a_port_that_stays_taken_is_an_error(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PORT_SECONDS", 0.0)
    with pytest.raises(OSError, match="in use") as taken:
        Listener(Place("127.0.0.1", httpx.URL(listener.url("/")).port or 0))
    assert taken.value.errno == errno.EADDRINUSE


def test_a_port_that_is_given_back_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Listener(Place("127.0.0.1", 0))
    port = httpx.URL(first.url("/")).port or 0
    monkeypatch.setattr("time.sleep", lambda _: first.close())
    second = Listener(Place("127.0.0.1", port))
    second.close()


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("127.0.0.1:0", Place("127.0.0.1", 0)),
        ("[::1]:9000", Place("::1", 9000)),
        ("runner.internal:80", Place("runner.internal", 80)),
    ],
)
def test_a_place_is_a_host_and_a_port(word: str, place: Place) -> None:
    assert place_of(word) == place


NO_PLACE = ["", "host", ":80", "host:", "host:x", "host:99999", "http://h:1", "a@h:1", "h:1/x"]


@pytest.mark.parametrize("word", NO_PLACE)
def test_what_is_no_place_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        place_of(word)
