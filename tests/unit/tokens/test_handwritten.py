"""What is written by hand is signed as it is written."""

from __future__ import annotations

import json

import jwt
import pytest

from harness.core.provenance import Unrepeatable, known
from harness.tokens.handwritten import ODD_CLAIMS, with_claim, with_first
from harness.tokens.jws import Jwt, decode_segment

pytestmark = pytest.mark.usefixtures("nothing_known")

KEY = b"the-shared-secret-of-the-deployment-0001" * 2
TOKEN = Jwt.parse(Jwt({"alg": "HS512", "kid": "k"}, {"sub": "ann", "exp": 1, "x": None}, "").signed(KEY))


def payload(token: str) -> str:
    return decode_segment(token.split(".")[1]).decode()


@pytest.mark.parametrize("odd", ODD_CLAIMS)
def test_a_claim_stands_as_it_is_written(odd: str) -> None:
    claims, written = ODD_CLAIMS[odd]
    for claim in claims:
        token = with_claim(TOKEN, KEY, claim, written)
        assert f'"{claim}":{written}' in payload(token)
        assert payload(token).count(f'"{claim}"') == 1
        assert jwt.PyJWS().decode(token, KEY, ["HS512"]) == payload(token).encode()
        assert jwt.get_unverified_header(token) == TOKEN.header


def test_all_others_are_as_they_were() -> None:
    assert json.loads(payload(with_claim(TOKEN, KEY, "iat", "null"))) == {**TOKEN.claims, "iat": None}


def test_of_two_the_last_is_its_own() -> None:
    token = with_first(TOKEN, KEY, "sub", "bob")
    assert payload(token) == '{"sub":"bob","exp":1,"x":null,"sub":"ann"}'
    found = known(token)
    assert found is not None
    assert isinstance(found.provenance, Unrepeatable)
