"""Parts of a cookie's value that anybody can decode, and write again."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])(base64-)?([A-Za-z0-9+/_-]{8,}={0,2})")


def rewritten(value: str, words: Mapping[str, str]) -> list[str]:
    """The value with other words in each of its parts.

    One value for each part: that is the value as it stands, also in percent-encoding, or what is in base64 in it.
    It is written again as it was. A value in which no part has one of the words gives none.
    """
    plain = unquote(value)
    found = [_replaced(plain, words)]
    for match in _BASE64.finditer(plain):
        before, after = plain[: match.start(2)], plain[match.end(2) :]
        found += [before + part + after for part in _part_rewritten(match[2], words)]
    changed = dict.fromkeys(one for one in found if one != plain)
    return [quote(one, safe="") if plain != value else one for one in changed]


def _part_rewritten(part: str, words: Mapping[str, str]) -> list[str]:
    """A part in base64 with other words in it.

    With and without padding where the part does not show whether it has any.
    """
    bare = part.rstrip("=")
    standard = bare.replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return []
    changed = _replaced(text, words)
    if changed == text:
        return []
    encode = base64.b64encode if "+" in part or "/" in part else base64.urlsafe_b64encode
    written = encode(changed.encode()).decode()
    if part != bare:
        return [written]
    return [written, written.rstrip("=")] if len(bare) % 4 == 0 else [written.rstrip("=")]


def _replaced(text: str, words: Mapping[str, str]) -> str:
    encoded = {quote(old, safe=""): quote(new, safe="") for old, new in words.items()}
    for old, new in {**words, **encoded}.items():
        text = new.join(re.split(rf"(?<![A-Za-z0-9]){re.escape(old)}(?![A-Za-z0-9])", text))
    return text
