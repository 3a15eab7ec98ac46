"""What holds the session: cookies, or a token."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from harness.core.redaction import register
from harness.deployment.answer import text_at
from harness.deployment.held import token_places
from harness.discovery.shapes import conventions
from harness.discovery.trial.identity import Probe, find_probe
from harness.discovery.trial.json_places import content_of, texts
from harness.tokens.jws import Jwt, NotAJwt, decode_segment, is_jwt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.discovery.trial.account import SignedIn
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.visitor import Table, Visitor

_MOST_BYTES = 64 * 1024
_SHORTEST_TOKEN = 16
_SCHEMES = ("Bearer", "Token")
_USUAL = {"header": "Authorization", "scheme": "Bearer"}


@dataclass(frozen=True)
class Holder:
    """What is the session, and the operation that shows it."""

    probe: Probe
    credentials: Table
    token: Table | None = None
    """How a token is found and presented, where it is the session."""
    is_signed: bool = False
    """Whether it is in a cookie of signed data, which may hold all by itself."""

    @property
    def outlives_its_end(self) -> bool:
        """Whether what is held may work after its session ended."""
        is_jwt_of_its_own = self.token is not None and self.credentials["token"]["kind"] == "jwt"
        return is_jwt_of_its_own or self.is_signed

    def presented(self, visitor: Visitor, answer: Exchange) -> Visitor:
        """The visitor with the token of an answer to sign-in."""
        value = text_at(answer, self.token["pointer"]) if self.token is not None else None
        if self.token is not None and value is not None:
            visitor.headers = (_header(self.token, register(value, "access token")),)
        return visitor


def find_holder(account: SignedIn, clues: Clues) -> Holder | None:
    """Try the cookies and each token of the answer.

    What the draft says goes first.
    """
    drafted = clues.draft.get("credentials", {}).get("session", {}).get("kind")
    ways = [_by_cookie, _by_token] if drafted != "token" else [_by_token, _by_cookie]
    return next((holder for way in ways if (holder := way(account, clues)) is not None), None)


def _by_cookie(account: SignedIn, clues: Clues) -> Holder | None:
    if not account.device.cookies:
        return None
    probe = find_probe(account.device, clues, account)
    if probe is None:
        return None
    needed = _needed(account.device, probe)
    if not needed:
        return None
    session: Table = {"kind": "cookie", "cookie": needed[0] if len(needed) == 1 else needed}
    drafted = clues.draft.get("credentials", {}).get("session", {})
    if "cache_cookies" in drafted:
        session["cache_cookies"] = drafted["cache_cookies"]
    # A profile may declare that no sign-out ends it. Were that found, it would excuse one that ends nothing.
    is_signed = any(_holds_all(account.device.cookies[name]) for name in needed)
    return Holder(probe, {**_kept(clues), "session": session}, is_signed=is_signed)


def _holds_all(value: str) -> bool:
    """Whether a cookie is the whole session, as signed JSON."""
    if is_jwt(value):
        return True
    plain = unquote(value).strip('"')
    # A dot before it says that it is compressed, in a common format.
    content, dot, signature = plain.removeprefix(".").partition(".")
    try:
        decoded = decode_segment(content)
        if plain.startswith("."):
            decoded = zlib.decompressobj().decompress(decoded, _MOST_BYTES)
        return bool(dot and signature) and isinstance(json.loads(decoded), dict)
    except (ValueError, RecursionError, zlib.error):
        return False


def _needed(device: Visitor, probe: Probe) -> list[str]:
    """The cookies without which the person is not signed in."""
    left = list(device.cookies)
    for name in device.cookies:
        others = [one for one in left if one != name]
        if probe.shows(device.without(*(one for one in device.cookies if one not in others))):
            left = others
    return left


def _by_token(account: SignedIn, clues: Clues) -> Holder | None:
    for token in _tokens(account.answer, clues):
        value = text_at(account.answer, token["pointer"])
        if value is None:
            continue
        device = account.device.stranger()
        device.headers = (_header(token, register(value, "access token")),)
        probe = find_probe(device, clues, account)
        if probe is not None:
            account.device = device
            return Holder(probe, _with_token(token, value, account.answer, clues), token)
    return None


def _tokens(answer: Exchange, clues: Clues) -> Iterator[Table]:
    drafted = clues.draft.get("credentials", {}).get("token")
    if isinstance(drafted, dict) and "pointer" in drafted and drafted.get("issued_by") == "sign_in":
        yield {**_USUAL, **drafted}
    called = {
        pointer
        for pointer, value in texts(content_of(answer))
        if pointer.rpartition("/")[2] in conventions().answers["token"] and len(value) >= _SHORTEST_TOKEN
    }
    places = list(dict.fromkeys([*token_places(answer, None), *sorted(called)]))
    # A refresh token is called so; the access token stands before it as a rule.
    for pointer in sorted(places, key=lambda one: "refresh" in one.lower()):
        for scheme in _SCHEMES:
            yield {"pointer": pointer, "header": "Authorization", "scheme": scheme}


def with_token(visitor: Visitor, token: Table, answer: Exchange | None) -> Visitor | None:
    """A visitor who has nothing but the token that an answer gives.

    None where it gives none.
    """
    value = text_at(answer, token["pointer"]) if answer is not None and "pointer" in token else None
    if value is None:
        return None
    opener = visitor.stranger()
    opener.headers = (_header({**_USUAL, **token}, register(value, "access token")),)
    return opener


def _header(token: Table, value: str) -> tuple[str, str]:
    return token["header"], f"{token['scheme']} {value}".strip()


def _with_token(token: Table, value: str, answer: Exchange, clues: Clues) -> Table:
    kind = "jwt" if is_jwt(value) else "opaque"
    found: Table = {"kind": kind, "issued_by": "sign_in", "pointer": token["pointer"]}
    found |= {key: token[key] for key, usual in _USUAL.items() if token[key] != usual}
    held: Table = {"session": {"kind": "token"}, "token": found}
    refresh = clues.draft.get("credentials", {}).get("refresh")
    if isinstance(refresh, dict) and text_at(answer, refresh.get("pointer", "/")) is not None:
        held["refresh"] = refresh
    return held


def _kept(clues: Clues) -> Table:
    """A known shape's access token beside the session's cookie."""
    token = clues.draft.get("credentials", {}).get("token") if clues.is_known else None
    return {"token": token} if isinstance(token, dict) else {}


def subject_of(account: SignedIn, token: Table | None, identity: str | None) -> str | None:
    """The claim of a JWT that has the person's id.

    None where "sub" or nothing has it.
    """
    value = text_at(account.answer, token["pointer"]) if token is not None else None
    if value is None or identity is None:
        return None
    try:
        claims = Jwt.parse(value).claims
    except NotAJwt:
        return None
    if "sub" in claims:
        return None
    return next((name for name, one in claims.items() if str(one) == identity), None)


def identity_of(account: SignedIn, probe: Probe) -> str | None:
    """The person's id, as the operation says it."""
    place = probe.operation["identity"].get("id")
    answer = account.device.send(probe.operation)
    if not isinstance(place, str) or answer is None or content_of(answer) is None:
        return None
    return text_at(answer, place)
