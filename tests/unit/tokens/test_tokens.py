"""A forgery changes what it says and nothing else, and no sound verifier takes it; a clone is the original."""

import functools
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gherkin.parser import Parser

from harness.core.errors import Absent
from harness.tokens.forgeries import FORGERIES, Forge
from harness.tokens.jws import Jwt, NotAJwt, encode_segment, is_jwt
from harness.tokens.malformed import malformed
from harness.tokens.weak_secrets import guessed_secret

FEATURES = Path(__file__).resolve().parents[3] / "features"
SECRET = b"q7J2m0Xw8LrZ4tYv6NbE1sKd9HuA3cFp5GiR"
NOW = int(time.time())
CLAIMS = {"sub": "user-1", "iat": NOW, "exp": NOW + 86_400, "name": "Zoë", "roles": ["a", {"b": 1.5}]}
SYMMETRIC = ["HS256", "HS384", "HS512"]
ASYMMETRIC: dict[str, Any] = {
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


@functools.cache
def issued(algorithm: str) -> str:
    """One token an algorithm: some sign differently each time."""
    return jwt.encode(CLAIMS, ASYMMETRIC.get(algorithm, SECRET * 2), algorithm, headers={"kid": "key-1"})


def published(algorithm: str) -> list[dict[str, Any]]:
    if algorithm not in ASYMMETRIC:
        return []
    public = ASYMMETRIC[algorithm].public_key()
    key = json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(public))
    return [key | {"kid": "key-1", "alg": algorithm}]


def forger(algorithm: str) -> Forge:
    return Forge(Jwt.parse(issued(algorithm)), published(algorithm))


def verification_key(algorithm: str) -> Any:
    return ASYMMETRIC[algorithm].public_key() if algorithm in ASYMMETRIC else SECRET * 2


def parts(token: str) -> dict[str, Any]:
    head, payload, *rest = token.split(".")
    taken = Jwt.parse(f"{head}.{payload}.x")
    return {"header": taken.header, "claims": taken.claims, "signature": ".".join(rest)}


ALGORITHMS = [*SYMMETRIC, *ASYMMETRIC]
EVERY = [(kind, algorithm) for kind in FORGERIES for algorithm in ALGORITHMS]
CHANGED: dict[str, set[str]] = {
    **{kind: {"header", "signature"} for kind in FORGERIES if 'the algorithm "' in kind or "key id" in kind},
    **{kind: {"header", "signature"} for kind in FORGERIES if "its own header" in kind},
    **{kind: {"signature"} for kind in FORGERIES if "characters of its signature" in kind},
    'with the algorithm "none" over its old signature': {"header"},
    "signed with an empty key": {"signature"},
    "with further segments": {"signature"},
    "with an empty signature": {"signature"},
    "without a third segment": {"signature"},
    "with changed claims under the old signature": {"claims"},
    "with a changed header under the old signature": {"header"},
    "with a damaged signature": {"signature"},
    "signed with another key": {"signature"},
    "with an unknown algorithm": {"header"},
    "signed by HMAC with the public key as the secret": {"header", "signature"},
    **{kind: {"signature"} for kind in FORGERIES if "ECDSA" in kind},
}


def forged(kind: str, algorithm: str) -> list[str]:
    """The forgeries of a kind; none where the kind makes no sense for the algorithm."""
    try:
        return forger(algorithm).forge(kind)
    except Absent:
        fits = {"public key as the secret": ASYMMETRIC, "ECDSA": ["ES256"], "encrypted": ["RS256", "ES256"]}
        assert [algorithm in able for word, able in fits.items() if word in kind] == [False]
        return []


@pytest.mark.parametrize("algorithm", SYMMETRIC)
def test_an_unchanged_clone_is_the_original(algorithm: str) -> None:
    token = issued(algorithm)
    assert Jwt.parse(token).signed(SECRET * 2) == token
    assert Jwt.parse(token).compact() == token


def test_what_is_kept_is_kept_to_the_byte() -> None:
    """Another issuer writes its JSON with blanks and in an order of its own."""
    head, payload = encode_segment(b'{ "typ":"JWT",\n "alg":"HS256" }'), encode_segment(b'{"z":1, "a":"\\u00e9"}')
    token = Jwt.parse(f"{head}.{payload}.c2ln")
    assert token.signing_input() == f"{head}.{payload}"
    assert token.signed(b"x").startswith(f"{head}.{payload}.")


@pytest.mark.parametrize(("kind", "algorithm"), EVERY)
def test_no_sound_verifier_takes_a_forgery(kind: str, algorithm: str) -> None:
    key = verification_key(algorithm)
    jwt.decode(issued(algorithm), key, algorithms=[algorithm])
    for token in forged(kind, algorithm):
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(token, key, algorithms=[algorithm])


@pytest.mark.parametrize(("kind", "algorithm"), [one for one in EVERY if one[0] in CHANGED])
def test_a_forgery_changes_what_it_says_and_nothing_else(kind: str, algorithm: str) -> None:
    original = parts(issued(algorithm))
    for token in forged(kind, algorithm):
        found = parts(token)
        named = {"header"} if found["header"]["alg"] != algorithm else set()
        assert {name for name in original if found[name] != original[name]} == CHANGED[kind] | named


def test_every_forgery_is_described_here() -> None:
    assert {*CHANGED, "in JSON, with other claims", "encrypted with the published public key"} == set(FORGERIES)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_damaged_signature_differs_in_its_first_character_only(algorithm: str) -> None:
    token = Jwt.parse(issued(algorithm))
    (damaged,) = Forge(token).forge("with a damaged signature")
    signature = parts(damaged)["signature"]
    assert signature[0] != token.signature[0]
    assert signature[1:] == token.signature[1:]


