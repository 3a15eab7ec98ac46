"""Connections through the ordinary client library.

They are kept where that works, and replaced where one is lost.
"""

from __future__ import annotations

from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import is_safe
from harness.wire.bounds import BoundedTransport, Bounds
from harness.wire.compression import decoded
from harness.wire.verbatim import Answer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from harness.wire.proxy import Proxy

_LOST = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
"""A connection that ended without an answer, which may be asked once more on another."""


class Connections:
    """Sends requests; ``connect_limit`` are seconds, ``body_limit`` bytes."""

    def __init__(
        self,
        tls: ssl.SSLContext,
        bounds: Bounds,
        connect_limit: float,
        body_limit: int,
        *,
        asks_silence_again: bool = True,
        proxy: Proxy | None = None,
    ) -> None:
        self._tls, self._bounds, self._connect_limit, self._body_limit = tls, bounds, connect_limit, body_limit
        self._asks_silence_again = asks_silence_again
        self._keeps, self._proxy = True, proxy

    def ask(self, method: str, url: str, headers: Sequence[tuple[bytes, bytes]], body: bytes | None) -> Answer:
        """The answer; once more on another connection where one was lost.

        A server may close a kept one at any moment (RFC 9112 section 9.3.1). Once that happened none is kept. What
        changes nothing is asked once more also where no answer came in time. Raises httpx's errors.
        """
        request = self._builder.build_request(method, url, headers=headers, content=body)
        try:
            return self._once(request, resent=False)
        except _LOST:
            self._keeps = False
        except httpx.ReadTimeout:
            if not (self._asks_silence_again and is_safe(method)):
                raise
        return self._once(request, resent=True)

    def close(self) -> None:
        """Close every connection."""
        self._builder.close()
        self._single.close()

    def _once(self, request: httpx.Request, *, resent: bool) -> Answer:
        self._bounds.begin()
        # A client of the library's reads each Location, and raises where that is no address.
        transport = self._keeping if self._keeps else self._single
        response = transport.handle_request(request)
        try:
            content = _read(response, self._body_limit)
        finally:
            response.close()
        return Answer(response.status_code, response.headers.raw, content, resent)

    @cached_property
    def _keeping(self) -> httpx.BaseTransport:
        return BoundedTransport(self._tls, httpx.Limits(keepalive_expiry=1.0), self._bounds, self._proxy)

    @cached_property
    def _single(self) -> httpx.BaseTransport:
        return BoundedTransport(self._tls, httpx.Limits(max_keepalive_connections=0), self._bounds, self._proxy)

    @cached_property
    def _builder(self) -> httpx.Client:
        """What makes requests as the library does."""
        return httpx.Client(
            transport=self._keeping,
            trust_env=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(self._bounds.seconds, connect=self._connect_limit),
        )


def _read(response: httpx.Response, limit: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_raw():
        content += chunk
        if len(content) >= limit:
            break
    named = ",".join(response.headers.get_list("content-encoding"))
    encodings = [one.strip().lower() for one in named.split(",")]
    return decoded(bytes(content), encodings, limit)[:limit]
