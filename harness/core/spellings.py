"""The spellings in which a secret may stand in a text."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from harness.core.public_text import reads_as_words

SHORTEST_PART = 13
"""Characters from which on a part of a secret is masked alone."""

_OF_TOKENS = re.compile(r"[\w+/=-]+", re.ASCII)
"""What the parts of a token are made of; a URL or an address has other characters too."""
_ESCAPED = re.compile(r"\\([0-7]{3}|.)")
"""A character of a quoted cookie value that is spelt otherwise, as Python's http.cookies does."""
SHORTEST_IN_HEX = 6
"""Characters of a secret from which on its hexadecimal form is looked for."""
_PERCENT = re.compile("%[0-9A-F]{2}")
_SPECIAL = tuple(map(re.compile, (r"[^0-9A-Za-z]", r"[+=<>&'\"`]", r"[+=<>&'\"`\x7f-\U0010ffff]")))
"""What is escaped: all but letters and digits, what means something in markup, or that and what is not ASCII."""
_ESCAPES = ("\\u{:04x}", "\\u{:04X}")
_REFERENCES = ("&#{};", "&#x{:x};", "&#x{:X};")
_URLSAFE = str.maketrans("+/", "-_")


def spellings(value: str) -> set[str]:
    """The value as servers, browsers and reports may write it."""
    plain = {value, unquote(value), unquoted(value)}
    if len(password := _password_in(value)) >= SHORTEST_PART:
        plain |= {password, unquote(password)}
    found = set(plain)
    for form in plain:
        found |= _percent_encoded(form) | _in_json(form) | _in_html(form) | _base64_of(form)
        content = form.encode("utf-8", "surrogatepass")
        found |= {content.hex(), content.hex().upper()} if len(form) >= SHORTEST_IN_HEX else set()
        found |= _parts(form)
    return found


def _percent_encoded(form: str) -> set[str]:
    """Once and twice, in either case of the digits."""
    once = {quote(form, safe=""), quote_plus(form), quote(form)}
    forms = once | {quote(one, safe="") for one in once}
    return forms | {_PERCENT.sub(lambda found: found[0].lower(), one) for one in forms}


def _in_json(form: str) -> set[str]:
    """As serialisers of several languages escape it (RFC 8259 section 7)."""
    ascii_only = json.dumps(form)[1:-1]
    forms = {ascii_only, json.dumps(form, ensure_ascii=False)[1:-1], ascii_only.replace("/", "\\/")}
    escaped = _referenced(form, _ESCAPES)
    return forms | {json.dumps(one)[1:-1].replace("\\\\u", "\\u") for one in escaped}


def _in_html(form: str) -> set[str]:
    """As named and as numbered character references."""
    return {html.escape(form), *_referenced(form, _REFERENCES)}


def _referenced(form: str, references: Iterable[str]) -> set[str]:
    return {
        special.sub(lambda found, one=one: one.format(ord(found[0])), form)  # type: ignore[misc]
        for special in _SPECIAL
        for one in references
    }


def unquoted(value: str) -> str:
    """A cookie's value without quotes around it.

    They are part of it on the wire (RFC 6265 section 4.1.1).
    """
    if len(value) < len('""') or not (value.startswith('"') and value.endswith('"')):
        return value
    return _ESCAPED.sub(
        lambda found: chr(int(found[1], 8)) if found[1].isdigit() and len(found[1]) > 1 else found[1], value[1:-1]
    )


def _parts(form: str) -> set[str]:
    """The parts between dots that are secrets by themselves.

    They are each of a JWT; of another signed value those that do not merely read as text.
    """
    parts = form.split(".")
    if len(parts) not in (2, 3):
        return set()
    long = {part for part in parts if len(part) >= SHORTEST_PART and _OF_TOKENS.fullmatch(part)}
    if "alg" in (_json_in(parts[0]) or ()):
        return long
    return {part for part in long if not _says_nothing_secret(part)}


def _says_nothing_secret(part: str) -> bool:
    # The payload of a visitor's signed cookie: many visitors share it, and without its signature it opens nothing.
    content = _json_in(part)
    return content is not None and all(map(reads_as_words, _texts_in(content)))


def _json_in(part: str) -> Any:  # noqa: ANN401 - JSON is any
    """The JSON object or array that a base64url text holds, or None."""
    try:
        found = json.loads(base64.urlsafe_b64decode(part.rstrip("=") + "=" * (-len(part.rstrip("=")) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _texts_in(content: Any) -> list[str]:  # noqa: ANN401 - JSON is any
    """Every text in the data, keys included."""
    waiting, found = [content], []
    while waiting:
        match waiting.pop():
            case dict() as pairs:
                waiting += [*pairs, *pairs.values()]
            case list() as values:
                waiting += values
            case str() as text:
                found.append(text)
    return found


def _base64_of(form: str) -> set[str]:
    """The part of the form's base64 that a longer text keeps.

    For each offset in that text.
    """
    content = form.encode("utf-8", "surrogatepass")
    found = {base64.b64encode(content).decode().rstrip("=")}
    if len(content) >= SHORTEST_PART:
        for offset, first in ((0, 0), (1, 2), (2, 3)):
            padded = b"\0" * offset + content
            whole = base64.b64encode(padded[: len(padded) // 3 * 3]).decode()
            found.add(whole[first:])
    return found | {spelling.translate(_URLSAFE) for spelling in found}


def _password_in(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
