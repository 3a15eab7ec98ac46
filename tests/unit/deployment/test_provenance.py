"""Whatever is made for a scenario, or taken from an answer, is known by how that was done."""

from __future__ import annotations

import json

import pytest

from harness.core.exchange import Exchange
from harness.core.provenance import Given, Joined, Known, Part, Provenance, Random, Taken, known, made_in
from harness.core.redaction import redact
from harness.deployment.accounts import WRONG_PASSWORDS
from harness.deployment.held import token_in
from harness.deployment.people import Person, PersonFactory
from harness.deployment.template import render
from harness.profile.loader import load_profile
from harness.profile.target import Target

pytestmark = pytest.mark.usefixtures("nothing_known")

CASTING = PersonFactory(load_profile("reference").people, 1)


def found(value: str) -> Known:
    about = known(value)
    assert about is not None, value
    return about


def how(value: str) -> Provenance:
    return found(value).provenance


def test_a_person_s_values_are_known_by_whose_they_are() -> None:
    ann = CASTING.person("Ann")
    names = [found(value).name for value in (ann.email, ann.password, ann.canary)]
    assert names == ["Ann email", "Ann password", "Ann name canary"]
    local, at, domain = ann.email.partition("@")
    start, tag = local.split(".")
    assert how(ann.email) == Joined((f"{start}.", Random(tag), at + domain))
    assert how(tag) == Part(ann.email, len("ann."), len(local))
    assert how(ann.canary) == Joined(("cnry", Random(ann.canary.removeprefix("cnry"))))
    assert [ann.name[start:end] for start, end in made_in(ann.name)] == [ann.canary]


@pytest.mark.parametrize("kind", list(WRONG_PASSWORDS))
def test_every_wrong_password_is_made_of_the_right_one_or_drawn(kind: str) -> None:
    password = CASTING.spaced_password()
    wrong = WRONG_PASSWORDS[kind](Person("Lea", "", "", password, ""), CASTING)
    assert found(wrong).name == "wrong password"
    assert ("random" in kind) is (password not in repr(how(wrong)))


@pytest.mark.parametrize("length", [1, 4, 5, 7])
def test_a_short_password_has_its_length(length: int) -> None:
    password = CASTING.short_password(length)
    assert len(password) == length
    assert (known(password) is not None) is (length > 5)


def test_a_token_is_taken_from_where_the_profile_says() -> None:
    body = json.dumps({"jwt": "the-access-token-0123456789"}).encode()
    answer = Exchange(
        "Ann", "GET", "http://127.0.0.1/", [], b"", 200, [("X-Access", "in-a-header-0123456789")], body, 0
    )
    profile = load_profile("reference")
    declared = profile.credentials.token
    assert declared is not None
    for where, value, place in (
        ({"pointer": "/jwt"}, "the-access-token-0123456789", "/jwt"),
        ({"pointer": None, "response_header": "X-Access"}, "in-a-header-0123456789", "X-Access"),
    ):
        token = declared.model_copy(update=where)
        credentials = profile.credentials.model_copy(update={"token": token})
        target = Target(
            profile.model_copy(update={"credentials": credentials}), "http://127.0.0.1", "http://127.0.0.1"
        )
        assert token_in(target, answer) == value
        taken = how(value)
        assert isinstance(taken, Taken)
        assert (taken.exchange, taken.place) == (answer, place)


def test_the_signing_secret_is_given_in_its_variable() -> None:
    profile = load_profile("reference")
    Target(profile, "http://127.0.0.1", "http://127.0.0.1", "the-signing-secret-0123456789")
    assert profile.jwt.secret_env is not None
    assert how("the-signing-secret-0123456789") == Given("the-signing-secret-0123456789", profile.jwt.secret_env)


def test_a_variable_of_the_environment_is_a_secret_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a worker, which never reads the user's options."""
    monkeypatch.setenv("SHOP_KEY", "the-key-of-the-shop-1")
    assert render("Key {env:SHOP_KEY}", {}) == "Key the-key-of-the-shop-1"
    assert how("the-key-of-the-shop-1") == Given("the-key-of-the-shop-1", "SHOP_KEY")
    assert redact("Key the-key-of-the-shop-1") == "Key <SHOP_KEY>"
