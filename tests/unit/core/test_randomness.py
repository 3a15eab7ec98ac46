"""Values that were drawn well are never found short, and those that were not are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import secrets
import time
import uuid
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.randomness import FEWEST, Estimate, estimated, without_signature

Spelling = Callable[[bytes], str]


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def signature(value: str) -> bytes:
    return hmac.digest(b"a secret", value.encode(), "sha256")


SPELLINGS: dict[str, Spelling] = {
    "hex": bytes.hex,
    "hex in upper case": lambda value: value.hex().upper(),
    "base64url": base64url,
    "base64 in a cookie": lambda value: quote(base64.b64encode(value).decode(), safe=""),
    "base32": lambda value: base64.b32encode(value).decode().rstrip("="),
    "base32 in lower case": lambda value: base64.b32encode(value).decode().rstrip("=").lower(),
    "decimal": lambda value: str(int.from_bytes(value)),
    "with a prefix": lambda value: f"sess_{base64url(value)}",
}
SIGNED: dict[str, Spelling] = {
    "signed": lambda value: f"{base64url(value)}.{base64url(signature(base64url(value)))}",
    "signed by a Node library": lambda value: quote(
        f"s:{value.hex()}.{base64.b64encode(signature(value.hex())).decode().rstrip('=')}", safe=""
    ),
    "signed in quotation marks": lambda value: f'"s:{value.hex()}.{base64url(signature(value.hex()))}"',
    "signed with padding": lambda value: quote(
        f"{value.hex()}.{base64.b64encode(signature(value.hex())).decode()}", safe=""
    ),
}
ENOUGH, LEAST = 120, 60


def series(size: int) -> st.SearchStrategy[list[bytes]]:
    """As many random values as are looked at: of the seed no bit is chosen, so that they are uniform."""
    drawn = st.tuples(st.integers(0, 2**64 - 1), st.sampled_from([FEWEST, 11, 12, 25]))
    return drawn.map(
        lambda seed: [hashlib.sha256(f"{seed[0]} {number}".encode()).digest()[:size] for number in range(seed[1])]
    )


def token_part(values: list[str]) -> Estimate:
    signed = without_signature(values)
    return estimated(values if signed is None else signed.tokens)


@settings(max_examples=1_500, deadline=None)
@given(series(16), st.sampled_from([*SPELLINGS, *SIGNED]))
def test_sixteen_random_bytes_are_never_found_short(drawn: list[bytes], spelling: str) -> None:
    values = [(SPELLINGS | SIGNED)[spelling](one) for one in drawn]
    assert estimated(values).bits >= ENOUGH
    assert token_part(values).bits >= ENOUGH
    assert (without_signature(values) is not None) == (spelling in SIGNED)


@settings(max_examples=1_000, deadline=None)
@given(series(16))
def test_random_uuids_are_never_found_short(drawn: list[bytes]) -> None:
    assert estimated([str(uuid.UUID(bytes=one, version=4)) for one in drawn]).bits == 122
    assert estimated([uuid.UUID(bytes=one, version=4).hex for one in drawn]).bits >= ENOUGH


@settings(max_examples=1_500, deadline=None)
@given(series(8), st.sampled_from([*SPELLINGS, *SIGNED]))
def test_eight_random_bytes_are_64_bits_and_never_128(drawn: list[bytes], spelling: str) -> None:
    values = [(SPELLINGS | SIGNED)[spelling](one) for one in drawn]
    assert LEAST <= token_part(values).bits < 70


def millis(number: int) -> int:
    return int(time.time() * 1000) + 700 * number


def crockford(number: int, length: int) -> str:
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(letters[number >> 5 * place & 31] for place in reversed(range(length)))


COUNTER = itertools.count(123_456)
WEAK: dict[str, tuple[Callable[[int], str], float]] = {
    "a counter": (lambda n: str(1_000 + n), 8),
    "a counter of many digits": (lambda n: f"{10**30 + n:032d}", 8),
    "a counter behind a prefix": (lambda n: f"sess_{4_000 + n}_of_the_shop", 16),
    "milliseconds": (lambda n: str(millis(n)), 25),
    "nanoseconds in hex": (lambda n: f"{millis(n) * 1_000_000 + n:016x}", 50),
    "milliseconds and four digits": (lambda n: f"{millis(n)}{secrets.randbelow(10_000):04}", 40),
    "a UUID of the time": (lambda _: str(uuid.uuid1()), 32),
    "an ObjectId": (lambda n: f"{int(time.time()) + n:08x}a1b2c3d4e5{next(COUNTER):06x}", 40),
    "a user's id and the time": (
        lambda n: base64.b64encode(f'{{"uid":"a-long-id-of-somebody","at":{millis(n)}}}'.encode()).decode(),
        25,
    ),
    "six random bytes": (lambda _: secrets.token_hex(6), 48),
}


@pytest.mark.parametrize("kind", WEAK)
@pytest.mark.parametrize("number", [FEWEST, 20])
def test_what_can_be_guessed_is_found_out(kind: str, number: int) -> None:
    made, most = WEAK[kind]
    assert estimated([made(n) for n in range(number)]).bits <= most < LEAST


def test_it_says_what_is_not_random() -> None:
    counted = [f"sess_{4_000 + n}_x" for n in range(FEWEST)]
    assert estimated(counted).why == "of their 11 characters 10 are the same in all, 1 differ (digits)"
    ordered = [f"{n:02}{secrets.token_hex(2)}" for n in range(20)]
    assert estimated(ordered).why.startswith(
        "of their 6 characters the first 2 grow from each to the next, 4 diff"
    )
    assert estimated([str(uuid.uuid1()) for _ in range(FEWEST)]).why.startswith("they are UUIDs of the time")
    assert estimated([WEAK["an ObjectId"][0](n) for n in range(FEWEST)]).why.startswith("they are ObjectIds")
    assert estimated([WEAK["a user's id and the time"][0](n) for n in range(FEWEST)]).why.startswith(
        "decoded from"
    )


def test_of_what_begins_with_the_time_the_random_part_is_judged() -> None:
    def version7(number: int) -> str:
        rest = secrets.randbits(74)
        return str(uuid.UUID(int=millis(number) << 80 | 7 << 76 | rest >> 62 << 64 | 2 << 62 | rest & 2**62 - 1))

    assert estimated([version7(n) for n in range(20)]).bits <= 74
    ulids = [crockford(millis(n), 10) + crockford(secrets.randbits(80), 16) for n in range(20)]
    assert estimated(ulids).bits <= 80
    grown = estimated([f"{millis(n):x}{secrets.token_hex(16)}" for n in range(20)])
    assert 120 <= grown.bits <= 140
    assert "grow from each to the next" in grown.why


def test_a_part_after_a_dot_may_be_a_second_secret() -> None:
    values = [f"{n}.{secrets.token_urlsafe(32)}" for n in range(FEWEST)]
    signed = without_signature(values)
    assert signed is not None
    assert not signed.surely
    assert estimated(values).bits > 200


@pytest.mark.parametrize("spelling", SIGNED)
def test_a_mark_or_padding_says_that_it_is_a_signature(spelling: str) -> None:
    signed = without_signature([SIGNED[spelling](secrets.token_bytes(16)) for _ in range(FEWEST)])
    assert signed is not None
    assert signed.surely == (spelling != "signed")


def test_what_says_by_itself_who_is_there_has_nothing_random_to_judge() -> None:
    content = base64url(b'{"user": 42}')
    assert without_signature([f"{content}.{base64url(secrets.token_bytes(20))}"] * FEWEST) is None
    assert without_signature([f"{content}.ZvH3.{base64url(secrets.token_bytes(20))}"] * FEWEST) is None
