"""Why no answer came from an address, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.core.exchange import NoAnswer


@dataclass(frozen=True)
class Silence:
    """Why nothing came.

    ``what`` finishes the sentence that begins with the address, ``remedy`` is a sentence of its own.
    """

    what: str
    remedy: str


_NO_HTTP = (
    r"illegal (status|request|header|chunk)|content-length|transfer-encoding|incomplete|without sending complete|"
    r"receive buffer|more than \d+ MB|compressed|decompress|invalid (block|stored|code|distance)"
)
_KNOWN = (
    (
        r"the proxy .* makes no connection",
        "is not reached by the proxy",
        "Correct reach.proxy, its user and its password, or have the proxy connect there.",
    ),
    (
        r"the proxy .* can't be reached",
        "is behind a proxy that does not answer",
        "Correct reach.proxy, or start it.",
    ),
    (
        r"certificate.*not valid for",
        "has a TLS certificate for another name",
        "Give the host name that it is made for.",
    ),
    (r"certificate has expired", "has a TLS certificate that has expired", "Renew it."),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "has a TLS certificate of an authority that is not known here",
        "Give the authority's certificate with --ca FILE, or name it in the environment variable SSL_CERT_FILE.",
    ),
    (
        r"WRONG_VERSION_NUMBER|HTTP_REQUEST|record layer failure",
        "speaks no TLS",
        "Write http://, or the port at which it speaks TLS.",
    ),
    (r"\bSSL\b|\bTLS", "does not agree on TLS", "Offer TLS 1.2 or 1.3 there."),
    (
        r"Name or service not known|nodename|getaddrinfo|No address associated",
        "has a host name that nobody knows here",
        "Correct the host name.",
    ),
    (
        _NO_HTTP,
        "answered, and what came is no whole answer of HTTP",
        "Look at what answers there: is it the deployment, or does something in front of it change its answers?",
    ),
    (
        r"refused",
        "refuses connections: nothing listens there",
        "Start the deployment, or correct the address (scheme, host name, port).",
    ),
)
_TLS_EXPECTED = (
    "closed the connection without an answer, as a server does that speaks TLS only",
    "Write https://, or look at the deployment's log.",
)
_SLOW = (
    "Look at what it does for so long. Where the first request only builds or starts something, run again.",
    "Is it up, and may this machine reach it?",
)


def explained(error: NoAnswer) -> Silence:
    """Why nothing came from the address that was asked."""
    if error.timed_out:
        return Silence(f"gave {error.why}", _SLOW["connection" in error.why])
    for pattern, what, remedy in _KNOWN:
        if re.search(pattern, error.why, re.IGNORECASE):
            return Silence(f"{what} ({error.why})", remedy)
    if " http://" in error.asked and re.search("reset|disconnected|closed", error.why, re.IGNORECASE):
        what, remedy = _TLS_EXPECTED
        return Silence(f"{what} ({error.why})", remedy)
    return Silence(f"gave no answer ({error.why})", "Start the deployment, or correct the address.")
