"""Bodies, cookies and texts that break what reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from harness.core.exits import Exit
from tests.hostile.proxy import Answer, Call, Reply
from tests.hostile.registry import FINE, UNUSABLE, hostile

_NAME = re.compile(rb'"name":\s*"(?:[^"\\]|\\.)*"')


def renaming() -> Callable[[Answer], Answer]:
    """A kind that changes its users' names, which is a defect of its own."""
    allowed = (FINE, UNUSABLE, Exit.NOT_CONFORMANT)
    return hostile(*allowed, defect="it changes its users' names", may_fail=("signin-opens-own-session",))


def is_json(reply: Reply) -> bool:
    """Whether an answer says that it is JSON."""
    return "json" in (reply.of("content-type") or "")


def changed(call: Call, change: Callable[[bytes], bytes]) -> None:
    """Send the answer on; where it is JSON, changed."""
    reply = call.forward()
    call.pass_on(replace(reply, body=change(reply.body)) if is_json(reply) else reply)


def named(call: Call, name: str) -> None:
    """Every name in the answers is this, a JSON string without its quotes."""
    changed(call, lambda body: _NAME.sub(lambda _: b'"name":"%b"' % name.encode(), body))


def _beside(call: Call, json_value: bytes) -> None:
    changed(call, lambda body: b'{"odd":%b,' % json_value + body[1:] if body[:2] == b'{"' else body)


@hostile()
def json_nested_100000_deep(call: Call) -> None:
    """A value nested 100 000 deep beside the others."""
    _beside(call, b"[" * 100_000 + b"]" * 100_000)


@hostile()
def json_number_of_5000_digits(call: Call) -> None:
    """A number of 5000 digits beside the others."""
    _beside(call, b"9" * 5000)


@hostile()
def json_nan_and_infinity(call: Call) -> None:
    """NaN, Infinity and 1e400, which are no JSON."""
    _beside(call, b"[NaN,Infinity,-Infinity,1e400,-0]")


@hostile()
def json_with_duplicate_keys(call: Call) -> None:
    """Every answer names "odd" three times."""
    _beside(call, b'1,"odd":{},"odd":[]')


@hostile()
def json_with_a_byte_order_mark(call: Call) -> None:
    """A byte order mark before the JSON."""
    changed(call, lambda body: b"\xef\xbb\xbf" + body)


@hostile()
def json_in_utf_16(call: Call) -> None:
    """JSON in UTF-16."""
    changed(call, lambda body: body.decode("utf-8", "replace").encode("utf-16"))


@hostile(UNUSABLE)
def json_cut(call: Call) -> None:
    """JSON without its last character."""
    changed(call, lambda body: body[:-1])


@hostile()
def json_of_bad_utf_8(call: Call) -> None:
    """Bytes that are no UTF-8 in a string beside the others."""
    _beside(call, b'"\xff\xfe\xc3\x28\xed\xa0\x80"')


@hostile()
def json_that_is_always_a_list(call: Call) -> None:
    """Each JSON answer in a list."""
    changed(call, lambda body: b"[%b]" % body)


@hostile()
def json_that_is_always_null(call: Call) -> None:
    """Each JSON answer is null."""
    changed(call, lambda body: b"null")


@hostile()
def json_whose_texts_are_numbers(call: Call) -> None:
    """Each text in the JSON answers is its length."""
    changed(call, lambda body: re.sub(rb':\s*"(?:[^"\\]|\\.)*"', lambda one: b":%d" % len(one[0]), body))


@renaming()
def names_with_a_lone_surrogate(call: Call) -> None:
    """Half of a pair of surrogates in each name."""
    named(call, r"\ud800 half")


@renaming()
def names_with_nul(call: Call) -> None:
    """NUL in each name."""
    named(call, r"a\u0000b")


@renaming()
def names_of_1_mb(call: Call) -> None:
    """Names of a megabyte."""
    named(call, "x" * 1024 * 1024)


@renaming()
def names_that_are_programs(call: Call) -> None:
    """Shell, SQL, markup and templates in each name."""
    named(call, json.dumps("$(touch /tmp/x) `id` '; DROP TABLE x; -- </script><b>{{7*7}}%n%s\n::error::x")[1:-1])


def _setting(call: Call, *cookies: str) -> None:
    reply = call.forward()
    call.pass_on(replace(reply, headers=[*reply.headers, *(("Set-Cookie", one) for one in cookies)]))


@hostile(FINE)
def cookies_in_utf_8(call: Call) -> None:
    """`Set-Cookie: city=Zürich` with each answer."""
    _setting(call, "city=Zürich; Path=/")


@hostile(FINE)
def cookies_with_odd_dates(call: Call) -> None:
    """Expires in the years 9999, 1601 and 0001, in garbage, and Max-Age of 400 digits."""
    dates = (
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 1601 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "soon",
    )
    odd = [f"odd{number}=v; Path=/; Expires={date}" for number, date in enumerate(dates)]
    _setting(call, *odd, f"odd=v; Max-Age={'9' * 400}", "odd=v; Max-Age=-; SameSite=; Domain=.; Path=")


@hostile(FINE)
def cookies_of_odd_names(call: Call) -> None:
    """Cookies with no name, no value, no sign, and for another site."""
    _setting(call, "=value", "name=", "alone", ";", "", "x=y; Domain=example.com", '"a b"="c d"', "__Host-a=b")
