"""Bytes that a deployment sends end in an answer, or in an error that is expected of them."""

from __future__ import annotations

import contextlib
import ssl
import zlib
from typing import Any

import h11
import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.exchange import Exchange, NoAnswer
from harness.wire import html, verbatim
from harness.wire.compression import DecodingError, decoded
from harness.wire.cookies import parse_set_cookie
from harness.wire.heartbeat import Known
from harness.wire.silence import explained
from tests.support import examples  # noqa: F401 - sets how many

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
LATIN_1 = st.text(st.characters(max_codepoint=255), max_size=60)
HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.0 204\r\n",
        b"HTTP/1.1 ",
        b"",
    ]
)
PIECES = st.sampled_from(
    [b"5\r\nhello\r\n", b"0\r\n\r\n", b"\r\n", b"X: y\r\n", b"zz\r\n", b"\n", b"\x00", b"ffffffff\r\n"]
)
LIMIT = 1000
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Network(httpcore.NetworkBackend):
    """One connection, on which these bytes come in pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def connect_tcp(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        return Stream(self.pieces)


class Stream(httpcore.NetworkStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = [piece for piece in pieces if piece]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        pass

    def close(self) -> None:
        pass


@given(HEADS, st.lists(PIECES | st.binary(max_size=60), max_size=6), st.sampled_from(["GET", "HEAD", "POST"]))
def test_any_bytes_are_an_answer_or_none(head: bytes, pieces: list[bytes], method: str) -> None:
    network = Network([head, *pieces])
    with contextlib.suppress(h11.RemoteProtocolError):
        answer = verbatim.ask(network, TLS, method, "http://x/", [], LIMIT, 1.0)
        assert 0 <= answer.status <= 999
        assert len(answer.body) <= LIMIT


@given(
    st.binary(max_size=200) | st.binary(max_size=200).map(zlib.compress),
    st.lists(st.sampled_from(["gzip", "x-gzip", "deflate", "identity", "br", "", "zstd"]) | ANY_TEXT, max_size=3),
)
def test_any_coding_is_taken_off_or_told(content: bytes, encodings: list[str]) -> None:
    with contextlib.suppress(DecodingError):
        assert len(decoded(content, encodings, LIMIT)) <= LIMIT


@given(ANY_TEXT | st.text(st.sampled_from("<>/ab=\"'!-[]&;#x\x00 "), max_size=60))
def test_any_text_is_a_page_or_none(text: str) -> None:
    page = html.parse(text)
    for element in html.select(page, "*") if page is not None else ():
        html.said_by(element)
        html.source(element)


@given(LATIN_1)
def test_any_line_is_a_cookie_or_none(line: str) -> None:
    cookie = parse_set_cookie(line)
    assert cookie is None or isinstance(cookie.name, str)


@given(ANY_TEXT, st.booleans())
def test_every_silence_has_a_sentence(why: str, timed_out: bool) -> None:
    found = explained(NoAnswer("GET", "http://x/", why, timed_out=timed_out))
    assert found.what
    assert found.remedy.endswith((".", "?"))


@given(st.lists(st.tuples(LATIN_1, LATIN_1), max_size=3), st.binary(max_size=60), st.integers(0, 999))
def test_any_exchange_is_known_again(headers: list[tuple[str, str]], body: bytes, status: int) -> None:
    exchange = Exchange("Ann", "GET", "http://x/", headers, body, status, headers, body, 0.0)
    known = Known.of(exchange)
    assert known.differs(exchange) is None
    assert known.body.encode("latin-1") == body


def test_an_empty_page_is_none() -> None:
    assert html.parse("") is None
    with pytest.raises(DecodingError):
        decoded(b"no gzip", ["gzip"], LIMIT)
