"""Secrets on the wire are registered; those that an answer hands out are known with their place."""

from __future__ import annotations

import json

import pytest

from harness.core.exchange import Exchange
from harness.core.provenance import Taken, known
from harness.core.redaction import registered
from harness.wire.secret_scanner import SecretScanner

pytestmark = pytest.mark.usefixtures("nothing_known")

COOKIE = "session-of-ann-0123456789"
TOKEN = "access-token-of-ann-0123456789"
REFRESH = "refresh-token-of-ann-0123456789"


def exchange(body: object = None, answer: object = None, *, sent: str = "", came: str = "") -> Exchange:
    headers = [("Cookie", sent)] if sent else []
    answered = [("Set-Cookie", came)] if came else []
    content = json.dumps(body).encode(), json.dumps(answer).encode()
    return Exchange("Ann", "POST", "http://127.0.0.1/", headers, content[0], 200, answered, content[1], 0.0)


def taken(value: str) -> tuple[Exchange, str]:
    found = known(value)
    assert found is not None
    assert isinstance(found.provenance, Taken)
    return found.provenance.exchange, found.provenance.place


def test_what_an_answer_hands_out_is_known_with_its_place() -> None:
    answer = exchange(None, {"data": [{"accessToken": TOKEN}]}, came=f"sid={COOKIE}; Path=/")
    SecretScanner().scan(answer)
    assert taken(COOKIE) == (answer, "sid")
    assert taken(TOKEN) == (answer, "accessToken")
    assert dict(registered()) == {COOKIE: "cookie", TOKEN: "token"}


def test_the_first_answer_that_has_it_is_where_it_is_from() -> None:
    scanner, first = SecretScanner(), exchange(None, {"token": TOKEN})
    for answer in (first, exchange({"token": TOKEN}, {"token": TOKEN}, came=f"token={TOKEN}")):
        scanner.scan(answer)
    assert taken(TOKEN) == (first, "token")


def test_what_is_only_sent_was_handed_out_by_nobody() -> None:
    SecretScanner().scan(
        exchange({"refresh_token": REFRESH, "password": "Aa1!of-ann"}, None, sent="user_id=12345678")
    )
    assert [known(value) for value in (REFRESH, "Aa1!of-ann", "12345678")] == [None] * 3
    assert dict(registered()) == {REFRESH: "token", "Aa1!of-ann": "password"}


@pytest.mark.parametrize(
    ("key", "value", "is_secret"),
    [
        ("tokenUrl", "/api/v1/login/access-token", False),
        ("token_endpoint", "https://auth.example.com/oauth/token", False),
        ("tokenURI", "https://auth.example.com", False),
        ("token_url", "https://example.com/reset?token=0a1b2c3d", True),
        ("token_url", "https://example.com/reset/0a1b2c3d4e5f6a7b8c", True),
        ("token", "/0a1b2c3d4/e5f6a7b8c", True),
    ],
)
def test_where_tokens_are_is_no_secret(key: str, value: str, is_secret: bool) -> None:
    SecretScanner().scan(exchange(None, {"flows": {"password": {key: value}}}))
    assert (value in dict(registered())) is is_secret
