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

AS_JSON = "application/json"
SIMPLE = ("text/plain", "application/x-www-form-urlencoded", "multipart", "none")
"""Bodies that a page of another site can send without a preflight (Fetch, CORS-safelisted Content-Type)."""
SIMPLE_METHODS = ("GET", "HEAD", "POST")
"""Methods that it can use without one."""
_SECRET = ("password",)
"""What no page of another site knows. Ids are none of it: they stand in links and logs."""


SPELLED = ("Text/Plain", "text/plain;x=1", "absent")
"""Further types of a body that need no preflight; none at all is what a Blob without a type is sent with."""


@dataclass(frozen=True)
class Site:
    """Another site, by what a browser says of it.

    ``origin`` is empty where the browser sends none; ``site`` is the value of Sec-Fetch-Site.
    """

    origin: str = EVIL
    site: str = "cross-site"
    referer: str = ""

    @property
    def said(self) -> str:
        """Whose attempt it is, in a finding."""
        if self.referer:
            return f"the attempt of a page whose browser sends no Origin, but the Referer {self.referer},"
        return (
            "another site's attempt"
            if self.origin == EVIL
            else f"the attempt of a page of the origin {self.origin}"
        )

    def headers(self, mode: str, destination: str) -> tuple[tuple[str, str], ...]:
        """What a browser adds to the request, beside the Origin."""
        if self.referer:
            # It is an old browser that sends no Origin, and it has no fetch metadata.
            return (("Referer", self.referer),)
        return (("Sec-Fetch-Site", self.site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination))

    def script(self) -> tuple[tuple[str, str], ...]:
        """What a browser sends with a request of a script's."""
        return self.headers("cors", "empty")

    def before(self, method: str, header: str) -> tuple[tuple[str, str], ...]:
        """What a browser asks before a script's request with that header."""
        asked = (("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", header))
        return (("Origin", self.origin), *asked)


FOREIGN = Site()


def allows(answer: Exchange, origin: str) -> bool:
    """Whether the answer names that origin as one that may read it."""
    return answer.header("access-control-allow-origin") == origin


def takes_credentials(answer: Exchange) -> bool:
    """Whether it may be read with credentials."""
    return (answer.header("access-control-allow-credentials") or "").lower() == "true"


def grants(preflight: Exchange, method: str, site: Site = FOREIGN) -> bool:
    """Whether the answer lets the site's page send it with the cookies."""
    methods = {one.strip().upper() for one in (preflight.header("access-control-allow-methods") or "").split(",")}
    headers = {one.strip().lower() for one in (preflight.header("access-control-allow-headers") or "").split(",")}
    return (
        httpx.codes.is_success(preflight.status)
        and allows(preflight, site.origin)
        and takes_credentials(preflight)
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


def forms(
    operation: Operation, kinds: Sequence[str], values: Callable[[], Mapping[str, str]], site: Site = FOREIGN
) -> Iterator[Form]:
    """The operation as the page can send it.

    With each kind of body; ``values`` makes new ones for the template. What no other site knows is left out, and
    once it is wrong.
    """
    template = operation.body or operation.form or {}
    known = without(template, _SECRET)
    for kind in kinds:
        yield sent_as(kind, known, values(), site)
    if known != template:
        yield sent_as(kinds[0], template, values(), site)


def sent_as(kind: str, template: Mapping[str, Any], values: Mapping[str, str], site: Site) -> Form:
    """The template's fields as the site's page sends them."""
    content_type, body = _body(kind, render(template, values))
    headers = site.headers("navigate", "document") if kind in SIMPLE else site.script()
    tampering = Tampering(
        headers=headers,
        origin=site.origin or None,
        without_origin=not site.origin,
        content_type=content_type,
        raw_body=body,
    )
    return Form(kind, tampering, values)


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
    return None if kind == "absent" else kind, json.dumps(fields).encode()
