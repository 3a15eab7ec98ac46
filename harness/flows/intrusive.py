"""Requests that keep a faulty deployment busy, where the profile allows them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.request import prepared
from harness.deployment.tampered import Tampering
from harness.flows.availability import PROMPT
from harness.tokens.jws import encode_segment
from harness.wire.request import JSON

if TYPE_CHECKING:
    from harness.scenario.world import World

_SIZE = 5_000_000
_BOUNDARY = "conformance-boundary"
_ITERATIONS = 50_000_000

BODIES: Vocabulary[tuple[str, bytes]] = Vocabulary(
    "large body",
    {
        "a JSON text": (JSON, b'{"email": "' + b"a" * _SIZE + b'", "password": "x"}'),
        "a form field": (
            f"multipart/form-data; boundary={_BOUNDARY}",
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="email"\r\n\r\n'.encode()
            + b"a" * _SIZE
            + f"\r\n--{_BOUNDARY}--\r\n".encode(),
        ),
    },
)
"""The type and the bytes of each."""


@dataclass(frozen=True)
class Large:
    """What came of a large body."""

    word: str
    came: Exchange | NoAnswer


def send_large(world: World, word: str) -> None:
    """Send the body to sign-in as an anonymous client."""
    content_type, body = BODIES[word]
    device = Device(world.cast.factory.person("Mallory"), "browser")
    operation, credential = world.deployment.operation("sign_in"), world.deployment.access.ready("sign_in", device)
    tampering = Tampering(raw_body=body, content_type=content_type)
    ready = prepared(world.target, operation, device.person.values, credential, tampering)
    try:
        came: Exchange | NoAnswer = world.deployment.client.send(
            "an attacker", ready.method, ready.url, ready.headers, ready.body
        )
    except NoAnswer as silent:
        if not silent.reached:
            raise
        came = silent
    world.remember(Large(word, came))


def must_be_refused(world: World) -> None:
    """Raise Unmet unless the body was refused quickly."""
    large = world.recall(Large)
    expected, came = f"that sign-in refuses {large.word} of 5 MB within {PROMPT:.0f} s", large.came
    if isinstance(came, NoAnswer):
        if came.timed_out:
            raise Unmet(expected, f"no answer came ({came})")
        return
    if came.elapsed > PROMPT:
        raise Unmet(expected, f"it took {came.elapsed:.1f} s", [came])
    is_taken = matches(world.deployment.operation("sign_in").outcomes.success, came)
    if is_taken or httpx.codes.is_server_error(came.status):
        raise Unmet(expected, f"it was answered {quoted(came)}", [came])


# --- a token ---


def costly_token() -> str:
    """A token whose key takes many iterations (RFC 7518 section 4.8)."""
    salt = encode_segment(secrets.token_bytes(16))
    header = {"alg": "PBES2-HS256+A128KW", "enc": "A128CBC-HS256", "p2s": salt, "p2c": _ITERATIONS}
    parts = [json.dumps(header).encode(), *(secrets.token_bytes(size) for size in (40, 16, 32, 16))]
    return ".".join(map(encode_segment, parts))


def present_costly(world: World, alias: str) -> None:
    """List the person's tasks with such a token.

    Raises Unmet where no answer comes in time.
    """
    what = f"a token whose key takes {_ITERATIONS:,} iterations"
    presented = world.opener.presenting(world.device(alias, "first device"), costly_token(), what)
    person, task = world.person(alias), world.task_of(alias)
    try:
        attempt = world.tasks.attempt("list", "an attacker", presented, person, task, what=what)
    except NoAnswer as silent:
        if not silent.timed_out:
            raise
        raise Unmet(f"that {what} is refused within {PROMPT:.0f} s", f"no answer came ({silent})") from silent
    world.judge.attempt(attempt)
