"""Connections that are lost."""

from __future__ import annotations

import random
import time

from tests.hostile.proxy import Call
from tests.hostile.registry import FINE, UNUSABLE, WHOLE, hostile


@hostile(FINE)
def kept_connection_closed_silently(call: Call) -> None:
    """Each connection is closed after one answer, and no header says so."""
    call.pass_on()
    call.close()


@hostile(FINE)
def kept_connection_closed_a_little_later(call: Call) -> None:
    """Each connection is closed 20 ms after an answer, when the next request may be under way."""
    call.pass_on()
    time.sleep(0.02)
    call.close()


@hostile(FINE)
def kept_connection_reset(call: Call) -> None:
    """Each connection is reset after one answer."""
    call.pass_on()
    call.reset()


@hostile(FINE)
def one_reset_in_the_doctor(call: Call) -> None:
    """The third request, in the middle of the doctor, is reset."""
    call.reset() if call.number == 3 else call.pass_on()


@hostile(FINE)
def one_answer_cut_in_the_doctor(call: Call) -> None:
    """The fourth answer ends in the middle of its head."""
    if call.number == 4:
        call.send(call.forward().encoded()[:30])
        call.close()
    else:
        call.pass_on()


def _lossy(call: Call, share: float, *, after: bool) -> None:
    chance = call.memory.notes.setdefault("chance", random.Random(7))
    if chance.random() < share:
        if after:
            call.forward()
        call.reset()
    else:
        call.pass_on()


@hostile(scenarios=WHOLE, seconds=300)
def resets_3_in_100(call: Call) -> None:
    """Three requests of a hundred are reset before anything came of them."""
    _lossy(call, 0.03, after=False)


@hostile(scenarios=WHOLE, seconds=300)
def resets_3_in_100_when_done(call: Call) -> None:
    """Three requests of a hundred are carried out, and the answer is lost."""
    _lossy(call, 0.03, after=True)


@hostile(scenarios=WHOLE, seconds=400)
def resets_20_in_100(call: Call) -> None:
    """One request of five is reset before anything came of it."""
    _lossy(call, 0.2, after=False)


@hostile(UNUSABLE, shows=r"without an answer|disconnected|closed")
def closes_at_once(call: Call) -> None:
    """Every connection is closed without an answer."""
    call.close()


@hostile(UNUSABLE)
def closes_in_the_body(call: Call) -> None:
    """Every answer stops after half of its body."""
    call.send(call.forward().encoded()[:-10])
    call.close()


@hostile(UNUSABLE, shows="no whole answer of HTTP")
def speaks_tls_alerts(call: Call) -> None:
    """A TLS alert is what every plain request is answered with."""
    call.send(b"\x15\x03\x01\x00\x02\x02\x46")
    call.close()


@hostile(UNUSABLE)
def random_bytes(call: Call) -> None:
    """Two kilobytes at random."""
    call.send(random.Random(call.number).randbytes(2048))
    call.close()
