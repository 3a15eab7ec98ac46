"""What anyone may download: pages, scripts and source maps."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import NoAnswer
from harness.core.findings import NotTested, Unmet
from harness.core.text import counted
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.quotation import is_html
from harness.flows.page_addresses import loaded_by, own_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_REMEDY = "Correct the paths in pages of the profile, or find out why the pages do not come."
_SCRIPTS = "script[src], link[rel=modulepreload][href], link[as=script][href]"
_MOST_FILES = 60
_TAIL = 2000
"""Characters at the end of a script, where the address of its map is."""
_MOST_BYTES = 24 * 1024 * 1024
_SHORTEST_SECRET = 12
_EXAMPLES = ("password", "pass", "pwd", "secret", "example")
_MAP = re.compile(r"//[#@]\s*sourceMappingURL=(?!data:)(\S+)")
_DATABASE = re.compile(
    r"\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?)(?:\+\w+)?://"
    r"[^\s:/@\"'<>{}$`\\]{0,64}:([^\s@/\"'<>{}$`\\]{3,128})@[\w.-]+"
)
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\\[nr]|\s){1,4}[A-Za-z0-9+/]{40}")
"""With a key after it: libraries hold the line alone."""


@dataclass(frozen=True)
class Downloaded:
    """Everything that was downloaded."""

    files: list[Exchange]


def download(world: World, alias: str) -> None:
    """Download the declared pages, and their scripts and maps.

    Pages as an anonymous client and as the person. Raises NotTested where no page came.
    """
    files: dict[str, Exchange] = {}
    pages = [one for one in _pages(world, alias) if httpx.codes.is_success(one.status) and is_html(one)]
    if not pages:
        raise NotTested(
            "the control failed: none of the declared pages came, so there is nothing to search.", _REMEDY
        )
    origins = world.target.origins
    waiting = [url for page in pages for url in loaded_by(page, _SCRIPTS, origins)]
    size = sum(len(page.body) for page in pages)
    while waiting and len(files) < _MOST_FILES and size < _MOST_BYTES:
        url = waiting.pop(0)
        if url in files:
            continue
        with contextlib.suppress(NoAnswer):
            files[url] = file = world.deployment.document(url, "an attacker", ANONYMOUS, [("Accept", "*/*")])
            size += len(file.body)
            maps = (own_address(url, found, origins) for found in _MAP.findall(file.text[-_TAIL:]))
            waiting += [found for found in maps if found is not None]
    world.remember(Downloaded([*pages, *files.values()]))
    world.notes.append(f"{counted(len(pages), 'page')} and {counted(len(files), 'file')} searched")


def _pages(world: World, alias: str) -> Iterator[Exchange]:
    device = world.device(alias, "first device")
    for path in world.deployment.pages.paths:
        held: Credential = world.deployment.access.whole_jar(device, world.target.url("web", path))
        yield world.deployment.page(path, device.who, held)
        yield world.deployment.page(path, "an attacker", ANONYMOUS)


def must_hold_no_secret(world: World) -> None:
    """Raise Unmet if something that was downloaded holds a secret."""
    for file in world.recall(Downloaded).files:
        found = _secret_in(file.text, world.target.jwt_secret)
        if found is not None:
            came = f"{file.method} {file.url} was answered {file.status} with {found}"
            raise Unmet("that no page, script or source map holds a secret of the server", came, [file])


def _secret_in(text: str, secret: str | None) -> str | None:
    if secret is not None and len(secret) >= _SHORTEST_SECRET and secret in text:
        return "the signing secret"
    if _PRIVATE_KEY.search(text):
        return "a private key"
    addresses = _DATABASE.finditer(text) if "://" in text else ()
    if any(one[1].lower() not in _EXAMPLES for one in addresses):
        return "the address of a database with its password"
    return None
