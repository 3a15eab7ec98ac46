"""Deployments that go down while they are judged, or ask to wait."""

from __future__ import annotations

import time

from harness.core.exits import Exit
from tests.hostile.proxy import Call, Reply
from tests.hostile.registry import FINE, UNUSABLE, WHOLE, hostile

_PAGE = b"<!doctype html><title>We'll be back soon</title><h1>Down for maintenance</h1>"
_BEGINS = 120
"""The request with which an outage begins, after the doctor's."""
_OUTAGE = r"stopped judging"


def _down(call: Call) -> bool:
    return call.number >= _BEGINS


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE)
def crashes_from_120(call: Call) -> None:
    """500 to everything from request 120 on."""
    call.say(500, b"Internal Server Error", kind="text/plain") if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE, options=("-n", "2"))
def crashes_from_120_two_workers(call: Call) -> None:
    """500 to everything from request 120 on, with `-n 2`."""
    call.say(500, b"Internal Server Error", kind="text/plain") if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE)
def gateway_502_from_120(call: Call) -> None:
    """502 of a gateway to everything from request 120 on."""
    call.say(502, b"<h1>Bad Gateway</h1>", kind="text/html") if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE)
def page_from_120(call: Call) -> None:
    """200 with a page of maintenance to everything from request 120 on."""
    call.say(200, _PAGE, kind="text/html") if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE)
def redirects_from_120(call: Call) -> None:
    """A redirect to a page of maintenance from request 120 on."""
    call.say(302, b"", ("Location", "/down.html")) if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE)
def not_found_from_120(call: Call) -> None:
    """404 to everything from request 120 on, as of a router that lost its routes."""
    call.say(404, b'{"detail":"Not Found"}') if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE)
def resets_from_120(call: Call) -> None:
    """Every connection is reset from request 120 on."""
    call.reset() if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE, options=("--answer-limit", "2"))
def silent_from_120(call: Call) -> None:
    """No answer to anything from request 120 on."""
    if _down(call):
        call.wait(600)
    else:
        call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, options=("--throttle-budget", "5"), shows=_OUTAGE)
def throttles_from_120(call: Call) -> None:
    """429 without Retry-After to everything from request 120 on."""
    call.say(429, b"{}") if _down(call) else call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=150, shows=_OUTAGE)
def throttles_for_ages_from_120(call: Call) -> None:
    """429 from request 120 on, with a Retry-After in the year 100 000 000 000."""
    far = ("Retry-After", "Thu, 01 Jan 100000000000 00:00:00 GMT")
    call.say(429, b"{}", far) if _down(call) else call.pass_on()


@hostile(FINE)
def throttles_now_and_then(call: Call) -> None:
    """Every thirtieth request is answered 429, to be asked again after a second."""
    call.say(429, b"{}", ("Retry-After", "1")) if call.number % 30 == 0 else call.pass_on()


def _away(call: Call, answer: Reply | None, *, seconds: float = 4.0) -> None:
    """Down for some seconds from request 120 on."""
    if call.number >= _BEGINS:
        began = call.memory.notes.setdefault("began", time.monotonic())
        if time.monotonic() - began < seconds:
            call.pass_on(answer) if answer is not None else call.reset()
            return
    call.pass_on()


@hostile(UNUSABLE, scenarios=WHOLE, seconds=240)
def away_for_4_seconds(call: Call) -> None:
    """Resets from request 120 on, and after 4 seconds it is there again."""
    _away(call, None)


@hostile(UNUSABLE, scenarios=WHOLE, seconds=240)
def crashes_for_4_seconds(call: Call) -> None:
    """500 from request 120 on, and after 4 seconds it is well again."""
    _away(call, Reply(500, [("Content-Type", "text/plain")], b"Internal Server Error"))


@hostile(UNUSABLE, scenarios=WHOLE, seconds=240)
def page_for_4_seconds(call: Call) -> None:
    """A page of maintenance from request 120 on, and after 4 seconds it is there again."""
    _away(call, Reply(200, [("Content-Type", "text/html")], _PAGE))


@hostile(scenarios=WHOLE, seconds=240, options=("-n", "2"))
def away_for_4_seconds_two_workers(call: Call) -> None:
    """Resets from request 120 on for 4 seconds, with `-n 2`."""
    _away(call, None)


def _now_and_then(call: Call, status: int, *headers: tuple[str, str]) -> None:
    call.say(status, b"busy", *headers, kind="text/plain") if call.number % 40 == 0 else call.pass_on()


@hostile(FINE, scenarios=WHOLE, seconds=240)
def unavailable_now_and_then(call: Call) -> None:
    """Every fortieth request is answered 503."""
    _now_and_then(call, 503)


@hostile(scenarios=WHOLE, seconds=240)
def gateway_502_now_and_then(call: Call) -> None:
    """Every fortieth request is answered 502."""
    _now_and_then(call, 502)


@hostile(UNUSABLE, shows="down")
def maintenance_at_the_start(call: Call) -> None:
    """503 with a page of maintenance to everything, for an hour."""
    call.say(503, _PAGE, ("Retry-After", "3600"), kind="text/html")


@hostile(UNUSABLE)
def redirects_in_circles(call: Call) -> None:
    """Each address leads to itself."""
    call.say(302, b"", ("Location", call.path))


@hostile(UNUSABLE)
def everything_is_fine(call: Call) -> None:
    """200 with a page to everything."""
    call.say(200, b"<!doctype html><h1>Welcome</h1>", kind="text/html")


@hostile()
def answers_of_the_former_request(call: Call) -> None:
    """Each answer is that to the request before."""
    reply = call.forward()
    with call.memory.lock:
        former = call.memory.notes.get("former", reply)
        call.memory.notes["former"] = reply
    call.pass_on(former)


@hostile(
    UNUSABLE,
    Exit.NOT_CONFORMANT,
    defect="it mixes its answers up",
    may_fail=("session-names-its-owner", "signin-opens-own-session", "session-tampered-cookie-is-refused"),
)
def answers_swapped_from_120(call: Call) -> None:
    """From request 120 on each answer is that to the request before."""
    answers_of_the_former_request(call) if _down(call) else call.pass_on()
