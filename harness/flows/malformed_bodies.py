"""Bodies that are no JSON, or that make no sense."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Protocol

from harness.core.vocabulary import Vocabulary
from harness.deployment.template import instead, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.profile.operation import Json

_PLACEHOLDER = re.compile(r'"\{(\w+)\}"')
_MARK = "the-odd-value"
_DEPTH = 100_000
_DIGITS = 5_000


class Body(Protocol):
    """Makes the bodies that a word stands for."""

    def __call__(self, template: Json, values: Mapping[str, str], *, together: bool) -> Iterator[bytes]:
        """The bodies, for an operation that is sent such a template.

        ``together`` asks for one in which every field is wrong, instead of one for each field.
        """


def _whole(raw: bytes) -> Body:
    def bodies(template: Json, values: Mapping[str, str], *, together: bool) -> Iterator[bytes]:  # noqa: ARG001
        yield raw

    return bodies


def _for_texts(written: bytes) -> Body:
    """Bodies in which that stands in the place of a text."""

    def bodies(template: Json, values: Mapping[str, str], *, together: bool) -> Iterator[bytes]:
        names = list(dict.fromkeys(_PLACEHOLDER.findall(json.dumps(template))))
        for wrong in [names] if together else [[name] for name in names]:
            marked = render(instead(template, dict.fromkeys(wrong, _MARK)), values)
            yield json.dumps(marked).encode().replace(f'"{_MARK}"'.encode(), written)

    return bodies


BODIES: Vocabulary[Body] = Vocabulary(
    "malformed body",
    {
        "malformed JSON": _whole(b"{bad"),
        "empty": _whole(b""),
        "a list": _whole(b"[]"),
        "null": _whole(b"null"),
        "a number": _whole(b"1"),
        "a text": _whole(b'"x"'),
        "an object of no fields": _whole(b"{}"),
        "numbers for texts": _for_texts(b"1"),
        "lists for texts": _for_texts(b'["x"]'),
        "objects for texts": _for_texts(b'{"x": 1}'),
        "null for texts": _for_texts(b"null"),
        "bytes that are no UTF-8": _for_texts(b'"\xff\xfe\xc3"'),
        "100,000 brackets": _whole(b"[" * _DEPTH),
        "a number of 5000 digits": _for_texts(b"1" * _DIGITS),
        "a NUL character": _for_texts(rb'"a\u0000b"'),
        "a lone surrogate": _for_texts(rb'"a\ud800b"'),
        "NaN": _for_texts(b"NaN"),
        "Infinity": _for_texts(b"Infinity"),
    },
)
"""The bodies that each word stands for."""
