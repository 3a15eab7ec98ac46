"""Sending a guessed operation, corrected by what its answer asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.deployment.quotation import is_html
from harness.discovery.documented import enclosed
from harness.discovery.forms import read_page
from harness.discovery.shapes import conventions
from harness.discovery.trial.json_places import content_of, words_in
from harness.wire.addresses import origin_read, resolved

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.discovery.trial.visitor import Table, Visitor

_ROUNDS = 3
_INVALID = (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.UNSUPPORTED_MEDIA_TYPE)
_LISTS_OF_ERRORS = ("errors", "error")


def adapted(visitor: Visitor, name: str, operation: Table, **values: str) -> tuple[Table, Exchange | None]:
    """Carry out an operation, and again with missing fields.

    Returns the operation as it was sent last.
    """
    answer = visitor.send(operation, **values)
    for _ in range(_ROUNDS):
        better = _better(name, operation, answer)
        if better is None:
            break
        operation = better
        answer = visitor.send(operation, **values)
    return operation, answer


def _better(name: str, operation: Table, answer: Exchange | None) -> Table | None:
    """The operation with what the answer misses.

    None where it misses nothing that is known.
    """
    if answer is None or answer.status not in _INVALID or not {"json", "form"} & operation.keys():
        return None
    encoding = "json" if "json" in operation else "form"
    envelope, body = _opened(operation[encoding])
    named = list(dict.fromkeys(word for word in words_in(content_of(answer)) if word != "body"))
    beside = "{email}" in body.values()
    known = {word: conventions().placeholder(name, word, beside_email=beside) for word in named}
    missing = {word: value for word, value in known.items() if value is not None and word not in body}
    if missing:
        return {**operation, encoding: enclosed(envelope, {**body, **missing})}
    is_unread = answer.status == httpx.codes.UNSUPPORTED_MEDIA_TYPE or set(body) <= set(named)
    if is_unread and encoding == "json" and envelope is None:
        rest = {key: value for key, value in operation.items() if key != "json"}
        return {**rest, "form": {key: str(value) for key, value in body.items()}}
    return None


def _opened(body: Table) -> tuple[str | None, Table]:
    """What holds all of a body, and what is inside."""
    name, inside = next(iter(body.items()), ("", None))
    return (name, inside) if len(body) == 1 and isinstance(inside, dict) else (None, body)


def is_accepted(answer: Exchange | None, operation: Table) -> bool:
    """Whether an answer may be a success."""
    if answer is None:
        return False
    if httpx.codes.is_redirect(answer.status):
        there = resolved(answer.header("location") or "", answer.url)
        # Back to the form itself, which says why.
        return there is not None and urlsplit(there).path.rstrip("/") != str(operation["path"]).rstrip("/")
    if not httpx.codes.is_success(answer.status):
        return False
    if is_html(answer):
        return read_page(answer.text).asking_for_password is None
    content = content_of(answer)
    return not (isinstance(content, dict) and any(content.get(key) for key in _LISTS_OF_ERRORS))


def is_absent(answer: Exchange | None) -> bool:
    """Whether nothing is there."""
    return answer is None or answer.status in (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED)


def destination(answer: Exchange | None) -> str | None:
    """The path that an answer redirects to.

    None where it is no redirect, or one to another origin.
    """
    location = answer.header("location") if answer is not None else None
    if answer is None or location is None or not httpx.codes.is_redirect(answer.status):
        return None
    there = resolved(location, answer.url)
    is_here = there is not None and origin_read(there) == origin_read(answer.url)
    return urlsplit(there).path or "/" if there is not None and is_here else None
