"""A request before it is sent.

Its query, cookies and content are still data, so that more can be put into it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple, assert_never
from urllib.parse import urlencode

from harness.core.exchange import Headers, is_safe
from harness.wire.cookies import cookie_header

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Fields:
    """A body made of fields: a JSON object or a form."""

    values: Mapping[str, Any]
    content_type: Literal["application/json", "application/x-www-form-urlencoded"] = JSON

    def with_fields(self, added: Mapping[str, Any]) -> Fields:
        """The same with these fields, at the top of a JSON object."""
        return replace(self, values={**self.values, **added})

    @property
    def encoded(self) -> bytes:
        """The body as it is sent."""
        match self.content_type:
            case "application/json":
                return json.dumps(self.values).encode()
            case "application/x-www-form-urlencoded":
                return urlencode(self.values).encode()
            case _:
                assert_never(self.content_type)


@dataclass(frozen=True)
class Raw:
    """A body of bytes; no field can be put into it."""

    encoded: bytes
    content_type: str | None = None

    def with_fields(self, _added: Mapping[str, Any]) -> Raw:
        """The same."""
        return self


class Encoded(NamedTuple):
    """What goes over the wire."""

    method: str
    url: str
    headers: Headers
    body: bytes | None


@dataclass(frozen=True)
class Request:
    """A request that is not sent yet."""

    method: str
    url: str
    """It may have a query of its own."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Added to that of the URL."""
    headers: tuple[tuple[str, str], ...] = ()
    cookies: Mapping[str, str] = field(default_factory=dict)
    content: Fields | Raw | None = None

    def adding(
        self,
        *,
        query: Mapping[str, str] | None = None,
        headers: Headers = (),
        cookies: Mapping[str, str] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Request:
        """The same with more in it.

        ``fields`` go into the body, which a request without one gets as JSON. A GET has no body, and gets none.
        """
        content = self.content
        if content is None and fields and not is_safe(self.method):
            content = Fields({})
        return replace(
            self,
            query={**self.query, **(query or {})},
            headers=(*self.headers, *headers),
            cookies={**self.cookies, **(cookies or {})},
            content=content.with_fields(fields or {}) if content is not None else None,
        )

    def encoded(self) -> Encoded:
        """The request as it is sent, all cookies in one header."""
        content_type = self.content.content_type if self.content is not None else None
        headers = [("Content-Type", content_type)] if content_type else []
        headers += self.headers
        if self.cookies:
            headers.append(("Cookie", cookie_header(self.cookies)))
        body = self.content.encoded if self.content is not None else None
        return Encoded(self.method, self._whole_url(), headers, body)

    def _whole_url(self) -> str:
        if not self.query:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.query)}"
