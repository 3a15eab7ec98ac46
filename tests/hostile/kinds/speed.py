"""Answers that come late, or byte by byte."""

from __future__ import annotations

import itertools

from tests.hostile.proxy import Call
from tests.hostile.registry import FINE, UNUSABLE, hostile

_SHORT = ("--answer-limit", "2")


def _bytes(content: bytes) -> itertools.chain[bytes]:
    return itertools.chain(content[at : at + 1] for at in range(len(content)))


@hostile(UNUSABLE, options=_SHORT)
def head_dripped(call: Call) -> None:
    """A head without end, one byte in 50 ms."""
    call.send(b"HTTP/1.1 200 OK\r\nX-Odd: ")
    call.drip(itertools.repeat(b"x"), 0.05)


@hostile(UNUSABLE, options=_SHORT)
def body_dripped(call: Call) -> None:
    """A body without end, one byte in 50 ms."""
    call.send(b"HTTP/1.1 200 OK\r\n\r\n")
    call.drip(itertools.repeat(b" "), 0.05)


@hostile(UNUSABLE, options=_SHORT)
def chunk_extension_dripped(call: Call) -> None:
    """The extension of a chunk does not end."""
    call.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;")
    call.drip(itertools.repeat(b"x"), 0.05)


@hostile(UNUSABLE, options=_SHORT)
def trailer_dripped(call: Call) -> None:
    """The trailer after the last chunk does not end."""
    call.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Odd: ")
    call.drip(itertools.repeat(b"x"), 0.05)


@hostile(FINE)
def answers_byte_by_byte(call: Call) -> None:
    """Each answer whole, and each byte by itself."""
    encoded = call.forward().encoded()
    for at in range(len(encoded)):
        call.send(encoded[at : at + 1])


@hostile(UNUSABLE, options=_SHORT)
def never_answers(call: Call) -> None:
    """No answer at all, the connection open."""
    call.wait(600)


@hostile(FINE, options=("--answer-limit", "3"), seconds=120)
def one_slow_sign_up(call: Call) -> None:
    """The fourth sign-up takes longer than an answer may."""
    if "sign-up" in call.path and _nth(call, "sign-ups") == 4:
        call.wait(5)
    call.pass_on()


@hostile(FINE, options=("--answer-limit", "3"), seconds=120)
def one_slow_look_at_a_session(call: Call) -> None:
    """The twentieth look at a session takes longer than an answer may."""
    if "get-session" in call.path and _nth(call, "looks") == 20:
        call.wait(5)
    call.pass_on()


@hostile(FINE, scenarios="signin-opens-own-session", seconds=120)
def every_answer_after_half_a_second(call: Call) -> None:
    """Each answer takes half a second."""
    call.wait(0.5)
    call.pass_on()


@hostile(FINE, scenarios="signin-opens-own-session", options=("--answer-limit", "10"), seconds=240)
def every_answer_after_two_seconds(call: Call) -> None:
    """Each answer takes two seconds."""
    call.wait(2)
    call.pass_on()


def _nth(call: Call, what: str) -> int:
    count: int = call.memory.notes.get(what, 0) + 1
    call.memory.notes[what] = count
    return count
