"""The shell makes of a fresh value exactly what the suite would make of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.provenance import Changed, Joined, Part, Segments, known, made
from harness.evidence.repro.definitions import Definition
from harness.evidence.repro.quotes import quoted
from harness.evidence.repro.script import IN_PYTHON
from harness.evidence.repro.values import Variable
from harness.tokens.forgeries import FORGERIES, Forge
from harness.tokens.jws import Jwt
from harness.tokens.malformed import malformed
from tests.support.shell import run

pytestmark = pytest.mark.usefixtures("nothing_known")

SECRET = "the-shared-secret-of-the-deployment-0001"


def token(subject: str) -> str:
    return Jwt({"alg": "HS256", "typ": "JWT"}, {"sub": subject, "aud": "api"}, "").signed(SECRET.encode())


def odd(kind: str) -> Callable[[str], str]:
    return lambda text: malformed(Jwt.parse(text))[kind].decode("utf-8", "surrogateescape")


def forged(kind: str) -> Callable[[str], str]:
    return lambda text: Forge(Jwt.parse(text)).forge(kind)[-1]


BY_CHANCE = ("another key", "public key", "its own header", "ECDSA")
"""Signed by a key of the occasion or for a key that nobody published, or, in JSON, with the old token's claims."""
SAME_KEY = [kind for kind in FORGERIES if not any(word in kind for word in (*BY_CHANCE, "in JSON"))]
ODD = [
    kind for kind, value in malformed(Jwt.parse(token("ann"))).items() if value.count(b".") == 2 and len(value) > 9
]
WAYS: dict[str, Callable[[str], str]] = {
    "another end": lambda text: made("x", Joined((Part(text, end=9), Changed("another", Part(text, 9))))),
    "a segment in capitals": lambda text: made("x", Changed("upper", Segments(text, 2, 2))),
    "cut and damaged": lambda text: made("x", Changed("damaged", Part(text, 3, -4))),
    **{f"an odd token: {kind}": odd(kind) for kind in ODD},
    **{f"a token {kind}": forged(kind) for kind in SAME_KEY},
    "an unchanged clone": lambda text: Jwt.parse(text).signed(SECRET.encode()),
    "a clone signed otherwise": lambda text: Jwt.parse(text).with_claims(x=[1, None]).signed(b"\x00another\xff"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_shell_makes_what_the_suite_makes(way: str) -> None:
    old, fresh, make = token("ann"), token("zoe"), WAYS[way]
    variable = Variable("fresh", old, "")
    if (text := make(old)) == old:
        return
    found = known(text)
    assert found is not None
    definition = Definition(found.provenance, {old: variable}.get)
    assert definition.parents == [variable] * len(definition.parents)
    assert definition.parents
    functions = [line for lines in IN_PYTHON.values() for line in lines]
    done = run("\n".join([*functions, f"fresh={quoted(fresh)}", f"made={definition.word}", 'printf %s "$made"']))
    assert done.stderr == ""
    assert done.stdout == make(fresh).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
