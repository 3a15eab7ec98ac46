"""What keeps an answer from coming, in the words of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11
import httpcore
import httpx

from harness.core.exchange import NoAnswer
from harness.wire.compression import DecodingError

if TYPE_CHECKING:
    from harness.wire.proxy import Proxy

CONNECT_LIMIT = 5.0
"""Seconds to wait for a connection."""

LOST_VERBATIM = (httpcore.ReadError, httpcore.WriteError, h11.RemoteProtocolError)
"""A connection that ended without an answer, which may be asked once more on another."""

NONE_CAME = (
    httpx.HTTPError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProxyError,
    h11.RemoteProtocolError,
    DecodingError,
    OSError,
)
"""What any way of asking raises where no whole answer came."""


def no_answer(
    method: str, url: str, error: Exception, answer_limit: float, proxy: Proxy | None = None
) -> NoAnswer:
    """Why no answer came.

    ``answer_limit`` are the seconds that it had.
    """
    if proxy is not None and (why := _at_proxy(error, proxy)):
        return NoAnswer(method, url, why, timed_out=False, reached=False)
    if isinstance(error, httpx.ConnectTimeout | httpcore.ConnectTimeout):
        return NoAnswer(method, url, f"no connection within {CONNECT_LIMIT:.0f} s", timed_out=True, reached=False)
    if isinstance(error, httpx.TimeoutException | httpcore.TimeoutException | TimeoutError):
        return NoAnswer(method, url, f"no whole answer within {answer_limit:.0f} s", timed_out=True)
    said = str(error) or type(error).__name__
    why = f"connection closed ({said})" if isinstance(error, LOST_VERBATIM) else said
    reached = not isinstance(error, httpx.ConnectError | httpcore.ConnectError)
    return NoAnswer(method, url, why, timed_out=False, reached=reached)


def _at_proxy(error: Exception, proxy: Proxy) -> str:
    """What went wrong at the proxy, if it did."""
    said = str(error) or type(error).__name__
    if isinstance(error, httpx.ProxyError | httpcore.ProxyError):
        return f"the proxy {proxy.address} makes no connection ({said})"
    is_connecting = isinstance(
        error, httpx.ConnectError | httpcore.ConnectError | httpx.ConnectTimeout | httpcore.ConnectTimeout
    )
    return f"the proxy {proxy.address} can't be reached ({said})" if is_connecting and "SSL" not in said else ""
