"""What an answer gives away of a password is found in every spelling, and nothing else is taken for it."""

import base64
import json

import pytest

from harness.core.exchange import Exchange
from harness.core.findings import HarnessError
from harness.deployment.accounts import WRONG_PASSWORDS
from harness.deployment.people import Person, PersonFactory
from harness.flows.passwords import held_in
from harness.profile.profile import People

PASSWORD = "Aa1!correct_horse-battery"
CASTING = PersonFactory(People(), 1)
HASHES = [
    "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b0dWRWJTmaaJObG",
    "$6$rounds=5000$saltsalt$" + "a" * 86,
    "pbkdf2_sha256$870000$saltsaltsalt$" + "k" * 43 + "=",
    "scrypt:32768:8:1$saltsalt$" + "0" * 128,
    f"{'0a' * 16}:{'0b' * 64}",
]
HARMLESS = [
    "",
    '{"password": "Aa1!another_horse-battery"}',
    '{"hash": "d41d8cd98f00b204e9800998ecf8427e", "price": "$5$ off", "note": "scrypt: how it works"}',
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    f"{'0a' * 16}:{'0b' * 16}",
]


def words_of(found: tuple[str, object] | None) -> str | None:
    return found[0] if found is not None else None


def answer(body: str = "", *headers: tuple[str, str]) -> Exchange:
    return Exchange("Ann", "POST", "http://127.0.0.1/x", [], b"", 200, headers, body.encode(), 0.0)


@pytest.mark.parametrize(
    "spelled",
    [
        PASSWORD,
        "Aa1%21correct_horse-battery",
        "Aa1&#33;correct_horse-battery",
        base64.b64encode(json.dumps(["ann@example.com", PASSWORD]).encode()).decode(),
        "eyJhbGciOiJub25lIn0." + base64.urlsafe_b64encode(PASSWORD.encode()).decode().rstrip("=") + ".c2ln",
    ],
    ids=["plain", "percent", "HTML", "base64", "a JWT's claims"],
)
def test_a_password_is_found(spelled: str) -> None:
    assert words_of(held_in(answer(json.dumps({"is": spelled})), PASSWORD)) == "her password, in /is"
    in_cookie = answer("", ("Set-Cookie", f"kept={spelled}; Path=/"))
    assert words_of(held_in(in_cookie, PASSWORD)) == 'her password, in the cookie "kept"'
    assert words_of(held_in(answer("", ("X-Told", spelled)), PASSWORD)) == "her password, in the header X-Told"
    assert words_of(held_in(answer(f"<p>{spelled}</p>"), PASSWORD)) == "her password, in the body"


@pytest.mark.parametrize("hashed", HASHES)
def test_a_hash_is_found(hashed: str) -> None:
    for text, place in (
        (json.dumps({"user": [{"h": hashed}]}), "/user/0/h"),
        (base64.b64encode(hashed.encode()).decode(), "the body"),
    ):
        assert words_of(held_in(answer(text), PASSWORD)) == f"what looks like the hash of a password, in {place}"


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert words_of(held_in(answer(text, ("X-Request-Id", "0" * 32)), PASSWORD)) is None


def test_an_empty_password_is_our_error() -> None:
    with pytest.raises(HarnessError):
        held_in(answer("x"), "")


@pytest.mark.parametrize("kind", list(WRONG_PASSWORDS))
@pytest.mark.parametrize("length", [8, 24, 64, 100, 200])
def test_a_wrong_password_is_another_one(kind: str, length: int) -> None:
    drawn = CASTING.long_password(length)
    assert len(drawn) == length
    password = f"{drawn[:4]} {drawn[5:]}"
    person = Person("Lea", "Lea", "lea@example.com", password, "canary")
    assert WRONG_PASSWORDS[kind](person, CASTING) != password


def test_another_end_keeps_what_a_truncating_hash_reads() -> None:
    password = CASTING.long_password(100)
    other = WRONG_PASSWORDS["her password with another ending"](Person("Lea", "", "", password, ""), CASTING)
    assert other[:72] == password[:72]
    assert len(other) == 100
    assert not any(one == its for one, its in zip(other[72:], password[72:], strict=True))
