"""A registered secret appears in no output, however it is spelt there."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import jwt
import pytest

from harness.core import redaction
from harness.core.exchange import Exchange
from harness.core.redaction import redact, register
from harness.wire.transcript import describe, recorded

pytestmark = pytest.mark.usefixtures("nothing_known")

SECRET = 'p@ss w0rd/"+ü\\&<end>'


SPELLINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "in a path": quote,
    "in a form": quote_plus,
    "in a query": lambda text: urlencode({"password": text}),
    "in JSON": json.dumps,
    "in JSON with its letters": lambda text: json.dumps(text, ensure_ascii=False),
    "in HTML": html.escape,
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=list(SPELLINGS))
def test_every_spelling_is_masked(spell: Callable[[str], str]) -> None:
    assert register(SECRET, "password") == SECRET
    written = f"before {spell(SECRET)} after"
    masked = redact(written)
    assert "<password>" in masked
    assert not [part for part in ("w0rd", b"w0rd".hex(), spell(SECRET).strip('"')) if part in masked]
    assert masked.startswith("before ")
    assert masked.endswith(" after")


def test_a_secret_registered_as_it_was_encoded_is_masked_decoded() -> None:
    register("abc%2Fdef%3Dghi", "cookie")
    assert redact("abc/def=ghi and abc%2Fdef%3Dghi") == "<cookie> and <cookie>"


def test_each_part_of_a_jwt_is_masked() -> None:
    token = jwt.encode({"sub": "user-1"}, "x" * 40, "HS256")
    head, payload, signature = token.split(".")
    register(token, "access token")
    assert redact(f"token={token}") == "token=<access token>"
    assert redact(f"{head} {payload} {signature}") == "<access token> <access token> <access token>"
    assert redact(f"{head}.{payload}.damaged") == "<access token>.<access token>.damaged"


def test_the_password_of_a_url_is_masked_alone_too() -> None:
    register("postgresql://owner:s%C3%A9same-open@db.example/app", "database URL")
    register("postgresql://postgres:postgres@db.example/app", "database URL")
    assert redact("login with s%C3%A9same-open or sésame-open failed") == (
        "login with <database URL> or <database URL> failed"
    )
    assert redact('"postgres": "Postgres 18"') == '"postgres": "Postgres 18"', "a word, where it is that short"


def test_what_only_looks_like_a_url_is_masked_as_it_is() -> None:
    register("http://[sesame-open", "token")
    assert redact("http://[sesame-open") == "<token>"


def test_the_longest_goes_first() -> None:
    register("sesame-open", "short")
    register("sesame-open-and-more", "long")
    assert redact("sesame-open-and-more, sesame-open") == "<long>, <short>"


def test_the_first_label_stays() -> None:
    register("sesame-open", "password")
    register("sesame-open", "token")
    assert redact("sesame-open") == "<password>"


def test_what_is_too_short_to_be_told_from_words_is_left() -> None:
    register("true", "cookie")
    assert redact("true") == "true"


def test_a_described_exchange_shows_no_secret_and_what_is_telling() -> None:
    register("Bearer-token-1", "access token")
    register("cookie-value-1", "cookie")
    register("password-1", "password")
    exchange = Exchange(
        "Ann's laptop",
        "POST",
        "http://127.0.0.1/sign-in?password=password-1",
        [("Authorization", "Bearer Bearer-token-1"), ("Cookie", "sid=cookie-value-1"), ("User-Agent", "untold")],
        b'{"password": "password-1"}',
        200,
        [("Set-Cookie", "sid=cookie-value-1; Path=/"), ("Server", "untold")],
        b'{"token": "Bearer-token-1"}',
        0.0123,
    )
    assert describe(recorded(exchange)).splitlines() == [
        "> POST http://127.0.0.1/sign-in?password=<password>    (Ann's laptop)",
        ">   Authorization: Bearer <access token>",
        ">   Cookie: sid=<cookie>",
        '>   {"password": "<password>"}',
        "< 200    (12 ms)",
        "<   Set-Cookie: sid=<cookie>; Path=/",
        '<   {"token": "<access token>"}',
    ]


def test_a_secret_that_a_long_body_is_cut_through_is_masked_first() -> None:
    register("s" * 40, "secret")
    body = b"x" * 380 + b"s" * 40 + b"y" * 100
    shown = describe(recorded(Exchange("Ann", "GET", "http://127.0.0.1/", [], b"", 200, [], body, 0.0)))
    assert "sss" not in shown
    assert shown.endswith("... (520 bytes)")


def test_what_is_masked_again_and_again_is_not_built_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets come by ones and twos between texts; the work must not grow with the square of their number."""
    built = 0

    class Counting:
        """Finds nothing, and costs nothing: only how much is built is of interest."""

        def __init__(self, patterns: list[str]) -> None:
            nonlocal built
            built += sum(map(len, patterns))

        def find_matches_as_indexes(self, text: str, *, overlapping: bool) -> list[tuple[int, int, int]]:
            return []

    monkeypatch.setattr(redaction, "AhoCorasick", Counting)
    known = redaction.Secrets()
    for number in range(500):
        known.register(f"secret-number-{number}" * (1 + number % 50), "token")
        assert known.redact("nothing") == "nothing"
    spelt = sum(map(len, known._labels))
    assert spelt < built < 12 * spelt


def test_what_no_credential_is_as_long_as_is_no_secret() -> None:
    register("x1" * 50_000, "token")
    assert redact("x1" * 50_000) == "x1" * 50_000
