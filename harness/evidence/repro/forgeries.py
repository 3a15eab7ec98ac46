"""How `forger` forges a fresh token as the suite did."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, TypeGuard

from harness.core.redaction import redact
from harness.evidence.repro.values import Unreproducible
from harness.tokens.jws import Jwt, Written

if TYPE_CHECKING:
    from harness.tokens.jws import Forged, Key

_TIMES = ("exp", "iat", "nbf", "auth_time")
_A_DATE = 10**8


def changes(forged: Forged) -> str:
    """CHANGES: what was set, or how it differs from a fresh token.

    Raises Unreproducible where it names another user.
    """
    issued, claims = Jwt.parse(forged.of).claims, forged.claims
    moved = {
        name: value - issued[name]
        for name, value in claims.items()
        if name in _TIMES and _is_date(value) and _is_date(issued.get(name))
    }
    listed = [name for name, value in claims.items() if name in issued and value == [issued[name]]]
    rest = {name: value for name, value in claims.items() if name not in (*moved, *listed)}
    if any(isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) for value in rest.values()):
        raise Unreproducible("It takes a token that names another user by an id of this run.")
    every = {"header": forged.header, "claims": rest, "moved": moved, "listed": listed}
    return json.dumps({name: change for name, change in every.items() if change}, separators=(",", ":"))


def _is_date(value: object) -> TypeGuard[float]:
    """Whether it is a point in time.

    0 and -1 are none, and are said as they are.
    """
    return isinstance(value, int | float) and value > _A_DATE


def key_of(key: Key) -> str:
    """KEY, for one that the environment does not give.

    Raises Unreproducible where a script can't have it.
    """
    if key == "key pair":
        raise Unreproducible("It takes a token signed with a key pair that the suite made for the occasion.")
    if isinstance(key, Written):
        return f"written:{key.segment}"
    if isinstance(key, str):
        return key
    word = base64.b64encode(key).decode()
    if redact(word) != word:
        raise Unreproducible("It takes the signing secret, and the profile names no variable for it.")
    return f"base64:{word}"
