"""Answers that are too large."""

from __future__ import annotations

import gzip
import io
import itertools
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from tests.hostile.proxy import Call
from tests.hostile.registry import FINE, UNUSABLE, hostile

_MB = 1024 * 1024


def _adding(call: Call, *headers: tuple[str, str]) -> None:
    reply = call.forward()
    call.pass_on(replace(reply, headers=[*reply.headers, *headers]))


@hostile(FINE)
def headers_120(call: Call) -> None:
    """120 further headers, more than some clients take."""
    _adding(call, *((f"X-Odd-{number}", "v") for number in range(120)))


@hostile()
def headers_20000(call: Call) -> None:
    """20 000 further headers."""
    _adding(call, *((f"X-Odd-{number}", "v") for number in range(20_000)))


@hostile(FINE)
def header_of_90_kb(call: Call) -> None:
    """A header of 90 kB."""
    _adding(call, ("X-Odd", "x" * 90_000))


@hostile(UNUSABLE)
def header_of_30_mb(call: Call) -> None:
    """A header of 30 MB."""
    call.send(b"HTTP/1.1 200 OK\r\nX-Odd: ")
    call.drip(itertools.repeat(b"x" * _MB, 30), 0)
    call.close()


@hostile(FINE)
def cookie_of_90_kb(call: Call) -> None:
    """A cookie of 90 kB, which browsers leave aside."""
    _adding(call, ("Set-Cookie", f"large={'x' * 90_000}; Path=/"))


@hostile()
def cookies_200(call: Call) -> None:
    """200 cookies with each answer."""
    _adding(call, *(("Set-Cookie", f"c{number}=v; Path=/") for number in range(200)))


@hostile(seconds=90)
def cookies_200000(call: Call) -> None:
    """200 000 cookies in the answer to each sign-up and sign-in."""
    if call.method == "POST" and "/sign-" in call.path:
        _adding(call, *(("Set-Cookie", f"c{number}=v") for number in range(200_000)))
    else:
        call.pass_on()


@hostile(FINE, seconds=120)
def body_of_1_gb_at_the_front_page(call: Call) -> None:
    """The front page has a body of 1 GB."""
    _large(call, itertools.repeat(b"x" * _MB, 1024)) if call.path == "/" else call.pass_on()


@hostile(UNUSABLE, seconds=120)
def body_of_1_gb_everywhere(call: Call) -> None:
    """Every answer is 1 GB of JSON that does not end."""
    _large(call, itertools.repeat(b'{"a":[' * 175_000, 1024))


def _large(call: Call, pieces: Iterator[bytes]) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    call.drip(pieces, 0)
    call.close()


@cache
def _bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(512):
            file.write(b"\0" * _MB)
    return packed.getvalue()


def _encoded(call: Call, encoding: str, body: bytes) -> None:
    call.say(200, body, ("Content-Encoding", encoding))


@hostile(UNUSABLE)
def gzip_of_512_mb(call: Call) -> None:
    """512 MB of zeros, in half a megabyte of gzip."""
    _encoded(call, "gzip", _bomb())


@hostile(UNUSABLE)
def gzip_in_gzip(call: Call) -> None:
    """The same, packed twice."""
    _encoded(call, "gzip, gzip", gzip.compress(_bomb()))


@hostile(UNUSABLE, options=("--answer-limit", "2"))
def gzip_with_an_endless_comment(call: Call) -> None:
    """A gzip header whose comment does not end."""
    call.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x10\x00\x00\x00\x00\x00\x03")
    call.drip(itertools.repeat(b"x" * 1024), 0.01)
    call.close()


@hostile(UNUSABLE, options=("--answer-limit", "2"))
def deflate_of_empty_blocks(call: Call) -> None:
    """Empty deflate blocks without end."""
    call.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + zlib.compress(b"")[:2])
    call.drip(itertools.repeat(b"\x00\x00\x00\xff\xff" * 200), 0.01)
    call.close()


@hostile(UNUSABLE)
def gzip_that_is_none(call: Call) -> None:
    """Announced as gzip, and it is plain text."""
    _encoded(call, "gzip", b"plain text")


@hostile()
def encoding_unknown(call: Call) -> None:
    """Announced in an encoding that nobody asked for, and it is plain."""
    reply = call.forward()
    call.pass_on(replace(reply, headers=[*reply.headers, ("Content-Encoding", "br, x-odd")]))
