"""One exchange takes no longer and no more memory than it may, and none is refused for less."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import httpcore
import pytest

from harness.core.exchange import Exchange, NoAnswer, origin_of
from harness.wire import client as wire_client
from harness.wire.bounds import Bounds
from harness.wire.client import Client
from harness.wire.compression import DecodingError, decoded
from harness.wire.throttle import ThrottleBudget
from tests.support.local_server import Answer, Handler, serving

Ask = Callable[[Answer], Exchange]
MB = 1024 * 1024


@pytest.fixture(params=["ordinary", "verbatim"])
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Ask a server that answers so, in either way that the client has."""
    clients: list[Client] = []

    def asked(answer: Answer) -> Exchange:
        with serving(answer) as server:
            client = Client(frozenset({origin_of(server.url)}), ThrottleBudget(0.0))
            clients.append(client)
            if request.param == "ordinary":
                return client.send("Ann", "GET", f"{server.url}/x")
            return client.send_verbatim("Ann", "GET", f"{server.url}/x", [("Authorization", b"Bearer \xe9")])

    yield asked
    for client in clients:
        client.close()


def raw(handler: Handler, *parts: bytes) -> None:
    """Write these bytes as the whole answer."""
    handler.wfile.write(b"".join(parts))
    handler.wfile.flush()
    handler.close_connection = True


def dripping(before: bytes, drop: bytes) -> Answer:
    """The first bytes, then one drop after another for as long as somebody reads."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(before)
        while not handler.server.stopping.wait(0.02):
            handler.wfile.write(drop)
            handler.wfile.flush()

    return answer


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HANGING = {
    "a header byte by byte": dripping(b"HTTP/1.1 200 OK\r\nX-Drip: ", b"x"),
    "one interim answer after another": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a chunk's extension": dripping(CHUNKED + b"5;x=", b"x"),
    "trailers": dripping(CHUNKED + b"5\r\nHello\r\n0\r\n", b"X-Drip: x\r\n"),
    "a gzip that yields nothing": dripping(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bytes([31, 139, 8, 16, 0, 0, 0, 0, 0, 3]), b"c"
    ),
}


@pytest.mark.parametrize("answer", HANGING.values(), ids=HANGING)
def test_an_exchange_as_a_whole_has_a_limit(ask: Ask, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.3)
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="no whole answer within") as silent:
        ask(answer)
    assert silent.value.timed_out
    # A margin for a busy machine; without a limit it would never end.
    assert time.monotonic() - started < 20


def test_interim_answers_are_not_the_answer(ask: Ask) -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
    whole = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"
    answer = ask(lambda handler: raw(handler, hint, hint, whole))
    assert (answer.status, answer.body) == (401, b"no")


def test_many_headers_and_long_ones_are_read(ask: Ask) -> None:
    many = b"".join(b"X-%d: y\r\n" % number for number in range(300))
    long = b"Set-Cookie: long=%s\r\n" % (b"x" * 90_000)
    answer = ask(lambda handler: raw(handler, b"HTTP/1.1 200 OK\r\n", many, long, b"Content-Length: 2\r\n\r\nok"))
    assert (answer.status, answer.body, len(answer.headers)) == (200, b"ok", 302)


def test_a_server_that_never_stops_its_interim_answers_is_cut(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.wire.bounds.RAW_LIMIT", 100_000)
    with pytest.raises(NoAnswer, match="more than"):
        ask(dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000))


def test_silence_is_asked_again_on_every_path(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    silences = iter([httpcore.ReadTimeout("the exchange as a whole")])
    remaining = Bounds.remaining

    def once(bounds: Bounds, timeout: float | None) -> float:
        for silence in silences:
            raise silence
        return remaining(bounds, timeout)

    monkeypatch.setattr(Bounds, "remaining", once)
    assert ask(lambda handler: handler.say(200, b"here")).body == b"here"


def test_a_connection_that_was_lost_once_is_made_again(ask: Ask) -> None:
    asked = iter([True, False])

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        if not next(asked):
            handler.say(200, b"here")

    assert ask(answer).body == b"here"


# --- what is compressed ---


def squeezed(times: int, size: int) -> bytes:
    content = b"\0" * size
    for _ in range(times):
        content = gzip.compress(content)
    return content


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_compressed_takes_no_more_than_the_limit(times: int) -> None:
    content = squeezed(times, 300 * MB)
    tracemalloc.start()
    found = decoded(content, ["gzip"] * times, 4 * MB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) <= 4 * MB
    assert peak < 32 * MB


@pytest.mark.parametrize(
    ("encodings", "content"),
    [
        (["gzip"], gzip.compress(b"plain")),
        (["x-gzip"], gzip.compress(b"plain")),
        (["deflate"], zlib.compress(b"plain")),
        (["deflate"], zlib.compress(b"plain")[2:-4]),
        (["deflate", "gzip"], gzip.compress(zlib.compress(b"plain"))),
        (["identity"], b"plain"),
        ([""], b"plain"),
    ],
    ids=["gzip", "x-gzip", "zlib", "raw deflate", "deflate, then gzip", "identity", "none"],
)
def test_every_coding_is_taken_off(encodings: list[str], content: bytes) -> None:
    assert decoded(content, encodings, 100) == b"plain"


def test_an_unknown_coding_stays() -> None:
    assert decoded(b"?", ["br"], 100) == b"?"


def test_what_is_not_compressed_as_it_says_is_told() -> None:
    with pytest.raises(DecodingError):
        decoded(b"plain", ["gzip"], 100)


# --- bytes beyond ASCII ---


@pytest.mark.parametrize("value", ["city=Zürich".encode(), b"city=Z\xfcrich"], ids=["UTF-8", "Latin-1"])
def test_a_cookie_goes_back_byte_for_byte(value: bytes) -> None:
    came: list[bytes] = []

    def answer(handler: Handler) -> None:
        came.append(handler.headers.get("Cookie", "").encode("latin-1"))
        raw(handler, b"HTTP/1.1 200 OK\r\nSet-Cookie: ", value, b"\r\nContent-Length: 0\r\n\r\n")

    with serving(answer) as server:
        client = Client(frozenset({origin_of(server.url)}), ThrottleBudget(0.0))
        cookie = client.send("Ann", "GET", f"{server.url}/x").set_cookies[0]
        client.send("Ann", "GET", f"{server.url}/x", [("Cookie", cookie)])
        client.close()
    assert came == [b"", value]


@pytest.mark.parametrize("token", ["\N{SNOWMAN}", "\ud800"])
def test_a_token_of_any_characters_can_be_sent(token: str) -> None:
    with serving(lambda handler: handler.say(401, b"no")) as server:
        client = Client(frozenset({origin_of(server.url)}), ThrottleBudget(0.0))
        assert client.send("Ann", "GET", f"{server.url}/x", [("Authorization", f"Bearer {token}")]).status == 401
        client.close()
