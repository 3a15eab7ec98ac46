"""What may be chosen as a password, and that whatever may be chosen opens the account."""

from __future__ import annotations

import unicodedata

import pytest

from reference_backend import passwords
from reference_backend.errors import ApiError
from reference_backend.settings import Settings

EMAIL = "ann.lee@example.com"


def wide(text: str) -> str:
    """The text in the letters of a Japanese keyboard, which NFKC makes ordinary ones of."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings.model_construct(
        password_min=8, password_max=128, argon2_memory=8, argon2_time=1, argon2_parallelism=1
    )


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        wide("password123"),
        wide("QWERTYUIOP"),
        "qwertyuiop".replace("u", "\N{MATHEMATICAL SANS-SERIF SMALL U}"),
        EMAIL,
        f"{EMAIL}1",
        f"1{EMAIL}!",
        "ann.lee2026",
        "Ann.Lee!!",
        wide("ann.lee2026"),
    ],
)
def test_what_guessers_try_first_is_refused_however_it_is_typed(settings: Settings, password: str) -> None:
    with pytest.raises(ApiError) as refusal:
        passwords.check_policy(settings, password, EMAIL)
    assert refusal.value.code == "PASSWORD_TOO_COMMON"


@pytest.mark.parametrize("password", ["my friend ann.lee sings", "annual lee side", "exámple trombone"])
def test_a_phrase_with_the_name_in_it_is_no_guess(settings: Settings, password: str) -> None:
    passwords.check_policy(settings, password, EMAIL)


def test_a_short_local_part_is_in_many_passwords(settings: Settings) -> None:
    passwords.check_policy(settings, "ab12345678-", "ab@example.com")


@pytest.mark.parametrize("length", [8, 64, 100, 128])
@pytest.mark.parametrize("letter", ["e\u0301", "\N{GREEK SMALL LETTER ALPHA}\u0313\u0300\u0345", "é"])
def test_what_may_be_chosen_opens_the_account(settings: Settings, length: int, letter: str) -> None:
    password = unicodedata.normalize("NFD", "z" + letter * (length - 1))
    passwords.check_policy(settings, password, EMAIL)
    hashed = passwords.make_hash(settings, password)
    assert passwords.verify(settings, hashed, password)
    assert passwords.verify(settings, hashed, unicodedata.normalize("NFC", password))


@pytest.mark.parametrize(
    "password", ["z" + "é" * 128, "z" + "e\u0301" * 128, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 8]
)
def test_one_rule_measures_what_is_chosen_and_what_is_tried(settings: Settings, password: str) -> None:
    with pytest.raises(ApiError) as refusal:
        passwords.check_policy(settings, password, EMAIL)
    assert refusal.value.code == "PASSWORD_TOO_LONG"
    assert not passwords.verify(settings, passwords.make_hash(settings, password), password)


def test_a_megabyte_is_neither_normalised_nor_hashed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(passwords, "_normalise")
    assert not passwords.verify(settings, None, "e" * 1_000_000)


def test_the_most_used_passwords_that_are_long_enough_are_known(settings: Settings) -> None:
    common = passwords._common()
    assert len(common) >= 3000  # ASVS 5.0 6.2.4
    assert all(
        len(word) >= settings.password_min and word == passwords._normalise(word).casefold() for word in common
    )
