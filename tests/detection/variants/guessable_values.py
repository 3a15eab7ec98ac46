"""Sessions and tokens that can't be guessed, in unusual forms."""

from __future__ import annotations

import itertools
import secrets
import time
import uuid

from reference_backend import refresh, sessions
from tests.detection.faults.guessable_values import OPAQUE, RANDOM, UNGUESSABLE, drawing, opaque_tokens
from tests.detection.variant_registry import variant

NEW_VALUE = "session-value-is-new-at-each-signin"


@variant(
    stays_green=(UNGUESSABLE, RANDOM),
    never_fail_on={"se-low-entropy-token": "A UUIDv4 is 122 bits: pass"},
    profile=OPAQUE,
)
def every_credential_is_a_random_uuid() -> None:
    """Sessions, refresh tokens and opaque access tokens are random UUIDs."""
    for module in (sessions, refresh):
        drawing(module, lambda: str(uuid.uuid4()))
    opaque_tokens(lambda: str(uuid.uuid4()))


@variant(
    stays_green=(UNGUESSABLE, RANDOM),
    never_fail_on={"se-low-entropy-token": "Signed values (token.signature): judge the token part"},
)
def a_signed_session_is_sixteen_random_bytes() -> None:
    """The session's value is sixteen random bytes in decimal digits, and signed."""
    drawing(sessions, lambda: str(secrets.randbits(128)), signed=True)


@variant(
    stays_green=(UNGUESSABLE, NEW_VALUE), warns={RANDOM: "before the last dot, after which a signature may stand"}
)
def a_session_is_a_number_and_a_secret() -> None:
    """The session's value is the number of its row, a dot, and a secret of 32 random bytes."""
    numbers = itertools.count(10_000)
    drawing(sessions, lambda: f"{next(numbers)}.{secrets.token_urlsafe(32)}")


@variant(stays_green=UNGUESSABLE, warns={RANDOM: "UUIDs of version 7: 48 bits are the time, and 74 are random"})
def sessions_are_uuids_in_the_order_of_time() -> None:
    """The session's value is a UUID of version 7."""

    def draw() -> str:
        milliseconds, random = time.time_ns() // 1_000_000, secrets.randbits(74)
        return str(
            uuid.UUID(int=milliseconds << 80 | 7 << 76 | random >> 62 << 64 | 2 << 62 | random & (1 << 62) - 1)
        )

    drawing(sessions, draw)
