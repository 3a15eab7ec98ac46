"""A listener of the suite's that the deployment reaches."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.core.errors import Absent, Unavailable
from harness.wire.listener import Listener, Place

if TYPE_CHECKING:
    from harness.profile.operation import Base
    from harness.profile.target import Target

_LOCAL = Place("127.0.0.1", 0)
_LOCAL_6 = Place("::1", 0)


def listener_for(target: Target, base: Base, given: Place | None) -> Listener:
    """A listener that the deployment at that base reaches.

    It is at the given place, or on the loopback interface where the deployment is there itself. Raises Absent
    where there is neither, Unavailable where nothing can listen there.
    """
    host = urlsplit(target.address(base)).hostname or ""
    place = given or _beside(host)
    if place is None:
        raise Absent(
            f"The deployment at {host} is on another machine, and --listener names no address of this one that it "
            "reaches. Run with --listener HOST:PORT."
        )
    try:
        return Listener(place)
    except OSError as error:
        raise Unavailable(
            f"the suite can't listen on {place.host}, port {place.port}: {error.strerror or error}.",
            "Give an address of this machine and a free port in --listener; the port 0 is any free one.",
        ) from error


def _beside(host: str) -> Place | None:
    """The loopback address where the host is on it."""
    if host == "localhost" or host.endswith(".localhost"):
        return _LOCAL
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None  # a name
    if not address.is_loopback:
        return None
    return _LOCAL_6 if isinstance(address, ipaddress.IPv6Address) else _LOCAL
