"""Whose TLS certificates are accepted, also by the browser."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.wire.verbatim import connected

if TYPE_CHECKING:
    from collections.abc import Iterable
    from urllib.parse import SplitResult

    from harness.wire.proxy import Proxy

_UNREACHED = (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProxyError)
_LIMIT = 5.0
"""Seconds for one look at a server's certificate."""


class TrustError(Exception):
    """A file holds no certificate of an authority."""


@dataclass(frozen=True)
class ClientCertificate:
    """The certificate that the suite shows a server."""

    file: Path
    key: Path | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Trust:
    """The system's authorities, those of the file ``ca`` as well, or anybody."""

    ca: Path | None = None
    insecure: bool = False
    own: ClientCertificate | None = None

    def context(self) -> ssl.SSLContext:
        """What a connection is made with.

        Raises TrustError where a file is none of certificates.
        """
        context = ssl.create_default_context()
        if self.ca is not None:
            try:
                context.load_verify_locations(self.ca)
            except (OSError, ssl.SSLError) as error:
                raise TrustError(f"{self.ca} holds no certificate of an authority in PEM ({error}).") from error
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.own is not None:
            _show(self.own, context)
        return context

    def pins(self, origins: Iterable[str], proxy: Proxy | None = None) -> list[str]:
        """The keys of the origins' certificates, where these are accepted.

        SHA-256 of each SubjectPublicKeyInfo in base64 (RFC 7469 section 2.4), for a browser that has
        authorities of its own.
        """
        context, found = self.context(), []
        for parts in map(urlsplit, sorted(origins)):
            if parts.scheme == "https":
                # What is not accepted, or not reached, is said when the page is opened.
                with contextlib.suppress(*_UNREACHED):
                    found.append(_key_of(context, parts, proxy))
        return found


def _show(own: ClientCertificate, context: ssl.SSLContext) -> None:
    try:
        # Without a password OpenSSL would ask for one at the terminal.
        context.load_cert_chain(own.file, own.key, lambda: own.password or "")
    except (OSError, ssl.SSLError) as error:
        files = f"{own.file} and {own.key} hold" if own.key is not None else f"{own.file} holds"
        raise TrustError(
            f"{files} no certificate with its key in PEM, or the key has another password ({error})."
        ) from error


SYSTEM = Trust()
"""The system's authorities, or those that SSL_CERT_FILE names."""


def _key_of(context: ssl.SSLContext, parts: SplitResult, proxy: Proxy | None) -> str:
    stream = connected(httpcore.SyncBackend(), context, parts, _LIMIT, proxy)
    try:
        given = stream.get_extra_info("ssl_object").getpeercert(True)  # noqa: FBT003 - it takes no keyword
    finally:
        stream.close()
    key = x509.load_der_x509_certificate(given or b"").public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()
