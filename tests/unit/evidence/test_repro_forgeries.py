"""A token that the suite forged is forged anew from a fresh one, by the same change."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from harness.evidence.repro.forged import Forgery, Keys, forgery_of

from harness.evidence.repro.forger import forge
from harness.evidence.repro.values import Unreproducible
from harness.tokens.forgeries import FORGERIES, Forge
from harness.tokens.jws import Jwt, encode_segment

SECRET = "the-shared-secret-of-the-deployment-0001"
KEYS = Keys(SECRET, "MY_SECRET")


def issued(subject: str, now: int, algorithm: str = "HS256") -> Jwt:
    return Jwt({"alg": algorithm, "typ": "JWT"}, {"sub": subject, "aud": "api", "iat": now, "exp": now + 900}, "")


OLD = Jwt.parse(issued("ann", 1_700_000_000).signed(SECRET.encode()))
FRESH = issued("zoe", 1_800_000_000).signed(SECRET.encode())
ORIGIN = OLD.compact()


def anew(forged: str, monkeypatch: pytest.MonkeyPatch, keys: Keys = KEYS) -> str:
    """The fresh token, forged as the old one was."""
    found = forgery_of(forged, ORIGIN, keys)
    assert found is not None
    monkeypatch.setenv("MY_SECRET", SECRET)
    return forge(FRESH, json.loads(found.changes), found.key)


SYMMETRIC = [kind for kind in FORGERIES if "public key" not in kind]


@pytest.mark.parametrize("kind", SYMMETRIC)
def test_every_forgery_is_made_of_a_fresh_token(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for forged in Forge(OLD).forge(kind):
        again = anew(forged, monkeypatch)
        assert again.count(".") == forged.count(".")
        old, new = (Jwt.parse(token + "." * (2 - token.count("."))) for token in (forged, again))
        assert new.header == old.header
        fresh = Jwt.parse(FRESH)
        assert new.claims == {
            **fresh.claims,
            **{name: old.claims[name] for name in old.claims.keys() - fresh.claims},
        }
        was = {"": "", OLD.signature: "kept"}.get(old.signature, "other")
        assert {"": "", fresh.signature: "kept"}.get(new.signature, "other") == was


CHANGES: dict[str, Callable[[Jwt], Jwt]] = {
    "an end one hour ago": lambda token: token.with_claims(exp=1_700_000_000 - 3600, iat=1_700_000_000 - 7200),
    "a fractional end": lambda token: token.with_claims(exp=1_700_000_900.5),
    "no type": lambda token: token.with_header(typ=None),
    "a list of audiences": lambda token: token.with_claims(aud=["api"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_signed_with_the_secret_is_signed_with_it_again(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = CHANGES[change](OLD)
    again = Jwt.parse(anew(changed.signed(SECRET.encode()), monkeypatch))
    moved = {name: value + 100_000_000 for name, value in changed.claims.items() if name in ("exp", "iat")}
    assert again.claims == {**changed.claims, "sub": "zoe", **moved}
    assert again.signature == again.signed(SECRET.encode()).rpartition(".")[2]


def test_the_secret_stands_in_no_forgery() -> None:
    found = forgery_of(OLD.with_claims(x=1).signed(SECRET.encode()), ORIGIN, KEYS)
    assert found is not None
    assert SECRET not in found.changes + found.key
    assert found == Forgery('{"claims":{"x":1}}', "env:MY_SECRET", 1)


@pytest.mark.parametrize("variable", [None, "not a name; $(touch hacked)"])
def test_without_a_variable_for_the_secret_there_is_no_forgery(variable: str | None) -> None:
    forged = OLD.with_claims(x=1).signed(SECRET.encode())
    with pytest.raises(Unreproducible, match="names no variable"):
        forgery_of(forged, ORIGIN, Keys(SECRET, variable))


def test_a_key_pair_of_the_suite_s_own_is_no_forgery_for_a_script() -> None:
    forged = Jwt({**OLD.header, "alg": "RS256"}, OLD.claims, "").compact("c2lnbmF0dXJlLW9mLWEta2V5LXBhaXI")
    with pytest.raises(Unreproducible, match="key pair"):
        forgery_of(forged, ORIGIN, KEYS)


def test_a_public_key_that_signs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    published: dict[str, Any] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    for forged in Forge(OLD, [published]).forge("signed by HMAC with the public key as the secret"):
        again = anew(forged, monkeypatch, Keys(None, None, [published]))
        assert Jwt.parse(again).claims["sub"] == "zoe"


def test_an_audience_that_is_put_into_a_list_is_the_fresh_token_s(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Jwt.parse(FRESH).with_claims(aud="elsewhere").signed(SECRET.encode())
    found = forgery_of(OLD.with_claims(aud=["api"]).signed(SECRET.encode()), ORIGIN, KEYS)
    assert found is not None
    monkeypatch.setenv("MY_SECRET", SECRET)
    assert Jwt.parse(forge(elsewhere, json.loads(found.changes), found.key)).claims["aud"] == ["elsewhere"]


def test_json_with_blanks_has_them_again() -> None:
    """A decoder may stumble over the length of a segment, and not over what is in it."""
    head = encode_segment(json.dumps({**OLD.header, "kid": {}}).encode())
    found = forgery_of(f"{head}.{ORIGIN.partition('.')[2]}", ORIGIN, KEYS)
    assert found is not None
    assert forge(FRESH, json.loads(found.changes), found.key).partition(".")[0] == head


def test_another_person_s_token_is_no_forgery() -> None:
    assert forgery_of(issued("bob", 1).with_claims(a=1, b=2, c=3).compact("x" * 43), ORIGIN, KEYS) is None
    assert forgery_of("no.token.atall", ORIGIN, KEYS) is None
