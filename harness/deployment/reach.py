"""How a deployment is reached, with the values of the environment."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from harness.deployment.template import render
from harness.profile.reach import proxy_parts
from harness.profile.target import TargetError
from harness.profile.toml.strings import HeaderText, takes
from harness.wire.gate import Gate
from harness.wire.proxy import Proxy
from harness.wire.trust import SYSTEM, ClientCertificate, Trust, TrustError

if TYPE_CHECKING:
    from harness.profile.reach import Reach


def must_be_given(reach: Reach) -> None:
    """Raise TargetError where a variable is not set."""
    if unset := [name for name in reach.variables() if not os.environ.get(name)]:
        raise TargetError(f"[reach] takes {', '.join(unset)} from the environment: set it and run again.")


def gate_of(reach: Reach) -> Gate:
    """What lets requests through.

    Raises TargetError where a value fits into no header.
    """
    must_be_given(reach)
    headers: dict[str, str] = render(reach.headers, {})
    for name, value in headers.items():
        if not takes(HeaderText, value):
            raise TargetError(
                f"reach.headers.{name} is filled from the environment with what no header can hold: more than one "
                "line of ASCII characters, or spaces around it. Correct its variables."
            )
    return Gate(tuple(headers.items()), render(reach.basic, {}))


def proxy_of(reach: Reach) -> Proxy | None:
    """The proxy. Raises TargetError where its address is none."""
    must_be_given(reach)
    if reach.proxy is None:
        return None
    userinfo, address = (render(part, {}) for part in proxy_parts(reach.proxy))
    if "@" in address:  # the whole of it came from one variable
        userinfo, address = address.removeprefix("http://").rpartition("@")[::2]
        userinfo, address = unquote(userinfo), f"http://{address}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        host, port = "", 0
    if not host or parts.scheme != "http":
        raise TargetError('reach.proxy is no proxy\'s address; write it like "http://proxy.example.com:3128".')
    user, _, password = userinfo.partition(":")
    return Proxy(host, port, user, password)


def trust_for(reach: Reach, trust: Trust = SYSTEM) -> Trust:
    """Whose certificates are accepted, with the suite's own.

    Raises TargetError where its files hold none.
    """
    must_be_given(reach)
    if (given := reach.certificate) is None:
        return trust
    key = Path(given.key) if given.key is not None else None
    own = ClientCertificate(Path(given.file), key, render(given.password, {}))
    try:
        Trust(own=own).context()
    except TrustError as error:
        raise TargetError(f"reach.certificate: {error}") from error
    return replace(trust, own=own)
