"""What a server says in an answer, as words of a sentence.

Secrets are masked before anything is cut.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import httpx

from harness.core.redaction import masked_cut

if TYPE_CHECKING:
    from harness.core.exchange import Exchange

_LONGEST = 160
"""Characters of a body that are quoted."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_WORDS = ("error_description", "detail", "message", "error", "msg", "title", "reason", "code")
"""Fields of a JSON body in which servers say why, the most telling first."""
_CHALLENGE = "www-authenticate"


def quoted(exchange: Exchange) -> str:
    """The answer's status, and what the server says beside it."""
    place = _destination(exchange)
    said = "; ".join(filter(None, (_challenge(exchange), _wait(exchange), "" if place else body_said(exchange))))
    if not said and not place and httpx.codes.is_success(exchange.status):
        return f"{exchange.status} with an empty body"
    return f"{exchange.status}{place}{f' ({said})' if said else ''}"


def body_said(exchange: Exchange) -> str:
    """A refusal's reason, a page's title, or how a body begins.

    Empty where there is no body.
    """
    content = json_of(exchange)
    if content is not None and not httpx.codes.is_success(exchange.status):
        named = next(((word, text) for word in _WORDS if (text := _text_under(word, content))), None)
        if named is not None:
            return f'{named[0]}: "{_short(named[1])}"'
    return _page(exchange) if is_html(exchange) else excerpt(exchange)


def excerpt(exchange: Exchange) -> str:
    """How the body begins, on one line."""
    return _short(exchange.text)


def is_html(exchange: Exchange) -> bool:
    """Whether the body is a page."""
    return "html" in (exchange.header("content-type") or "").lower()


def json_of(exchange: Exchange) -> Any:  # noqa: ANN401 - JSON is any
    """The body's JSON object or array, or None."""
    try:
        content = exchange.json()
    except ValueError:
        return None
    return content if isinstance(content, dict | list) else None


def _page(exchange: Exchange) -> str:
    found = _TITLE.search(exchange.text)
    title = _short(unescape(found[1])) if found is not None else ""
    return f'an HTML page, "{title}"' if title else "an HTML page"


def _destination(exchange: Exchange) -> str:
    location = exchange.header("location")
    is_redirect = httpx.codes.is_redirect(exchange.status)
    return f" to {_short(location)}" if is_redirect and location is not None else ""


def _challenge(exchange: Exchange) -> str:
    # A scheme alone says nothing that the status does not.
    said = [value for value in exchange.all_headers(_CHALLENGE) if "error" in value.lower()]
    return f"WWW-Authenticate: {_short(', '.join(said))}" if said else ""


def _wait(exchange: Exchange) -> str:
    after = exchange.header("retry-after")
    return f"Retry-After: {_short(after)}" if after is not None else ""


def _text_under(word: str, content: Any) -> str:  # noqa: ANN401 - JSON is any
    """The first text under a key of that name, at whatever depth."""
    waiting = [content]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict):
            if isinstance(text := part.get(word), str) and text.strip():
                return text
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return ""


def _short(text: str) -> str:
    return masked_cut(text, _LONGEST)
