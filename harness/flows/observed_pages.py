"""What pages of the run may not hold."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from harness.core.redaction import labels_in
from harness.flows.observed_cookies import session_cookies
from harness.flows.seen import Rule, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.flows.seen import Seen
    from harness.profile.target import Target

_SHORTEST = 16
_HASH = re.compile(
    r"\$argon2(?:id|i|d)\$v=\d+\$|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|\$scrypt\$ln=|\bscrypt:\d+:\d+:\d+\$"
    r"|\bpbkdf2[_:]sha\d+[:$]\d+\$|\$pbkdf2-sha\d+\$|\$7\$[./A-Za-z0-9]{11}|(?<![0-9a-f])[0-9a-f]{32}:[0-9a-f]{128}\b"
)
"""How argon2, bcrypt, scrypt and PBKDF2 are written down."""


def _is_owner_s_page(seen: Seen) -> bool:
    return seen.is_page and seen.succeeded and seen.exchange.method == "GET" and bool(seen.carriers)


def _exposed(seen: Seen) -> str | None:
    text = html.unescape(seen.exchange.text)
    if _HASH.search(text):
        return "holds the hash of a password"
    if "password" in labels_in(text):
        return "holds a password"
    held = next((name for name, value in _session(seen) if value in text), None)
    return f'holds the value of the cookie "{held}", which signs in' if held is not None else None


def _session(seen: Seen) -> Iterator[tuple[str, str]]:
    """The session cookies of an exchange, each spelling of their values."""
    declared = seen.target.profile.credentials.session_cookie
    names = declared.cookies if declared is not None else []
    for name, value in [*seen.cookies_sent(names), *((one.name, one.value) for one in session_cookies(seen))]:
        for spelling in (value, unquote(value)):
            if len(spelling) >= _SHORTEST and spelling not in seen.handed_out:
                yield name, spelling


def _no_pages(target: Target) -> str | None:
    return "The profile declares no pages." if target.profile.pages is None else None


PAGE_DATA = Rule(
    "page of a signed-in user",
    "that no page holds a password, its hash or the value of a session cookie",
    _is_owner_s_page,
    each(_exposed),
    _no_pages,
)