@pytest.mark.parametrize("spelling", ["none", "None", "NONE", "nOnE", "NoNe"])
def test_an_unsigned_token_comes_with_and_without_its_last_dot(spelling: str) -> None:
    with_dot, without = forger("HS256").forge(f'with the algorithm "{spelling}"')
    assert with_dot == f"{without}."
    assert parts(without)["header"]["alg"] == spelling


FORMS = {
    "PEM": lambda key: key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "PEM without its last line end": lambda key: key.public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    ).rstrip(),
    "DER": lambda key: key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "PKCS#1": lambda key: key.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
    "the modulus": lambda key: published("RS256")[0]["n"].encode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_each_form_of_the_public_key_is_tried_as_a_secret(form: Callable[[Any], bytes]) -> None:
    secret = form(ASYMMETRIC["RS256"].public_key())
    tokens = forger("RS256").forge("signed by HMAC with the public key as the secret")
    fooled = [token for token in tokens if Jwt.parse(token).signed(secret) == token]
    assert {parts(token)["header"]["alg"] for token in fooled} == {"HS256"}
    assert {parts(token)["header"].get("kid") for token in fooled} == {"key-1", None}


def test_a_symmetric_deployment_has_no_public_key_to_abuse() -> None:
    with pytest.raises(Absent):
        forger("HS256").forge("signed by HMAC with the public key as the secret")


@pytest.mark.parametrize("secret", ["", "secret", "your-256-bit-secret", "keyboard cat"])
def test_a_listed_secret_is_found(secret: str) -> None:
    token = replace(Jwt.parse(issued("HS256")), signature="")
    signed = Jwt.parse(token.signed(secret.encode()))
    assert guessed_secret(signed) == secret


def test_the_profiles_own_placeholder_is_found() -> None:
    token = Jwt.parse(Jwt.parse(issued("HS512")).signed(b"better-be-changed"))
    assert guessed_secret(token) is None
    assert guessed_secret(token, ["better-be-changed"]) == "better-be-changed"


def test_a_good_secret_is_not_found() -> None:
    assert guessed_secret(Jwt.parse(issued("HS256"))) is None


ODD = malformed(Jwt.parse(issued("HS256")))


@pytest.mark.parametrize("odd", ODD)
def test_no_sound_verifier_takes_an_oddity(odd: str) -> None:
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(ODD[odd], SECRET * 2, algorithms=["HS256"])


def test_oddities_differ_from_each_other() -> None:
    assert len(set(ODD.values())) == len(ODD)


def examples(feature: str, column: str) -> set[str]:
    """Every value under a heading of the feature's Examples."""
    found = set()
    document: Any = Parser().parse((FEATURES / feature).read_text("utf-8"))
    for child in document["feature"]["children"]:
        for table in child.get("scenario", {}).get("examples", []):
            names = [cell["value"] for cell in table["tableHeader"]["cells"]]
            if column in names:
                place = names.index(column)
                found |= {row["cells"][place]["value"] for row in table["tableBody"]}
    return found


def test_every_oddity_is_sent_by_a_scenario() -> None:
    made_elsewhere = {"the scheme alone", "the scheme and spaces", "sent twice"}
    made_elsewhere |= {"her own, cut short", "her own under another name"}
    assert examples("errors.feature", "odd") == set(ODD) | made_elsewhere


def test_every_forgery_is_presented_by_a_scenario() -> None:
    features = ("token-verification.feature", "token-keys.feature")
    text = "".join((FEATURES / feature).read_text("utf-8") for feature in features)
    spelt = {f'with the algorithm "{one}"' for one in examples("token-verification.feature", "spelling")}
    presented = spelt.union(*(examples(feature, "forged") for feature in features))
    presented |= set(re.findall(r"presents Ann's credential ([^<\n]+)", text))
    assert set(FORGERIES) - presented == set()


@pytest.mark.parametrize(
    ("token", "is_one"),
    [
        (f"{encode_segment(b'{}')}.{encode_segment(b'{}')}.c2ln", True),
        ("WyIxIiwiYSJd.aTz7Qw.0Wc3FfvQn3p4m2", False),
        ("an-opaque-one", False),
    ],
)
def test_dots_make_no_jwt(token: str, is_one: bool) -> None:
    assert is_jwt(token) is is_one


@pytest.mark.parametrize(
    "token", ["", "opaque", "a.b", "a.b.c.d", "!!.!!.!!", "bm8.bm8.x", "W10.e30.x", "e30.W10.x"]
)
def test_what_is_no_jwt_says_what_to_declare(token: str) -> None:
    with pytest.raises(NotAJwt, match="not a JWT of three segments") as told:
        Jwt.parse(token)
    assert 'kind = "opaque"' in told.value.remedy


@pytest.mark.parametrize(
    ("claims", "lifetime"),
    [({"iat": 1, "exp": 61}, 60.0), ({"exp": 61}, None), ({"iat": "x", "exp": 61}, None), ({"iat": None}, None)],
)
def test_the_lifetime(claims: dict[str, Any], lifetime: float | None) -> None:
    assert Jwt({}, claims, "").lifetime == lifetime


def test_changes_set_and_remove() -> None:
    token = Jwt.parse(issued("HS256")).with_header(typ=None, kid="other").with_claims(sub=None, aud="x")
    assert token.header == {"alg": "HS256", "kid": "other"}
    assert token.claims == {key: value for key, value in CLAIMS.items() if key != "sub"} | {"aud": "x"}
