"""Words that a terminal takes for commands."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.hostile.kinds.bodies import named, renaming
from tests.hostile.proxy import Call
from tests.hostile.registry import UNUSABLE, hostile

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x1b[31mAll tests passed\x1b[0m\x1b]8;;http://evil.invalid\x07\x9b1A\x90q\x08\x7f\u202e"
_JSON = json.dumps(ESCAPES)[1:-1]


@renaming()
def escapes_in_names(call: Call) -> None:
    """ESC, OSC, BEL and C1 in each person's name."""
    named(call, _JSON)


@hostile(UNUSABLE)
def escapes_in_a_refused_sign_up(call: Call) -> None:
    """A sign-up is refused with a clear screen and "All tests passed"."""
    if "sign-up" in call.path:
        call.say(422, ESCAPES.encode(), kind="text/plain")
    else:
        call.pass_on()


@hostile(UNUSABLE)
def escapes_in_a_crash(call: Call) -> None:
    """Every answer is 500 with escapes in it."""
    call.say(500, ESCAPES.encode(), kind="text/plain")


@hostile(UNUSABLE)
def escapes_in_a_page(call: Call) -> None:
    """Every answer is a page whose title is escapes."""
    call.say(200, f"<!doctype html><title>{ESCAPES}</title>{ESCAPES}".encode(), kind="text/html")


@hostile(UNUSABLE)
def escapes_in_a_challenge(call: Call) -> None:
    """A gate's WWW-Authenticate holds what Latin-1 has of C1."""
    call.send(
        b'HTTP/1.1 401 \x9b2J No\r\nWWW-Authenticate: Basic realm="\x9b31m\x9d0;x"\r\nContent-Length: 0\r\n\r\n'
    )


@hostile(UNUSABLE)
def escapes_in_a_redirect(call: Call) -> None:
    """Every answer leads to an address with C1 in it."""
    call.send(b"HTTP/1.1 302 Found\r\nLocation: http://evil.invalid/\x9b2J\x9b31m\r\nContent-Length: 0\r\n\r\n")


@hostile()
def escapes_in_every_reason(call: Call) -> None:
    """The reason of each status line holds C1."""
    reply = call.forward()
    call.pass_on(replace(reply, reason="\u009b2J\u009b31mfine"))
