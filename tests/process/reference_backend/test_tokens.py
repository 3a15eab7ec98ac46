import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from tests.support.reference_person import BASE, JWT_SECRET, Person, device_of, stranger_of

NOW = int(time.time())
DAY = 86_400
DROP = object()


def encode(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def clone(token: str, key: str = JWT_SECRET, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    """Sign a really issued token again, with some claims changed or dropped."""
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    kept = {name: value for name, value in claims.items() if value is not DROP}
    text = json.dumps(kept).replace('"NESTED"', "[" * 3000 + "]" * 3000).encode()
    header = {"alg": "HS256", "typ": "JWT"} | (headers or {})
    signed = f"{encode(json.dumps({k: v for k, v in header.items() if v is not DROP}).encode())}.{encode(text)}"
    signature = jwt.get_algorithm_by_name("HS256").sign(signed.encode(), key.encode())
    return f"{signed}.{encode(signature)}"


def assert_refused(person: Person, token: str | bytes) -> None:
    value = token if isinstance(token, bytes) else token.encode()
    answer = device_of(person.device.app).get("/api/tasks", headers={b"authorization": b"Bearer " + value})
    assert answer.status_code == 401, value[:80]
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json() == {"message": "Unauthorized", "code": "UNAUTHORIZED"}


def test_what_is_issued_says_who_and_until_when(ann: Person) -> None:
    token = ann.jwt()
    claims = jwt.decode(token, JWT_SECRET, algorithms=["HS256"], audience=BASE, issuer=BASE)
    user = ann.session["user"]
    assert (claims["sub"], claims["email"], claims["name"]) == (user["id"], ann.email, ann.name)
    assert claims["exp"] - claims["iat"] == 900
    assert claims["sid"] == ann.session["session"]["id"]
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    assert ann.jwt() != token


@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ({}, {}),
        ({"typ": DROP}, {}),
        ({"typ": "jwt"}, {}),
        ({"kid": "unknown"}, {}),
        ({}, {"extra": {"a": [1]}}),
        ({}, {"exp": NOW + DAY + 0.5}),
        ({}, {"aud": [BASE, "https://other.example"]}),
        ({}, {"jti": DROP}),
    ],
)
def test_a_faithful_clone_is_accepted(ann: Person, headers: dict[str, Any], changes: dict[str, Any]) -> None:
    assert ann.with_jwt(clone(ann.jwt(), headers=headers, **changes)).status_code == 200


ODD: dict[str, list[Any]] = {
    "exp": [DROP, None, 0, -1, NOW - 60, True, "never", str(NOW + DAY), [NOW + DAY], {}, float("inf"), 10**400],
    "iat": [DROP, None, [], "x", NOW + DAY, True, float("nan")],
    "nbf": [NOW + DAY, [], "x"],
    "iss": [DROP, None, "https://evil.invalid", BASE + "/", BASE.upper(), BASE[:-1], BASE + ".evil.invalid"],
    "aud": [DROP, None, [], "https://other.invalid", ["https://other.invalid"], 1],
    "sub": [DROP, None, "", 1, True, ["x"], {"$ne": None}, "%", "x\0", "\ud800"],
    "sid": [DROP, None, "", 1, "0" * 32, "x\0"],
}


@pytest.mark.parametrize("changes", [{name: value} for name in ODD for value in ODD[name]])
def test_a_well_signed_token_with_odd_claims_is_refused(ann: Person, changes: dict[str, Any]) -> None:
    assert_refused(ann, clone(ann.jwt(), **changes))


def test_a_deeply_nested_claim_is_refused(ann: Person) -> None:
    assert_refused(ann, clone(ann.jwt(), deep="NESTED"))


def test_subject_and_session_must_belong_together(ann: Person, ben: Person) -> None:
    assert_refused(ann, clone(ann.jwt(), sub=ben.session["user"]["id"]))
    own = clone(ann.jwt(), email=ben.email)
    assert ben.with_jwt(ben.jwt(), "POST", body={"title": "canary"}).status_code == 201
    assert ann.with_jwt(own).json() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"crit": ["x-conformance"], "x-conformance": 1},
        {"crit": []},
        {"typ": "logout+jwt"},
        {"typ": 1},
        *(
            {"alg": value}
            for value in ("none", "None", "nOnE", "hs256", "HS384", "XX256", None, 1, ["HS256"], DROP)
        ),
        {"kid": 1},
        {"kid": {}},
    ],
)
def test_odd_headers_are_refused(ann: Person, headers: dict[str, Any]) -> None:
    assert_refused(ann, clone(ann.jwt(), headers=headers))


