"""What stands at the address in a token's header verifies the token."""

from __future__ import annotations

import jwt
import pytest
from cryptography.x509 import load_pem_x509_certificate

from harness.tokens.fetched import by_jku, by_x5u
from harness.tokens.jws import Jwt

pytestmark = pytest.mark.usefixtures("nothing_known")

TOKEN = Jwt.parse(Jwt({"alg": "HS256", "typ": "JWT"}, {"sub": "ann"}, "c2ln").text)
NAMED = TOKEN.with_header(kid="issuer-1")


def address(path: str) -> str:
    return f"http://192.0.2.7:99{path}"


@pytest.mark.parametrize(("token", "kid"), [(TOKEN, "conformance-1"), (NAMED, "issuer-1")])
def test_the_set_at_jku_has_the_key(token: Jwt, kid: str) -> None:
    made = by_jku(token, address)
    assert [Jwt.parse(one.token).algorithm for one in made] == ["RS256", "ES256", "EdDSA"]
    for one in made:
        header = Jwt.parse(one.token).header
        assert header == {"alg": header["alg"], "typ": "JWT", "kid": kid, "jku": address(one.path)}
        (key,) = jwt.PyJWKSet.from_json(one.content.decode()).keys
        assert (key.key_id, key.algorithm_name) == (kid, header["alg"])
        assert jwt.decode(one.token, key, [header["alg"]]) == {"sub": "ann"}


def test_the_certificate_at_x5u_has_the_key() -> None:
    made = by_x5u(NAMED, address)
    assert [Jwt.parse(one.token).algorithm for one in made] == ["RS256", "ES256"]
    for one in made:
        header = Jwt.parse(one.token).header
        assert header == {"alg": header["alg"], "typ": "JWT", "kid": "issuer-1", "x5u": address(one.path)}
        key = load_pem_x509_certificate(one.content).public_key()
        assert jwt.decode(one.token, key, [header["alg"]]) == {"sub": "ann"}  # type: ignore[arg-type]


def test_each_token_has_an_address_of_its_own() -> None:
    paths = [one.path for make in (by_jku, by_x5u) for one in make(TOKEN, address)]
    assert len({*paths}) == 5
