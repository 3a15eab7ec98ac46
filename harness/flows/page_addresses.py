"""The addresses that a page loads by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from harness.core.exchange import origin_of
from harness.wire.addresses import resolved
from harness.wire.html import parse, select

if TYPE_CHECKING:
    from collections.abc import Collection

    from harness.core.exchange import Exchange


def loaded_by(page: Exchange, selector: str, origins: Collection[str]) -> list[str]:
    """What elements of a page load from these origins, each once."""
    root = parse(page.text)
    elements = select(root, selector) if root is not None else []
    addresses = (own_address(page.url, one.get("src") or one.get("href") or "", origins) for one in elements)
    return [address for address in dict.fromkeys(addresses) if address is not None]


def own_address(base: str, address: str, origins: Collection[str]) -> str | None:
    """The absolute URL of an address, or None outside these origins."""
    url = urldefrag(resolved(address, base) or "").url
    return url if origin_of(url) in origins else None
