"""How two answers differ for whoever sees both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from harness.core.redaction import redact
from harness.core.text import one_line, shortened
from harness.deployment.quotation import is_html

if TYPE_CHECKING:
    from harness.core.exchange import Exchange

_VOLATILE = re.compile(r"\b[0-9a-fA-F-]{16,}\b|\d{4}-\d\d-\d\dT[\d:.Z+-]+")
"""Request ids and dates, which differ between any two answers."""
_NONCE = re.compile(r"""(?<==["'])(?=[^"']*[0-9])(?=[^"']*[A-Za-z])[\w+/=.-]{16,}(?=["'])""")
"""Random values in a page's attributes, such as a form's CSRF token, which are new each time it is drawn."""
_BEFORE, _SHOWN = 30, 100
"""Characters of two bodies that are shown: before they differ, and in all."""


def difference(one: Exchange, other: Exchange, volatile: list[str]) -> str | None:
    """How two answers can be distinguished, or None.

    Addresses, dates, ids and waits are left out, and the random values of a page's forms.
    """
    if one.status != other.status:
        return f"one is answered {one.status} and the other {other.status}"
    headers = [sorted({name.lower() for name, _ in exchange.headers}) for exchange in (one, other)]
    if headers[0] != headers[1]:
        return f"only one of them has the headers {sorted(set(headers[0]) ^ set(headers[1]))}"
    places = [_lasting(exchange.header("location") or "", volatile) for exchange in (one, other)]
    if places[0] != places[1]:
        return f"one leads to {places[0]} and the other to {places[1]}"
    texts = [_lasting(_body(exchange), volatile) for exchange in (one, other)]
    if texts[0] == texts[1]:
        return None
    one_says, other_says = map(redact, texts)
    if one_says == other_says:
        return "their bodies differ in what is masked here"
    start = _common(one_says, other_says)
    return f'one says "{_from(one_says, start)}" and the other "{_from(other_says, start)}"'


def _common(one: str, other: str) -> int:
    """Where two texts begin to differ, or a few words before."""
    pairs = zip(one, other, strict=False)
    alike = next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))
    return max(0, alike - _BEFORE)


def _from(text: str, start: int) -> str:
    return f"{'...' if start else ''}{shortened(one_line(text[start:]), _SHOWN)}"


def _body(exchange: Exchange) -> str:
    return _NONCE.sub("*", exchange.text) if is_html(exchange) else exchange.text


def _lasting(text: str, volatile: list[str]) -> str:
    for word in volatile:
        text = text.replace(word, "*").replace(quote(word, safe=""), "*")
    return _VOLATILE.sub("*", text)
