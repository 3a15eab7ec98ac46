"""A token that the suite forged is forged again from a fresh one, by the same change."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest

from harness.core.provenance import Given, Unrepeatable, known, made
from harness.core.redaction import register
from harness.evidence.repro.definitions import Definition, given
from harness.evidence.repro.forger import forge
from harness.evidence.repro.history import History
from harness.evidence.repro.resolver import Resolver
from harness.evidence.repro.values import Unreproducible, Variable
from harness.tokens.forgeries import FORGERIES, Forge
from harness.tokens.jws import Jwt

pytestmark = pytest.mark.usefixtures("nothing_known")

SECRET = "the-shared-secret-of-the-deployment-0001"


def issued(subject: str, now: int, algorithm: str = "HS256") -> Jwt:
    return Jwt({"alg": algorithm, "typ": "JWT"}, {"sub": subject, "aud": "api", "iat": now, "exp": now + 900}, "")


OLD = Jwt.parse(issued("ann", 1_700_000_000).signed(SECRET.encode()))
FRESH = issued("zoe", 1_800_000_000).signed(SECRET.encode())


@pytest.fixture(autouse=True)
def _secret_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET", SECRET)


def how_forged(forged: str, variable: str | None = "MY_SECRET") -> tuple[dict[str, Any], str]:
    """The changes and the key that the script gives the forger; ``variable`` is the shared secret's."""
    variables = {OLD.text: Variable("ann_token", OLD.text, "")}
    if variable is not None:
        variables[SECRET] = given(Given(SECRET, variable))
    found = known(forged)
    assert found is not None
    word = Definition(found.provenance, variables.get).word
    command, token, changes, key = shlex.split(word.removeprefix('"$(').removesuffix(')"'))
    assert (command, token) == ("forge", "$ann_token")
    return json.loads(changes), key


def again(forged: str, token: str = FRESH) -> str:
    """The fresh token, forged as the old one was."""
    return forge(token, *how_forged(forged))


OTHERWISE = ("public key", "key pair", "certificate", "further segments", "JSON", "ECDSA")
SYMMETRIC = [kind for kind in FORGERIES if not any(word in kind for word in OTHERWISE)]


@pytest.mark.parametrize("kind", SYMMETRIC)
def test_every_forgery_is_made_of_a_fresh_token(kind: str) -> None:
    for forged in Forge(OLD).forge(kind):
        once_more = again(forged)
        assert once_more.count(".") == forged.count(".")
        old, new = (Jwt.parse(token + "." * (2 - token.count("."))) for token in (forged, once_more))
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
    "no audience": lambda token: token.with_claims(aud=None),
    "a list of audiences": lambda token: token.with_claims(aud=["api"]),
    "another size of hash": lambda token: token.with_header(alg="HS512"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_signed_with_the_secret_is_signed_with_it_again(change: str) -> None:
    changed = CHANGES[change](OLD)
    once_more = Jwt.parse(again(changed.signed(SECRET.encode())))
    moved = {name: value + 100_000_000 for name, value in changed.claims.items() if name in ("exp", "iat")}
    assert once_more.claims == {**changed.claims, "sub": "zoe", **moved}
    assert once_more.signature == once_more.signed(SECRET.encode()).rpartition(".")[2]


@pytest.mark.parametrize("end", [0, -1, True])
def test_an_end_that_is_no_date_is_said_as_it_is(end: int) -> None:
    assert Jwt.parse(again(OLD.with_claims(exp=end).signed(SECRET.encode()))).claims["exp"] is end


@pytest.mark.parametrize("kind", ["with further segments", "in JSON, with other claims"])
def test_another_serialization_is_made_of_a_fresh_token(kind: str) -> None:
    for forged in Forge(OLD).forge(kind):
        found = known(forged)
        assert found is not None
        assert (
            "$ann_token" in Definition(found.provenance, {OLD.text: Variable("ann_token", OLD.text, "")}.get).word
        )


def test_the_secret_stands_in_no_forgery() -> None:
    forged = OLD.with_claims(x=1).signed(SECRET.encode())
    assert how_forged(forged) == ({"claims": {"x": 1}}, "env:MY_SECRET")


def test_without_a_variable_for_the_secret_there_is_no_forgery() -> None:
    register(SECRET, "signing secret")
    forged = OLD.with_claims(x=1).signed(SECRET.encode())
    with pytest.raises(Unreproducible, match="names no variable"):
        how_forged(forged, None)


def test_a_variable_that_no_shell_knows_is_none() -> None:
    with pytest.raises(Unreproducible, match="no variable of that name"):
        given(Given(SECRET, "not a name; $(touch hacked)"))


def test_a_key_pair_of_the_suite_s_own_is_no_forgery_for_a_script() -> None:
    old = Jwt.parse(Jwt({"alg": "EdDSA"}, {"sub": "ann"}, "x" * 86).text)
    (forged,) = Forge(old).forge("signed with another key")
    found = known(forged)
    assert found is not None
    with pytest.raises(Unreproducible, match="key pair"):
        Definition(found.provenance, lambda _: None)


def test_a_public_key_that_signs_is_written_down() -> None:
    published: dict[str, Any] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    for forged in Forge(OLD, [published]).forge("signed by HMAC with the public key as the secret"):
        fresh, token = Jwt.parse(again(forged)), Jwt.parse(forged)
        assert fresh.claims["sub"] == "zoe"
        found = known(forged)
        assert found is not None
        key = found.provenance.key  # type: ignore[attr-defined]
        assert fresh.signed(key) == fresh.text
        assert token.signed(key) == forged


def test_an_audience_that_is_put_into_a_list_is_the_fresh_token_s() -> None:
    elsewhere = Jwt.parse(FRESH).with_claims(aud="elsewhere").signed(SECRET.encode())
    forged = OLD.with_claims(aud=["api"]).signed(SECRET.encode())
    assert Jwt.parse(again(forged, elsewhere)).claims["aud"] == ["elsewhere"]


def test_another_user_s_id_in_a_list_is_nothing_for_a_script() -> None:
    forged = OLD.with_claims(sub=["somebody-else"]).signed(SECRET.encode())
    with pytest.raises(Unreproducible, match="names another user"):
        again(forged)


def test_what_can_not_be_made_again_is_nothing_for_a_script() -> None:
    value = made("changed cookie", Unrepeatable("dXNlci0xfGFubkBleGFtcGxlLmNvbQ", "It takes more."))
    with pytest.raises(Unreproducible, match="It takes more"):
        Resolver(History([]), [], "").variable(value, 0)
