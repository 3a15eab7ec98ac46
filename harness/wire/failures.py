"""What keeps an answer from coming, in the words of a report."""

from __future__ import annotations

import h11
import httpcore
import httpx

from harness.core.exchange import NoAnswer
from harness.wire.compression import DecodingError

CONNECT_LIMIT = 5.0
"""Seconds to wait for a connection."""

LOST_VERBATIM = (httpcore.ReadError, httpcore.WriteError, h11.RemoteProtocolError)
"""A connection that ended without an answer, which may be asked once more on another."""

NONE_CAME = (
    httpx.HTTPError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    h11.RemoteProtocolError,
    DecodingError,
    OSError,
)
"""What any way of asking raises where no whole answer came."""


def no_answer(method: str, url: str, error: Exception, answer_limit: float) -> NoAnswer:
    """Why no answer came; ``answer_limit`` are the seconds that it had."""
    if isinstance(error, httpx.ConnectTimeout | httpcore.ConnectTimeout):
        return NoAnswer(method, url, f"no connection within {CONNECT_LIMIT:.0f} s", timed_out=True, reached=False)
    if isinstance(error, httpx.TimeoutException | httpcore.TimeoutException | TimeoutError):
        return NoAnswer(method, url, f"no whole answer within {answer_limit:.0f} s", timed_out=True)
    said = str(error) or type(error).__name__
    why = f"connection closed ({said})" if isinstance(error, LOST_VERBATIM) else said
    reached = not isinstance(error, httpx.ConnectError | httpcore.ConnectError)
    return NoAnswer(method, url, why, timed_out=False, reached=reached)
