"""Answers that are no HTTP, or nearly."""

from __future__ import annotations

import itertools
from dataclasses import replace

from tests.hostile.proxy import Call, Reply
from tests.hostile.registry import FINE, UNUSABLE, hostile


def _framed(call: Call, *headers: tuple[str, str], body: bytes | None = None) -> None:
    """The backend's answer, framed by these headers only."""
    reply = call.forward()
    kept = [*reply.without("content-length", "transfer-encoding"), *headers]
    call.send(reply.head(kept) + (reply.body if body is None else body))


@hostile(UNUSABLE)
def http_0_9(call: Call) -> None:
    """Bodies with no status line."""
    call.send(call.forward().body or b"hello\n")
    call.close()


@hostile(FINE)
def http_1_0(call: Call) -> None:
    """HTTP/1.0, closed after each answer, with no length."""
    reply = call.forward()
    head = reply.head(reply.without("content-length")).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    call.send(head + reply.body)
    call.close()


@hostile(FINE)
def http_7_5(call: Call) -> None:
    """A version that does not exist, in front of an answer that can be read."""
    call.send(call.forward().encoded().replace(b"HTTP/1.1", b"HTTP/7.5", 1))
    call.close()


@hostile(UNUSABLE, options=("--answer-limit", "2"))
def length_too_large(call: Call) -> None:
    """Content-Length is 10 bytes more than come, and the connection stays open."""
    reply = call.forward()
    _framed_as(call, reply, len(reply.body) + 10)


@hostile()
def length_too_small(call: Call) -> None:
    """Content-Length is one byte less than comes."""
    reply = call.forward()
    _framed_as(call, reply, max(0, len(reply.body) - 1))


def _framed_as(call: Call, reply: Reply, length: int) -> None:
    kept = [*reply.without("content-length"), ("Content-Length", str(length))]
    call.send(reply.head(kept) + reply.body)


@hostile(UNUSABLE)
def length_negative(call: Call) -> None:
    """Content-Length is -1."""
    _framed(call, ("Content-Length", "-1"))


@hostile(UNUSABLE)
def length_in_words(call: Call) -> None:
    """Content-Length is "many"."""
    _framed(call, ("Content-Length", "many"))


@hostile(UNUSABLE)
def length_of_5000_digits(call: Call) -> None:
    """Content-Length has 5000 digits."""
    _framed(call, ("Content-Length", "9" * 5000))


@hostile(UNUSABLE)
def two_lengths(call: Call) -> None:
    """Two Content-Length headers that differ."""
    _framed(call, ("Content-Length", "5"), ("Content-Length", "7"))


@hostile()
def length_and_chunks(call: Call) -> None:
    """Content-Length and chunks at once, as in a smuggled answer."""
    reply = call.forward()
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(reply.body), reply.body) if reply.body else b"0\r\n\r\n"
    _framed(call, ("Content-Length", "3"), ("Transfer-Encoding", "chunked"), body=chunked)


@hostile(UNUSABLE)
def chunk_sizes_of_garbage(call: Call) -> None:
    """A chunk whose size is no number."""
    _framed(call, ("Transfer-Encoding", "chunked"), body=b"zz\r\nhello\r\n0\r\n\r\n")


@hostile(UNUSABLE, options=("--answer-limit", "2"))
def chunk_without_end(call: Call) -> None:
    """A chunk that announces more than comes."""
    _framed(call, ("Transfer-Encoding", "chunked"), body=b"ffffff\r\nhello")


@hostile(UNUSABLE)
def transfer_encoding_unknown(call: Call) -> None:
    """A transfer encoding that nobody knows."""
    _framed(call, ("Transfer-Encoding", "rot13"), body=b"uryyb")
    call.close()


@hostile()
def status_999(call: Call) -> None:
    """Every answer has the status 999."""
    call.pass_on(replace(call.forward(), status=999))


@hostile(UNUSABLE)
def status_in_words(call: Call) -> None:
    """The status is "fine"."""
    call.send(b"HTTP/1.1 fine OK\r\nContent-Length: 2\r\n\r\nok")


@hostile(UNUSABLE)
def status_101(call: Call) -> None:
    """Every answer switches protocols."""
    call.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\n" + b"\x00" * 64)
    call.close()


@hostile(UNUSABLE, options=("--answer-limit", "2"), seconds=90)
def early_hints_without_end(call: Call) -> None:
    """103 Early Hints, one after another, and nothing else."""
    call.drip(itertools.repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50), 0.01)


@hostile(FINE)
def early_hints_first(call: Call) -> None:
    """Twenty interim answers come before each final one."""
    call.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 10 + b"HTTP/1.1 102 Processing\r\n\r\n" * 10)
    call.pass_on()


@hostile()
def no_content_with_content(call: Call) -> None:
    """204 with a body, for what was 200."""
    reply = call.forward()
    call.send(replace(reply, status=204 if reply.status == 200 else reply.status).encoded())


@hostile(UNUSABLE)
def header_without_a_colon(call: Call) -> None:
    """A line among the headers that is none."""
    call.send(call.forward().encoded().replace(b"\r\n", b"\r\nthis is no header\r\n", 1))
    call.close()


@hostile(UNUSABLE)
def header_with_nul(call: Call) -> None:
    """A NUL in a header's value."""
    call.send(call.forward().encoded().replace(b"\r\n", b"\r\nX-Odd: a\x00b\r\n", 1))
    call.close()


@hostile()
def header_folded(call: Call) -> None:
    """A header that goes on in the next line, as in 1999."""
    call.send(call.forward().encoded().replace(b"\r\n", b"\r\nX-Odd: a\r\n  b\r\n", 1))


@hostile()
def lines_end_in_lf(call: Call) -> None:
    """The head's lines end in LF alone."""
    head, _, body = call.forward().encoded().partition(b"\r\n\r\n")
    call.send(head.replace(b"\r\n", b"\n") + b"\n\n" + body)


@hostile(FINE)
def headers_in_latin_1_and_utf_8(call: Call) -> None:
    """Header values in Latin-1 and in UTF-8."""
    odd = b"\r\nX-Latin: Z\xfcrich\r\nX-Utf: Z\xc3\xbcrich \xe2\x98\x83\r\n"
    call.send(call.forward().encoded().replace(b"\r\n", odd, 1))


@hostile(FINE)
def dates_that_jump(call: Call) -> None:
    """The Date header is a century ahead, a century behind, or garbage."""
    dates = ("Wed, 01 Jan 2126 00:00:00 GMT", "Fri, 01 Jan 1926 00:00:00 GMT", "yesterday", "")
    reply = call.forward()
    call.pass_on(replace(reply, headers=[*reply.without("date"), ("Date", dates[call.number % len(dates)])]))
