"""Whose TLS certificates are accepted, also by the browser."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_LIMIT = 5.0
"""Seconds for one look at a server's certificate."""


class TrustError(Exception):
    """A file holds no certificate of an authority."""


@dataclass(frozen=True)
class Trust:
    """The system's authorities, those of the file ``ca`` as well, or anybody."""

    ca: Path | None = None
    insecure: bool = False

    def context(self) -> ssl.SSLContext:
        """What a connection is made with.

        Raises TrustError where the file is none of certificates.
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
        return context

    def pins(self, origins: Iterable[str]) -> list[str]:
        """The keys of the origins' certificates, where these are accepted.

        SHA-256 of each SubjectPublicKeyInfo in base64 (RFC 7469 section 2.4), for a browser that has
        authorities of its own.
        """
        context, found = self.context(), []
        for parts in map(urlsplit, sorted(origins)):
            if parts.scheme == "https":
                # What is not accepted, or not reached, is said when the page is opened.
                with contextlib.suppress(OSError):
                    found.append(_key_of(context, parts.hostname or "", parts.port or 443))
        return found


SYSTEM = Trust()
"""The system's authorities, or those that SSL_CERT_FILE names."""


def _key_of(context: ssl.SSLContext, host: str, port: int) -> str:
    with (
        socket.create_connection((host, port), _LIMIT) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        certificate = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()
