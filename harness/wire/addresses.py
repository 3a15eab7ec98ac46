"""Addresses as a browser reads them (URL standard of the WHATWG).

A backslash is a slash, tabs and line breaks are dropped, and any number of slashes may stand before a host.
"""

from __future__ import annotations

from ada_url import URL


def resolved(address: str, base: str) -> str | None:
    """The absolute address that a browser goes to, or None.

    None where it goes nowhere, since the address is none.
    """
    try:
        return URL(address, base).href
    except ValueError:
        return None


def origin_read(address: str) -> str:
    """The origin of an absolute address, ``null`` where it has none.

    Hosts are in lower case and in ASCII, and a scheme's own port is left out.
    """
    try:
        return URL(address).origin
    except ValueError:
        return "null"
