"""Secrets are registered as they are made and masked in whatever the suite puts out."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus, unquote, urlsplit

_SHORTEST = 6
"""Below this many characters a value is too common a string to mask without spoiling the text."""

_BASE64 = (base64.b64encode, base64.urlsafe_b64encode)

_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
"""What looks like a JWT is one, also where a deployment hands it out in a place that nobody declared."""

_known: dict[str, str] = {}


def register(value: str, label: str) -> str:
    """Register a secret under a label such as ``password``; returns it unchanged.

    Its percent-encoded, base64, JSON and HTML spellings, a JWT's segments and a URL's password are masked as well.
    """
    for spelling in _spellings(value):
        if len(spelling) >= _SHORTEST:
            _known.setdefault(spelling, f"<{label}>")
    return value


def redact(text: str) -> str:
    """The text with every registered secret replaced by ``<label>``."""
    for spelling in sorted(_known, key=len, reverse=True):
        if spelling in text:
            text = text.replace(spelling, _known[spelling])
    return _JWT.sub("<token>", text)


def _spellings(value: str) -> set[str]:
    plain = {value, unquote(value)}
    if len(password := _password_in(value)) > 2 * _SHORTEST:
        plain |= {password, unquote(password)}
    spellings = set(plain)
    for form in plain:
        spellings |= {quote(form, safe=""), quote_plus(form), quote(form)}
        spellings |= {json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1], html.escape(form)}
        content = form.encode("utf-8", "surrogatepass")
        spellings |= {coded(content).decode().rstrip("=") for coded in _BASE64}
        if form.count(".") in (1, 2):
            spellings.update(part for part in form.split(".") if len(part) > 2 * _SHORTEST)
    return spellings


def _password_in(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
