"""A page of another site, and the requests that it causes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx

from harness.deployment.people import new_canary
from harness.deployment.tampered import Tampering
from harness.deployment.template import render

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def forms(operation: Operation, *, as_json: bool) -> Iterator[tuple[str, Tampering, str]]:
    """Each form in which the page can send the operation.

    Its body's type, the request, and the text in it.
    """
    kinds = (
        ["application/json"]
        if as_json
        else ["text/plain", "application/x-www-form-urlencoded", "multipart", "none"]
    )
    for kind in kinds:
        canary = new_canary()
        fields = render(operation.body or {}, _Anything(canary))
        content_type, body = _body(kind, fields)
        navigation = FETCH if as_json else _NAVIGATION
        yield kind, Tampering(headers=navigation, origin=EVIL, content_type=content_type, raw_body=body), canary


class _Anything(dict[str, str]):
    """Values for a template of which only the canary matters."""

    def __init__(self, canary: str) -> None:
        super().__init__()
        self._canary = canary

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str)

    def __getitem__(self, key: str) -> str:
        return self._canary


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