def test_forgeries_are_refused(ann: Person, ben: Person) -> None:
    token = ann.jwt()
    header, payload, signature = token.split(".")
    other = ben.jwt().split(".")[1]
    none = encode(b'{"alg":"none"}')
    first = "B" if signature[0] == "A" else "A"
    forged = [f"{header}.{other}.{signature}", f"{header}.{payload}.{first}{signature[1:]}"]
    forged += [f"{header}.{payload}.{signature[:length]}" for length in (0, 4, 20, 40)]
    forged += [f"{none}.{payload}.", f"{none}.{payload}", f"{none}.{payload}.{signature}", f"{header}.{payload}"]
    forged += [f"{token}.", f"{token}.foo", f"{token}.foo.bar", json.dumps({"payload": payload})]
    forged += [clone(token, key) for key in ("", "\0", "another secret of more than 32 bytes")]
    for attempt in forged:
        assert_refused(ann, attempt)
    assert ann.with_jwt(token).status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b" ",
        b"x",
        b".",
        b"..",
        b"a.b",
        b"a.b.c",
        b"a.b.c.d.e",
        b"!.!.!",
        b"\xe9\xff.\xfc.x",
        b"a\0b",
        b"x" * 8192,
    ]
    + [
        encode(header).encode() + b".e30.x"
        for header in (b"[]", b"1", b"null", b'"x"', b"{", b"\xff", b"[" * 5000)
    ]
    + [
        b"eyJhbGciOiJIUzI1NiJ9." + encode(body).encode() + b".x" for body in (b"[]", b"null", b"\xff", b"[" * 5000)
    ],
)
def test_what_is_no_token_is_refused(ann: Person, value: bytes) -> None:
    assert_refused(ann, value)


def test_only_one_bearer_header_counts(ann: Person) -> None:
    token, device = ann.jwt(), device_of(ann.device.app)
    for scheme in ("bearer ", "BEARER ", "Bearer  "):
        assert device.get("/api/tasks", headers={"authorization": scheme + token}).status_code == 200
    for scheme in ("", "Basic ", "Token ", "Bearer\t"):
        answer = device.get("/api/tasks", headers={"authorization": scheme + token})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    twice = [("authorization", f"Bearer {token}"), ("authorization", f"Bearer {token}")]
    assert device.get("/api/tasks", headers=twice).status_code == 401
    for name in ("token", "access_token"):
        assert device.get(f"/api/tasks?{name}={token}").status_code == 401
    assert ann.get("/api/tasks", authorization="Bearer x").status_code == 401


def test_a_shared_secret_has_no_jwks(ann: Person) -> None:
    assert ann.get("/api/auth/jwks").status_code == 404


def test_with_a_key_pair_the_published_key_verifies_and_nothing_else_does(backend: Callable[..., FastAPI]) -> None:
    person = stranger_of(backend(jwt_algorithm="EdDSA", jwt_secret="")).sign_up()
    token = person.jwt()
    (key,) = person.get("/api/auth/jwks").json()["keys"]
    assert key.keys() == {"kty", "crv", "x", "kid", "alg", "use"}
    public = jwt.PyJWK(key)
    claims = jwt.decode(token, public, algorithms=["EdDSA"], audience=BASE)
    assert person.with_jwt(token).status_code == 200
    again = device_of(backend(jwt_algorithm="EdDSA", jwt_secret=""))
    assert again.get("/api/auth/jwks").json()["keys"] == [key]
    headers = {"kid": key["kid"]}
    for attempt in (
        jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers=headers),
        clone(token, key["x"], headers),
        clone(token, JWT_SECRET, headers),
        f"{token.rpartition('.')[0]}.",
    ):
        assert_refused(person, attempt)
