"""A forged token knows which token it was made of, what was changed, and what signed it."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.x509 import load_der_x509_certificate

from harness.core.provenance import Encoded, Joined, Segments, known
from harness.tokens.forgeries import Forge
from harness.tokens.jws import Forged, Jwt, Key, encode_segment
from harness.tokens.malformed import malformed

pytestmark = pytest.mark.usefixtures("nothing_known")

SECRET = b"the-shared-secret-of-the-deployment-0001"
ISSUED = Jwt({"alg": "HS256", "typ": "JWT"}, {"sub": "ann", "exp": 1_700_000_000}, "").signed(SECRET)


def token() -> Jwt:
    return Jwt.parse(ISSUED)


def how_made(text: str) -> Forged:
    found = known(text)
    assert found is not None
    assert isinstance(found.provenance, Forged)
    assert (found.provenance.text, found.provenance.of) == (text, ISSUED)
    return found.provenance


KINDS: dict[str, list[tuple[dict[str, object], dict[str, object], Key]]] = {
    'with the algorithm "none"': [({"alg": "none"}, {}, "empty"), ({"alg": "none"}, {}, "absent")],
    "with an empty signature": [({}, {}, "empty")],
    "without a third segment": [({}, {}, "absent")],
    "with changed claims under the old signature": [({}, {"conformance": "changed"}, "kept")],
    "with a changed header under the old signature": [({"conformance": "changed"}, {}, "kept")],
    "with a damaged signature": [({}, {}, "damaged")],
    "with the first 20 characters of its signature": [({}, {}, "cut to 20")],
    'with the algorithm "none" over its old signature': [({"alg": "none"}, {}, "kept")],
    "signed with an empty key": [({}, {}, b"")],
    "with an unknown algorithm": [({"alg": "XX256"}, {}, "kept")],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_forgery_knows_what_was_changed(kind: str) -> None:
    forged = [how_made(text) for text in Forge(token()).forge(kind)]
    assert [(one.header, one.claims, one.key) for one in forged] == KINDS[kind]


def test_several_changes_are_those_from_what_was_issued() -> None:
    forged = how_made(
        token().with_header(kid="x").with_claims(exp=1).with_header(kid=None, typ=None).signed(b"key")
    )
    assert (forged.header, forged.claims, forged.key) == ({"typ": None}, {"exp": 1}, b"key")


def test_a_clone_is_made_of_its_token() -> None:
    forged = how_made(token().signed(b"another key"))
    assert (forged.header, forged.claims, forged.key) == ({}, {}, b"another key")


def test_a_key_pair_is_the_suite_s_own() -> None:
    issued = Jwt.parse(Jwt({"alg": "EdDSA"}, {"sub": "ann"}, "x" * 86).text)
    (text,) = Forge(issued).forge("signed with another key")
    found = known(text)
    assert found is not None
    assert isinstance(found.provenance, Forged)
    assert (found.provenance.of, found.provenance.key) == (issued.text, "key pair")


def test_an_odd_token_knows_the_segments_that_it_kept() -> None:
    odd = {name: value.decode("latin-1") for name, value in malformed(token()).items()}
    found = known(odd["a header that is a list"])
    assert found is not None
    assert found.provenance == Joined((Encoded(b"[]"), ".", Segments(ISSUED, 2, 3)))
    found = known(odd["claims that are null"])
    assert found is not None
    assert found.provenance == Joined((Segments(ISSUED, 1, 1), ".", Encoded(b"null"), ".", Segments(ISSUED, 3, 3)))


def test_what_no_signature_covers_follows_it() -> None:
    assert Forge(token()).forge("with further segments") == [f"{ISSUED}.", f"{ISSUED}.foo", f"{ISSUED}.foo.bar"]


def test_json_holds_other_claims_than_were_signed() -> None:
    first, second = Forge(token()).forge("in JSON, with other claims")
    head, payload, signature = ISSUED.split(".")
    read = json.loads(first)
    assert (read["protected"], read["signature"]) == (head, signature)
    other = encode_segment(b'{"sub":"ann","exp":1700000000,"conformance":"changed"}')
    assert read["payload"] == other != payload
    members = json.loads(second)
    assert (members["protected"], members["payload"], members["signature"]) == (head, payload, signature)
    assert second.split(".")[1] == other


@pytest.mark.parametrize("kid", ["one", None])
def test_a_token_brings_the_key_that_signed_it(kid: str | None) -> None:
    with_kid = Jwt.parse(Jwt({"alg": "HS256", **({"kid": kid} if kid else {})}, {"sub": "ann"}, "").signed(SECRET))
    kinds = ("signed with a key pair that its own header names", "signed with a secret that its own header names")
    forged = [text for kind in kinds for text in Forge(with_kid).forge(kind)]
    assert {Jwt.parse(text).algorithm for text in forged} == {"RS256", "ES256", "EdDSA", "HS256"}
    assert {Jwt.parse(text).header.get("kid") for text in forged} == {kid, None}
    for text in forged:
        header = jwt.get_unverified_header(text)
        jwt.PyJWS().decode(text, jwt.PyJWK.from_dict(header["jwk"], header["alg"]), [header["alg"]])


def test_a_token_brings_a_certificate_of_its_own() -> None:
    for text in Forge(token()).forge("signed with a certificate that its own header brings"):
        header = jwt.get_unverified_header(text)
        certificate = load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
        public: Any = certificate.public_key()
        jwt.PyJWS().decode(text, public, [header["alg"]])
