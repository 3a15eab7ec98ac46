"""Whether two answers to sign-in can be told apart."""

import pytest

from harness.core.exchange import Exchange
from harness.deployment.difference import difference

VOLATILE = ["ann@example.com", "zoe@example.com"]


def answered(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Exchange:
    return Exchange("somebody", "POST", "http://127.0.0.1:3000/login", [], b"", status, headers, body, 0.0)


def leads(location: str) -> Exchange:
    return answered(303, b"", ("Location", location))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (leads("/login?error=1"), leads("/login?error=1")),
        (leads("/login?mail=ann%40example.com"), leads("/login?mail=zoe%40example.com")),
        (leads("/login?flow=0a1b2c3d-0000-4000"), leads("/login?flow=ffffffff-1111-4111")),
        (answered(401, b'{"mail": "ann@example.com"}'), answered(401, b'{"mail": "zoe@example.com"}')),
    ],
)
def test_what_differs_with_every_answer_tells_nothing(one: Exchange, other: Exchange) -> None:
    assert difference(one, other, VOLATILE) is None


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (leads("/login?error=unknown"), leads("/login?error=password"), "one leads to /login?error=unknown and"),
        (leads("/signup"), leads("/login"), "one leads to /signup and the other to /login"),
        (answered(401, b"unknown"), answered(401, b"wrong"), 'one says "unknown" and the other "wrong"'),
        (
            answered(401, b'{"error": "invalid_request", "why": "No such account"}'),
            answered(401, b'{"error": "invalid_request", "why": "Wrong password"}'),
            'one says "...": "invalid_request", "why": "No such account"}" and the other "...": "inv',
        ),
        (
            answered(401, b"no"),
            answered(401, b"no. " + b"Try again. " * 20),
            'one says "no" and the other "no. Try',
        ),
        (answered(404), answered(401), "one is answered 404 and the other 401"),
        (leads("/login"), answered(303), "only one of them has the headers ['location']"),
    ],
)
def test_what_tells_who_has_an_account_is_named(one: Exchange, other: Exchange, told: str) -> None:
    assert str(difference(one, other, VOLATILE)).startswith(told)
