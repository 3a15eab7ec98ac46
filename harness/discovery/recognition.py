"""Which known shape a deployment has.

Known by its answers to harmless requests and by what it documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from harness.core.exchange import origin_of
from harness.deployment.answer import matches, text_at
from harness.discovery.documentation_pages import named_documents
from harness.discovery.documented import Found, look_up
from harness.discovery.openapi import Described, from_metadata, parsed, read
from harness.discovery.shapes import Question, Shape, conventions, known_shapes
from harness.wire.cookies import bare_name, parse_set_cookie

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.discovery.asker import Addresses, Asker
    from harness.profile.operation import Base

_TWINS = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}
_LONGEST_NOTE = 100
_JSON = (("Accept", "application/json"),)


@dataclass
class Recognition:
    """A shape, how far a deployment fits it, and the evidence.

    ``holds`` has every question, whether asked or not; ``noted`` is what was taken from answers and documents.
    """

    shape: Shape
    base: Base
    holds: dict[str, bool]
    found: Mapping[str, Found]
    noted: dict[str, str] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)


def other_loopback(origin: str) -> str:
    """The same address under loopback's other name.

    The origin itself where it is not loopback.
    """
    parts = urlsplit(origin)
    host = _TWINS.get(parts.hostname or "")
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(parts.hostname or "", host))) if host else origin


def read_documents(asker: Asker) -> list[Described]:
    """Every operation of the OpenAPI documents, the first on each base."""
    return [one for base in asker.addresses.bases for one in _first_document(asker, base)]


def _first_document(asker: Asker, base: Base) -> list[Described]:
    """The operations of the first document.

    At a usual path, or where a page of documentation says it is.
    """
    for path in chain(conventions().paths.openapi, named_documents(asker, base)):
        answer = asker.ask(base, "GET", path, _JSON)
        if answer is None or answer.status != HTTPStatus.OK:
            continue
        if some := read(parsed(answer.text), asker.addresses, base, answer.url):
            return some
    return []


def recognise(asker: Asker, described: Sequence[Described]) -> list[Recognition]:
    """The shapes that the deployment has, the telling one first.

    Never none, for the last shape fits all.
    """
    recognised: list[Recognition] = []
    for shape in known_shapes():
        tried = (_try(shape, base, asker, described) for base in asker.addresses.bases)
        if (recognition := next((one for one in tried if one is not None), None)) is not None:
            if not recognised:
                _ask_further(recognition, asker)
            recognised.append(recognition)
    return recognised


def _try(shape: Shape, base: Base, asker: Asker, described: Sequence[Described]) -> Recognition | None:
    recognition = Recognition(shape, base, dict.fromkeys(shape.questions, False), {})
    needed = [name for name in shape.recognised_by if name in shape.questions]
    if not all(_ask(recognition, name, asker) for name in needed):
        return None
    recognition.found = look_up(shape.documented, [*described, *_metadata(shape, base, asker)])
    if not all(name in recognition.found for name in shape.recognised_by if name not in shape.questions):
        return None
    for found in recognition.found.values():
        recognition.noted |= {key: value[:_LONGEST_NOTE] for key, value in found.noted.items()}
    return recognition


def _ask_further(recognition: Recognition, asker: Asker) -> None:
    for name in recognition.shape.questions:
        if name not in recognition.shape.recognised_by:
            _ask(recognition, name, asker)


def _metadata(shape: Shape, base: Base, asker: Asker) -> list[Described]:
    answers = [(path, asker.ask(base, "OPTIONS", path, _JSON)) for path in shape.metadata]
    return [
        described
        for path, answer in answers
        if answer is not None
        for described in from_metadata(parsed(answer.text), base, answer.url, path)
    ]


def _ask(recognition: Recognition, name: str, asker: Asker) -> bool:
    question = recognition.shape.questions[name]
    if question.unless is not None and recognition.holds[question.unless]:
        return False
    answer = _answer(question, recognition.base, asker)
    if answer is None:
        return False
    try:
        taken = _taken(question, answer) if matches(question.answer, answer) else None
    except RecursionError:  # JSON of thousands of levels
        return False
    if taken is not None:
        recognition.holds[name] = True
        recognition.evidence.append(f"{question.method} {answer.url} answered {answer.status}")
        recognition.noted |= taken
    return recognition.holds[name]


def _answer(question: Question, base: Base, asker: Asker) -> Exchange | None:
    headers = [*_JSON, *((name, _filled(value, asker.addresses)) for name, value in question.headers.items())]
    body = None
    if question.body is not None:
        headers.append(("Content-Type", "application/json"))
        body = json.dumps(question.body).encode()
    return asker.ask(base, question.method, question.path, tuple(headers), body)


def _filled(value: str, addresses: Addresses) -> str:
    origin = origin_of(addresses.web)
    return value.replace("{origin}", origin).replace("{other_loopback}", other_loopback(origin))


def _taken(question: Question, answer: Exchange) -> dict[str, str]:
    taken = {name: found for name, pointer in question.take.items() if (found := text_at(answer, pointer))}
    cookies = [bare_name(cookie.name) for raw in answer.set_cookies if (cookie := parse_set_cookie(raw))]
    for name, wanted in question.take_cookie.items():
        if fitting := [one for one in cookies if re.fullmatch(wanted, one)]:
            taken[name] = fitting[0]
    return {name: value[:_LONGEST_NOTE] for name, value in taken.items()}
