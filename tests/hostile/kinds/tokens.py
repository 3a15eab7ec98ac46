"""Monsters in place of the access token, and of the keys."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from tests.hostile.kinds.bodies import changed
from tests.hostile.proxy import Call
from tests.hostile.registry import hostile

_JWT = re.compile(rb"eyJ[\w-]+\.[\w-]+\.[\w-]+")


def _part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


def _as(call: Call, make: Callable[[dict[str, Any], dict[str, Any]], tuple[str, str]]) -> None:
    def monster(found: re.Match[bytes]) -> bytes:
        head, claims, signature = found[0].decode().split(".")
        made = make(_read(head), _read(claims))
        return f"{_part(made[0])}.{_part(made[1])}.{signature}".encode()

    changed(call, lambda body: _JWT.sub(monster, body))


def _read(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return found


def _claiming(call: Call, name: str, value: str) -> None:
    """The claim is that, in JSON."""
    _as(call, lambda head, claims: (json.dumps(head), json.dumps({**claims, name: "@"}).replace('"@"', value)))


@hostile()
def token_whose_claims_are_a_list(call: Call) -> None:
    """The claims are `[1]`."""
    _as(call, lambda head, _: (json.dumps(head), "[1]"))


@hostile()
def token_whose_claims_are_null(call: Call) -> None:
    """The claims are `null`."""
    _as(call, lambda head, _: (json.dumps(head), "null"))


@hostile()
def token_whose_header_is_a_list(call: Call) -> None:
    """The header is `[]`."""
    _as(call, lambda _, claims: ("[]", json.dumps(claims)))


@hostile()
def token_whose_end_is_a_list(call: Call) -> None:
    """`exp` is a list."""
    _claiming(call, "exp", "[1]")


@hostile()
def token_whose_end_is_text(call: Call) -> None:
    """`exp` is "tomorrow"."""
    _claiming(call, "exp", '"tomorrow"')


@hostile()
def token_whose_end_has_1000_digits(call: Call) -> None:
    """`exp` has 1000 digits."""
    _claiming(call, "exp", "9" * 1000)


@hostile()
def token_whose_end_is_infinite(call: Call) -> None:
    """`exp` is 1e400, and `iat` is NaN."""
    _claiming(call, "exp", '1e400,"iat":NaN')


@hostile()
def token_nested_50000_deep(call: Call) -> None:
    """A claim nested 50 000 deep."""
    _claiming(call, "odd", "[" * 50_000 + "]" * 50_000)


@hostile()
def token_of_1_mb(call: Call) -> None:
    """A claim of a megabyte."""
    _claiming(call, "odd", '"' + "x" * 1024 * 1024 + '"')


@hostile()
def token_of_an_odd_algorithm(call: Call) -> None:
    """`alg` is 5."""
    _as(call, lambda head, claims: (json.dumps({**head, "alg": 5}), json.dumps(claims)))


@hostile()
def token_with_a_snowman(call: Call) -> None:
    """A snowman at the end of each token."""
    changed(call, lambda body: _JWT.sub(lambda found: found[0] + "☃".encode(), body))


@hostile()
def token_with_a_lone_surrogate(call: Call) -> None:
    """Half of a pair of surrogates at the end of each token."""
    changed(call, lambda body: _JWT.sub(lambda found: found[0] + rb"\ud800", body))


@hostile()
def token_with_line_breaks(call: Call) -> None:
    """CR and LF in each token, which would be a header of their own."""
    changed(call, lambda body: _JWT.sub(lambda found: found[0] + rb"\r\nX-Odd: 1", body))


@hostile()
def keys_that_are_private_or_symmetric(call: Call) -> None:
    """Keys of a set that are private, symmetric, of no type, and no object."""
    keys = [{"kty": "oct", "k": "AAAA"}, {"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}, {}, 5, None, "x"]
    jwks = json.dumps({"keys": keys}).encode()
    call.say(200, jwks) if "jwks" in call.path else call.pass_on()


@hostile()
def keys_200000(call: Call) -> None:
    """A set of 200 000 keys."""
    jwks = b'{"keys":[' + b'{"kty":"RSA","n":"AQAB","e":"AQAB"},' * 199_999 + b"{}]}"
    call.say(200, jwks) if "jwks" in call.path else call.pass_on()
