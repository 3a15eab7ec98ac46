"""Finds out how the suite forged a token from one that was issued, so that the script does it to a fresh one."""

from __future__ import annotations

import base64
import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.core.findings import NotTested
from harness.evidence.repro.forger import forge
from harness.evidence.repro.values import Unreproducible
from harness.tokens.forgeries import key_encodings
from harness.tokens.jws import HMAC_HASHES, Jwt, decode_segment, encode_segment

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TIMES = ("exp", "iat", "nbf", "auth_time")


@dataclass(frozen=True)
class Keys:
    """What may have signed a forgery: the shared secret and its variable, and the deployment's public keys."""

    secret: str | None
    variable: str | None
    published: Sequence[Json] = ()


@dataclass(frozen=True)
class Forgery:
    """How a token becomes a forged one: ``changes`` and ``key`` as `forger` takes them."""

    changes: str
    key: str
    size: int
    """How many things are changed: the fewest where it was made from."""


def taken_apart(token: str) -> Jwt | None:
    """The token's parts, a missing third one taken for empty; None for what is no JWT."""
    if token.count(".") not in (1, 2):
        return None
    try:
        parsed = Jwt.parse(token + "." * (2 - token.count(".")))
    except NotTested:
        return None
    return parsed if isinstance(parsed.header, dict) and isinstance(parsed.claims, dict) else None


def forgery_of(forged: str, origin: str, keys: Keys) -> Forgery | None:
    """How ``forged`` was made from ``origin``; None when it wasn't.

    Raises Unreproducible where it was signed with a key that only the suite had.
    """
    made, issued = taken_apart(forged), taken_apart(origin)
    if made is None or issued is None or origin.count(".") != 2:
        return None
    changes: Json = {}
    _note(changes, "header", "without_header", made.header, issued.header)
    _note(changes, "claims", "without_claims", made.claims, issued.claims)
    size = sum(len(one) for one in changes.values())
    if size > (len(issued.claims) + len(issued.header)) // 2:
        return None
    _relate(changes, issued.claims)
    key = _key(forged, origin, made, keys)
    return _proven(changes, key, size, forged, origin)


def _note(changes: Json, new: str, without: str, made: Json, issued: Json) -> None:
    added = {name: value for name, value in made.items() if name not in issued or issued[name] != value}
    removed = [name for name in issued if name not in made]
    changes.update({key: value for key, value in ((new, added), (without, removed)) if value})


def _relate(changes: Json, issued: Json) -> None:
    """Say what was changed by how it differs, where a fresh token has another value."""
    claims = changes.get("claims", {})
    moved = {
        name: value - issued[name]
        for name, value in claims.items()
        if name in _TIMES and isinstance(value, int | float) and isinstance(issued.get(name), int | float)
    }
    listed = [name for name, value in claims.items() if name in issued and value == [issued[name]]]
    related = {"moved": moved, "listed": listed, "claims": _without(claims, (*moved, *listed))}
    changes.update({key: value for key, value in related.items() if value or key in changes})


def _without(claims: Json, names: Sequence[str]) -> Json:
    return {name: value for name, value in claims.items() if name not in names}


def _key(forged: str, origin: str, made: Jwt, keys: Keys) -> str:
    old, new = origin.rpartition(".")[2], made.signature
    if forged.count(".") == 1:
        return "absent"
    if new in ("", old):
        return "kept" if new else "empty"
    if len(new) == len(old) and new[1:] == old[1:]:
        return "damaged"
    if made.algorithm not in HMAC_HASHES:
        raise Unreproducible("It takes a token signed with a key pair that the suite made for the occasion.")
    return _shared_key(made, keys)


def _shared_key(made: Jwt, keys: Keys) -> str:
    if keys.secret is not None and _signed_by(made, keys.secret.encode()):
        if keys.variable is None or not _VARIABLE.fullmatch(keys.variable):
            raise Unreproducible("It takes the signing secret, and the profile names no variable for it.")
        return f"env:{keys.variable}"
    for published in keys.published:
        for secret in key_encodings(published):
            if _signed_by(made, secret):
                return "base64:" + base64.b64encode(secret).decode()
    return "other"


def _signed_by(token: Jwt, secret: bytes) -> bool:
    signature = hmac.digest(secret, token.signing_input().encode(), HMAC_HASHES[token.algorithm])
    return hmac.compare_digest(encode_segment(signature), token.signature)


def _proven(changes: Json, key: str, size: int, forged: str, origin: str) -> Forgery | None:
    """The forgery, if the forger makes the same of the origin: to the byte, or but for how JSON is written."""
    for spaced in ({}, {"spaced": True}):
        if _unsigned(forge(origin, {**changes, **spaced}, "absent")) == _unsigned(forged):
            changes = {**changes, **spaced}
            break
    else:
        remade = forge(origin, changes, "absent")
        if [_content(part) for part in _unsigned(remade)] != [_content(part) for part in _unsigned(forged)]:
            return None
    if key in ("kept", "empty", "absent", "damaged"):
        signature = forge(origin, changes, key).split(".")[2:]
        if signature != forged.split(".")[2:]:
            return None
    return Forgery(json.dumps(changes, separators=(",", ":")), key, size)


def _unsigned(token: str) -> list[str]:
    return token.split(".")[:2]


def _content(segment: str) -> object:
    return json.loads(decode_segment(segment))
