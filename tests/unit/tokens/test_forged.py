"""A forged token knows which token it was made of, what was changed, and what signed it."""

from __future__ import annotations

import pytest

from harness.core.provenance import Encoded, Joined, Segments, known
from harness.tokens.forgeries import Forge
from harness.tokens.jws import Forged, Jwt, Key
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
