"""A page of another site, and the requests that it causes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

from harness.deployment.tampered import Tampering
from harness.deployment.template import render, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harness.core.exchange import Exchange
    from harness.profile.operation import Operation

EVIL = "https://evil.invalid"

_NAVIGATION = (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"))

FETCH = (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"))
"""What a browser sends with a request of a script's."""

PREFLIGHT = (
    ("Origin", EVIL),
    ("Access-Control-Request-Method", "GET"),
    ("Access-Control-Request-Headers", "authorization"),
)

AS_JSON = "application/json"
SIMPLE = ("text/plain", "application/x-www-form-urlencoded", "multipart", "none")
"""Bodies that a page of another site can send without a preflight (Fetch, CORS-safelisted Content-Type)."""
SIMPLE_METHODS = ("GET", "HEAD", "POST")
"""Methods that it can use without one."""
_SECRET = ("password",)
"""What no page of another site knows. Ids are none of it: they stand in links and logs."""


def before_json(method: str) -> tuple[tuple[str, str], ...]:
    """What a browser asks before a script sends JSON by that method."""
    return (
        ("Origin", EVIL),
        ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", "content-type"),
    )


def grants(preflight: Exchange, method: str) -> bool:
    """Whether the answer lets the foreign page send it with the cookies."""
    methods = {one.strip().upper() for one in (preflight.header("access-control-allow-methods") or "").split(",")}
    headers = {one.strip().lower() for one in (preflight.header("access-control-allow-headers") or "").split(",")}
    return (
        httpx.codes.is_success(preflight.status)
        and preflight.header("access-control-allow-origin") == EVIL
        and (preflight.header("access-control-allow-credentials") or "").lower() == "true"
        and (method in SIMPLE_METHODS or method in methods)
        and "content-type" in headers
    )


@dataclass(frozen=True)
class Form:
    """One way in which the page can send the operation.

    ``kind`` is its body's type; ``values`` are what fills the template.
    """

    kind: str
    tampering: Tampering
    values: Mapping[str, str]


def forms(operation: Operation, kinds: Sequence[str], values: Callable[[], Mapping[str, str]]) -> Iterator[Form]:
    """The operation as the page can send it.

    With each kind of body; ``values`` makes new ones for the template. What no other site knows is left out, and
    once it is wrong.
    """
    template = operation.body or operation.form or {}
    known = without(template, _SECRET)
    for kind in kinds:
        yield _form(kind, known, values())
    if known != template:
        yield _form(kinds[0], template, values())


def _form(kind: str, template: Mapping[str, Any], values: Mapping[str, str]) -> Form:
    content_type, body = _body(kind, render(template, values))
    headers = FETCH if kind == AS_JSON else _NAVIGATION
    return Form(kind, Tampering(headers=headers, origin=EVIL, content_type=content_type, raw_body=body), values)


def _body(kind: str, fields: dict[str, object]) -> tuple[str | None, bytes]:
    if kind == "none":
        return None, b""
    if kind == "multipart":
        request = httpx.Request(
            "POST", EVIL, files={name: (None, str(value)) for name, value in fields.items()} or None
        )
        return request.headers.get("content-type", "multipart/form-data; boundary=x"), request.read()
    if kind == "application/x-www-form-urlencoded":
        return kind, urlencode(fields).encode()
    return kind, json.dumps(fields).encode()
