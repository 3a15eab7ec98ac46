"""Registers the secrets that pass over the wire."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from harness.core.provenance import Taken, made
from harness.core.redaction import register

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from harness.core.exchange import Exchange

_SHORTEST = 12
"""Below this length what is called a token is none: "token_type": "bearer"."""
_SPACE = re.compile(r"\s")
_PLACE = re.compile(r"(url|uri|endpoint|path)$", re.IGNORECASE)
_HOST = re.compile(r"^\w+://[^/?#]*")
_OPAQUE = re.compile(r"[?#]|[^/]{16,}")
"""A secret may stand in such a part of an address."""
_LONGEST_FORM = 10_000

Pairs = list[tuple[str, object]]


@dataclass
class SecretScanner:
    """Registers what is a secret by its place or by its name."""

    names: set[str] = field(default_factory=set)
    """Cookies that the deployment set; others are made up by an attempt."""

    def scan(self, exchange: Exchange) -> None:
        """Register the cookies, tokens and passwords of an exchange."""
        # A browser hands over several Set-Cookie headers as lines of one.
        lines = [line for header in exchange.set_cookies for line in header.splitlines()]
        answered = _pairs(line.partition(";")[0] for line in lines)
        self.names.update(name for name, _ in answered)
        for name, value in answered:
            made(name, Taken(value, exchange, name))
        sent = _pairs(pair for value in exchange.sent("cookie") for pair in value.split("; "))
        for name, value in [*answered, *sent]:
            if name in self.names:
                register(value, "cookie")
        _register_tokens(exchange)


def _register_tokens(exchange: Exchange) -> None:
    for header in exchange.sent("authorization"):
        if len(credential := header.rpartition(" ")[2]) >= _SHORTEST:
            register(credential, "token")
    for _, token in _tokens_in(exchange.request_body):
        register(token, "token")
    for name, token in _tokens_in(exchange.body):
        register(made(name, Taken(token, exchange, name)), "token")
    for password in passwords_in(exchange.request_body):
        register(password, "password")


def tokens_in(body: bytes) -> list[str]:
    """Strings of a JSON body or form whose key contains "token"."""
    return [token for _, token in _tokens_in(body)]


def passwords_in(body: bytes, fields: Collection[str] = ()) -> list[str]:
    """Strings of a JSON body or form whose key contains "password".

    ``fields`` are further names of such keys.
    """
    named = [(key, value) for key, value in _pairs_in(body) if "password" in key.lower() or key in fields]
    return [value for _, value in named if isinstance(value, str)]


def _tokens_in(body: bytes) -> list[tuple[str, str]]:
    named = ((key, value) for key, value in _pairs_in(body) if "token" in key.lower())
    return [(key, str(value)) for key, value in named if _is_token(value) and not _is_place(key, str(value))]


def _is_place(key: str, value: str) -> bool:
    """Whether it only says where tokens are, as OpenAPI's "tokenUrl" does."""
    return bool(_PLACE.search(key)) and not _OPAQUE.search(_HOST.sub("", value))


def _pairs(texts: Iterable[str]) -> list[tuple[str, str]]:
    return [(name.strip(), value.strip()) for name, _, value in (text.partition("=") for text in texts)]


def _is_token(value: object) -> bool:
    return isinstance(value, str) and len(value) >= _SHORTEST and not _SPACE.search(value)


def _pairs_in(body: bytes) -> Pairs:
    """Keys and values of a form, or of JSON at any depth."""
    found: Pairs = []

    def note(pairs: Pairs) -> dict[str, object]:
        found.extend(pairs)
        return dict(pairs)

    try:
        json.loads(body, object_pairs_hook=note)
    except (ValueError, RecursionError):
        text = body[:_LONGEST_FORM].decode("utf-8", "replace")
        return [] if "=" not in text or _SPACE.search(text) else list(parse_qsl(text))
    return found
