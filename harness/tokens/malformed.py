"""What stands in a token's place and is none."""

from __future__ import annotations

import json
from collections.abc import Callable

from harness.core.provenance import Encoded, Joined, Segments, made
from harness.tokens.jws import Jwt


def _odd(*pieces: str | Encoded | Segments) -> bytes:
    return made("odd token", Joined(pieces)).encode()


def _plain(value: bytes) -> Callable[[Jwt], bytes]:
    return lambda _: value


def _head(segment: str | Encoded) -> Callable[[Jwt], bytes]:
    return lambda token: _odd(segment, ".", Segments(token.text, 2, 3))


def _header(content: Callable[[Jwt], object]) -> Callable[[Jwt], bytes]:
    return lambda token: _head(Encoded(json.dumps(content(token)).encode()))(token)


def _claims(content: bytes) -> Callable[[Jwt], bytes]:
    return lambda token: _odd(Segments(token.text, 1, 1), ".", Encoded(content), ".", Segments(token.text, 3, 3))


MALFORMED: dict[str, Callable[[Jwt], bytes]] = {
    "empty": _plain(b""),
    "one letter": _plain(b"x"),
    "one dot": _plain(b"."),
    "two dots": _plain(b".."),
    "two words": _plain(b"a.b"),
    "three words": _plain(b"a.b.c"),
    "five words": _plain(b"a.b.c.d.e"),
    "bad base64": _head("!!!"),
    "a header that is a list": _header(lambda _: []),
    "a header that is a number": _header(lambda _: 1),
    "a header that is null": _header(lambda _: None),
    "a header that is text": _header(lambda _: "x"),
    "a header that is not JSON": _head(Encoded(b"not json")),
    "claims that are a list": _claims(b"[]"),
    "claims that are text": _claims(b'"x"'),
    "claims that are null": _claims(b"null"),
    "claims in bad UTF-8": _claims(b'{"sub":"\xff\xfe"}'),
    "no algorithm": _header(lambda token: {key: value for key, value in token.header.items() if key != "alg"}),
    "an algorithm that is null": _header(lambda token: {**token.header, "alg": None}),
    "an algorithm that is a number": _header(lambda token: {**token.header, "alg": 1}),
    "an algorithm that is a list": _header(lambda token: {**token.header, "alg": ["HS256"]}),
    "a key id that is a number": _header(lambda token: {**token.header, "kid": 1}),
    "a key id that is an object": _header(lambda token: {**token.header, "kid": {}}),
    "a key id that is a path": _header(lambda token: {**token.header, "kid": "../x"}),
    "bytes beyond ASCII": _plain(b"\xe9\xe8\xff"),
    "a NUL byte": _plain(b"a\x00b"),
    "eight kilobytes": _plain(b"x" * 8192),
}
"""Odd bearer values that no issuer ever made, each from a token that one did; by the words of feature files."""


def malformed(token: Jwt) -> dict[str, bytes]:
    """Every odd bearer value, made from that token."""
    return {word: make(token) for word, make in MALFORMED.items()}
