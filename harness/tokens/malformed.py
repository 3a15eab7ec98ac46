"""What stands in a token's place and is none."""

from __future__ import annotations

import json

from harness.core.provenance import Encoded, Joined, Segments, made
from harness.tokens.jws import Jwt


def malformed(token: Jwt) -> dict[str, bytes]:
    """Odd bearer values that no issuer ever made, by the words that feature files use for them."""
    whole = token.text

    def odd(*pieces: str | Encoded | Segments) -> bytes:
        return made("odd token", Joined(pieces)).encode()

    def header(content: object) -> bytes:
        return odd(Encoded(json.dumps(content).encode()), ".", Segments(whole, 2, 3))

    def claims(content: bytes) -> bytes:
        return odd(Segments(whole, 1, 1), ".", Encoded(content), ".", Segments(whole, 3, 3))

    return {
        "empty": b"",
        "one letter": b"x",
        "one dot": b".",
        "two dots": b"..",
        "two words": b"a.b",
        "three words": b"a.b.c",
        "five words": b"a.b.c.d.e",
        "bad base64": odd("!!!.", Segments(whole, 2, 3)),
        "a header that is a list": header([]),
        "a header that is a number": header(1),
        "a header that is null": header(None),
        "a header that is text": header("x"),
        "a header that is not JSON": odd(Encoded(b"not json"), ".", Segments(whole, 2, 3)),
        "claims that are a list": claims(b"[]"),
        "claims that are text": claims(b'"x"'),
        "claims that are null": claims(b"null"),
        "claims in bad UTF-8": claims(b'{"sub":"\xff\xfe"}'),
        "no algorithm": header({key: value for key, value in token.header.items() if key != "alg"}),
        "an algorithm that is null": header({**token.header, "alg": None}),
        "an algorithm that is a number": header({**token.header, "alg": 1}),
        "an algorithm that is a list": header({**token.header, "alg": ["HS256"]}),
        "a key id that is a number": header({**token.header, "kid": 1}),
        "a key id that is an object": header({**token.header, "kid": {}}),
        "a key id that is a path": header({**token.header, "kid": "../x"}),
        "bytes beyond ASCII": b"\xe9\xe8\xff",
        "a NUL byte": b"a\x00b",
        "eight kilobytes": b"x" * 8192,
    }
