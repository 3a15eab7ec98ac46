"""What must be the same in a response to reproduce a finding.

It is more than its status.

A session that lives on and one that is dead may both be answered 200, so the script looks for whose address and
whose canaries are in the answer, at the headers that requirements speak of, and at the cookies that it sets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from harness.core.redaction import redact
from harness.evidence.repro.quotes import quoted
from harness.evidence.repro.values import Expression, Piece, Variable, word_of

if TYPE_CHECKING:
    from harness.core.exchange import Exchange

_HEADERS = (
    "Location",
    "Cache-Control",
    "Expires",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
)
_VOLATILE = re.compile(r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}|\d{2}:\d{2}:\d{2}")
"""What differs from run to run in a header: a token, a time."""
_VALUE = re.compile(r"^([^=;]*)=[^;][^;]*")
_END = re.compile(r"; *expires=[^;]*", re.IGNORECASE)
_AGE = re.compile(r"; *max-age=[1-9][0-9]*", re.IGNORECASE)


def checks(exchange: Exchange, known: Sequence[Variable], asked: Sequence[Exchange]) -> Iterator[str]:
    """Commands that compare an answer with the recorded one.

    ``known`` are the variables that are set by then, ``asked`` the exchanges of the script up to this one.
    """
    for variable in known:
        command = "holds" if variable.value in exchange.everything else "lacks"
        # That a secret of the suite's is missing says nothing: no answer should hold it.
        if variable.is_drawn and (command == "holds" or not variable.is_secret):
            yield f'{command} {quoted(described(variable))} "${variable.name}"'
    for text in sorted(_granted(exchange, known, asked)):
        yield f"holds {quoted(text)} {quoted(text)}"
    for name in _HEADERS:
        value = ", ".join(exchange.all_headers(name))
        pieces = _known_in(value, known)
        if not any(isinstance(piece, str) and _VOLATILE.search(piece) for piece in pieces):
            yield f"same_header {quoted(name)} {word_for(value, known)}"
    yield f"same_cookies {quoted(cookies_set(exchange))}"


def word_for(text: str, known: Sequence[Variable]) -> str:
    """The shell word for a text with variables in it."""
    return word_of(Expression(_known_in(text, known)).spelled())


def described(variable: Variable) -> str:
    """What a variable is, in words."""
    return variable.name.replace("_", " ")


def _granted(exchange: Exchange, known: Sequence[Variable], asked: Sequence[Exchange]) -> set[str]:
    """Fields of the response that repeat what a request asked for."""
    pairs = {pair for one in asked for pair in _fields(one.request_body)}
    texts = (
        found[0]
        for name, value in pairs
        if (found := re.search(rf"{re.escape(name)}\s*:\s*{re.escape(value)}", exchange.text)) is not None
    )
    return {text for text in texts if len(_known_in(text, known)) == 1 and redact(text) == text}


def _fields(body: bytes) -> Iterator[tuple[str, str]]:
    """The plain fields of a JSON object, name and value as JSON."""
    try:
        content = json.loads(body)
    except ValueError:
        return
    for name, value in content.items() if isinstance(content, dict) else ():
        if value is not None and not isinstance(value, dict | list):
            yield json.dumps(name), json.dumps(value)


def cookies_set(exchange: Exchange) -> str:
    """The cookies that the response sets, without values and times.

    One a line, as ``cookies`` in functions.sh writes them.
    """
    lines = [_AGE.sub("", _END.sub("", _VALUE.sub(r"\1=*", cookie))) for cookie in exchange.set_cookies]
    return redact("\n".join(sorted(lines)))


def _known_in(text: str, known: Sequence[Variable]) -> list[Piece]:
    values = {variable.value: variable for variable in known if len(variable.value) >= len("http://a")}
    if not values:
        return [text]
    longest_first = sorted(values, key=len, reverse=True)
    parts = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text)
    return [values.get(part, part) for part in parts]
