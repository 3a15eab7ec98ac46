"""Nothing that a deployment says ends in a traceback, and nothing of it steers a terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.core.exchange import Exchange
from harness.core.redaction import Secrets
from harness.core.text import encodable, printable
from harness.tokens.jws import Jwt, NotAJwt, encode_segment
from harness.wire.cookies import CookieJar, cookie_header
from harness.wire.throttle import retry_after
from tests.support import examples  # noqa: F401 - sets how many

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
"""Control characters and halves of surrogate pairs included."""
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


def answered(body: bytes = b"", *headers: tuple[str, str]) -> Exchange:
    return Exchange("Ann", "GET", "http://127.0.0.1/", [], b"", 200, headers, body, 0.0)


# --- JSON ---


@given(ANY_JSON)
def test_every_text_of_an_answer_can_be_written(content: Any) -> None:
    found = answered(json.dumps(content).encode()).json()
    json.dumps(found, ensure_ascii=False).encode()


@given(st.binary(max_size=200))
def test_any_body_is_json_or_none(body: bytes) -> None:
    try:
        answered(body).json()
    except ValueError:
        return


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (rb'{"name": "\ud800"}', {"name": "\ufffd"}),
        (rb'{"\uDFFF": ["\uD83D\uDE00"]}', {"\ufffd": ["\N{GRINNING FACE}"]}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{"a": 1}'.encode("utf-16"), {"a": 1}),
        (r'{"name": "\ud800"}'.encode("utf-16"), {"name": "\ufffd"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_unusual_json_is_read(body: bytes, found: object) -> None:
    assert answered(body).json() == found


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b'{"name": "\xff"}'])
def test_json_that_no_program_reads_is_none(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        answered(body).json()


# --- a JWT ---


def compact(header: object, claims: object) -> str:
    segments = (encode_segment(json.dumps(one).encode()) for one in (header, claims))
    return ".".join([*segments, "c2ln"])


@given(ANY_JSON, ANY_JSON)
def test_any_token_is_taken_apart_or_is_none(header: Any, claims: Any) -> None:
    try:
        token = Jwt.parse(compact(header, claims))
    except NotAJwt:
        return
    assert (token.ends > 0) in (True, False)
    assert token.lifetime is None or isinstance(token.lifetime, float)
    token.with_claims(sub="another").signed(b"a secret", "HS256").encode()


@given(ANY_TEXT)
def test_any_text_is_a_token_or_none(text: str) -> None:
    with pytest.raises(NotAJwt):
        Jwt.parse(text)


@pytest.mark.parametrize("end", ["later", [1], {"at": 1}, None, True, 10**1000, float("nan"), float("inf")])
def test_what_is_no_moment_is_no_end(end: object) -> None:
    token = Jwt.parse(compact({"alg": "HS256"}, {"exp": end, "iat": 1}))
    assert (token.ends, token.lifetime) == (float("inf"), None)


@pytest.mark.parametrize("moment", [10**1000, "later", [1], True, float("nan")])
def test_no_claim_that_is_no_moment_breaks_a_refusal(moment: object) -> None:
    token = Jwt.parse(compact({"alg": "HS256"}, {"nbf": moment, "iat": moment}))
    assert (token.moment("nbf"), token.moment("iat")) == (None, None)


def test_a_token_that_is_nested_deep_is_none() -> None:
    with pytest.raises(NotAJwt):
        Jwt.parse(f"{encode_segment(b'[' * 50_000)}.{encode_segment(b'{}')}.c2ln")


# --- cookies and waits ---


@given(st.lists(st.text(st.characters(max_codepoint=255), max_size=60), max_size=4))
def test_any_cookie_is_kept_or_not(lines: list[str]) -> None:
    jar = CookieJar()
    jar.store(lines, "http://127.0.0.1:1/")
    cookie_header(jar.cookies_for("http://127.0.0.1:1/")).encode("latin-1")


@given(st.text(st.characters(max_codepoint=255), max_size=60))
@example("0\x1f")  # a space for str.strip, and none for float
def test_any_pause_is_a_number_or_none(value: str) -> None:
    pause = retry_after(answered(b"", ("Retry-After", value)))
    assert pause is None or pause >= 0


def test_a_pause_until_a_year_that_never_comes_is_none() -> None:
    never = "Thu, 01 Jan 100000000000000000000 00:00:00 GMT"
    assert retry_after(answered(b"", ("Retry-After", never))) is None


# --- secrets and the terminal ---


@given(ANY_TEXT, ANY_TEXT)
def test_any_secret_is_masked_in_any_text(secret: str, around: str) -> None:
    known = Secrets()
    known.register(f"{secret}-a-secret-of-ours", "password")
    masked = known.redact(f"{around} {secret}-a-secret-of-ours {around}")
    assert encodable(f"{secret}-a-secret-of-ours") not in masked
    masked.encode()


@given(ANY_TEXT)
def test_what_is_printable_steers_nothing_and_stays_so(text: str) -> None:
    said = printable(text)
    assert all(one in "\n\t" or one.isprintable() or not one.isascii() for one in said)
    assert printable(said) == said
    said.encode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\x1b]0;X\x07\x1b[2J", r"\x1b]0;X\x07\x1b[2J"),
        ("one\rtwo", r"one\rtwo"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("two\nlines\tand a tab, ünïcödé \N{GRINNING FACE}", "two\nlines\tand a tab, ünïcödé \N{GRINNING FACE}"),
    ],
)
def test_what_steers_is_written_out(text: str, said: str) -> None:
    assert printable(text) == said
