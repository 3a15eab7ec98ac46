"""The operations of an OpenAPI document, read leniently.

A malformed document yields less, and no error.

OpenAPI 3.0 and 3.1, and Swagger 2.0 as far as they agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin, urlsplit

from harness.core.exchange import origin_of
from harness.discovery.schemas import LONGEST_NAME, MOST_FIELDS, Table, kind_of, properties, resolve, table
from harness.profile.toml.strings import BareCookieName, HeaderName, takes
from harness.wire.cookies import bare_name

if TYPE_CHECKING:
    from harness.discovery.asker import Addresses
    from harness.profile.operation import Base

Encoding = Literal["json", "form"]

_METHODS = ("get", "post", "put", "patch", "delete")
_MOST_PATHS = 1_000
_LONGEST_TEXT = 200
_JSON_TYPES = {"integer": "integer", "float": "number", "decimal": "number", "boolean": "boolean", "list": "array"}
_ENCODINGS: Mapping[str, Encoding] = {
    "application/json": "json",
    "application/x-www-form-urlencoded": "form",
}


@dataclass(frozen=True)
class BodyField:
    """A field of a request body; ``kind`` is its JSON type."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True)
class Scheme:
    """How an operation says that it is secured.

    ``name`` is the cookie's or header's.
    """

    kind: Literal["bearer", "cookie", "header", "other"]
    name: str = ""
    is_jwt: bool = False


@dataclass(frozen=True)
class Described:
    """An operation as the document at the URL ``document`` describes it.

    ``path`` is below the base, with ``{parameters}``; ``called`` is the operation's id, a space and its summary.
    """

    base: Base
    document: str
    method: str
    path: str
    called: str
    root: Table = field(repr=False, compare=False)
    operation: Table = field(repr=False, compare=False)

    @cached_property
    def body(self) -> tuple[Encoding, tuple[BodyField, ...]] | None:
        """How the body is encoded and its fields.

        None where it takes none that is understood.
        """
        if self._taken is None:
            return None
        return self._taken[0], self._fields(self._opened[1])

    @cached_property
    def _taken(self) -> tuple[Encoding, object] | None:
        """How the body is encoded, and its schema."""
        content = table(resolve(self.root, self.operation.get("requestBody")).get("content"))
        for media, encoding in _ENCODINGS.items():
            if media in content:
                return encoding, table(content[media]).get("schema")
        parameters = self.operation.get("parameters")
        for parameter in parameters if isinstance(parameters, list) else []:
            if table(parameter).get("in") == "body":  # Swagger 2.0
                return "json", parameter.get("schema")
        return None

    @property
    def fields(self) -> tuple[BodyField, ...]:
        """The fields of the body."""
        return self.body[1] if self.body else ()

    @cached_property
    def envelope(self) -> str | None:
        """The property that holds all fields, as in ``{"user": {...}}``.

        None where they stand by themselves.
        """
        return self._opened[0]

    @cached_property
    def _opened(self) -> tuple[str | None, Table]:
        """What holds all of the body, and the schema inside."""
        resolved = resolve(self.root, self._taken[1] if self._taken is not None else None)
        inside = properties(self.root, resolved)
        if len(inside) == 1 and kind_of(inside[0][1]) == "object" and properties(self.root, inside[0][1]):
            return inside[0]
        return None, resolved

    def _fields(self, resolved: Table) -> tuple[BodyField, ...]:
        required = resolved.get("required")
        needed = required if isinstance(required, list) else []
        return tuple(
            BodyField(name, kind_of(inner), name in needed and "default" not in inner)
            for name, inner in properties(self.root, resolved)
            if inner.get("readOnly") is not True
        )

    @cached_property
    def schemes(self) -> tuple[Scheme, ...]:
        """How it is secured; none where anybody may ask."""
        needs = self.operation.get("security", self.root.get("security"))
        if not isinstance(needs, list) or {} in needs:
            return ()
        components = table(self.root.get("components"))
        known = table(components.get("securitySchemes", self.root.get("securityDefinitions")))
        names = [name for need in needs[:MOST_FIELDS] for name in table(need)]
        return tuple(_scheme(resolve(self.root, known.get(name))) for name in names[:MOST_FIELDS])

    @property
    def is_page(self) -> bool:
        """Whether a browser can open it as a page."""
        media = [name for answer in self._good_answers for name in table(answer.get("content"))]
        return self.method == "GET" and "{" not in self.path and any("html" in one for one in media)

    @property
    def _good_answers(self) -> list[Table]:
        answers = table(self.operation.get("responses"))
        return [resolve(self.root, answers[one]) for one in sorted(answers) if one.startswith("2")]

    @cached_property
    def answer(self) -> Table:
        """The schema of a good answer's JSON, empty where there is none."""
        for answer in self._good_answers:
            content = table(answer.get("content")).get("application/json", answer)
            if schema := resolve(self.root, table(content).get("schema")):
                return schema
        return {}


def _scheme(scheme: Table) -> Scheme:
    kind, place, word = (str(scheme.get(key, "")).lower() for key in ("type", "in", "scheme"))
    if kind in ("oauth2", "openidconnect") or word == "bearer":
        return Scheme("bearer", is_jwt="jwt" in str(scheme.get("bearerFormat", "")).lower())
    name = str(scheme.get("name", ""))[:LONGEST_NAME]
    if kind == "apikey" and place == "cookie" and takes(BareCookieName, bare_name(name)):
        return Scheme("cookie", bare_name(name))
    if kind == "apikey" and place == "header" and takes(HeaderName, name):
        return Scheme("header", name)
    return Scheme("other")


def parsed(text: str) -> object:
    """JSON, or None for anything else, however deep or strange."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read(document: object, addresses: Addresses, base: Base, url: str) -> list[Described]:
    """Every operation that the document at ``url`` on ``base`` describes.

    None for what is no OpenAPI document.
    """
    root = table(document)
    if not isinstance(root.get("openapi", root.get("swagger")), str):
        return []
    base, prefix = _server(root, addresses, base, url)
    return [
        Described(base, url, method.upper(), prefix + path, _called(operation), root, operation)
        for path, methods in list(table(root.get("paths")).items())[:_MOST_PATHS]
        if re.fullmatch(r"/[!\"$-~]*", prefix + path) and len(prefix + path) <= _LONGEST_TEXT
        for method in _METHODS
        if (operation := table(table(methods).get(method)))
    ]


def _called(operation: Table) -> str:
    texts = [operation.get(key) for key in ("operationId", "summary")]
    return " ".join(text[:_LONGEST_TEXT] for text in texts if isinstance(text, str))


def _server(root: Table, addresses: Addresses, base: Base, url: str) -> tuple[Base, str]:
    """The base that the paths are on, and the prefix of each."""
    servers = root.get("servers")
    first = table(servers[0]).get("url") if isinstance(servers, list) and servers else root.get("basePath")
    if not isinstance(first, str) or "{" in first:
        return base, ""
    try:
        server = urljoin(url, first)
        origin, path = origin_of(server), urlsplit(server).path.rstrip("/")
    except ValueError:
        return base, ""
    # A server that is neither is where it was meant to run; the document was found here.
    for other in addresses.bases:
        base = other if origin == origin_of(addresses.of(other)) != origin_of(addresses.of(base)) else base
    return base, path.removeprefix(urlsplit(addresses.of(base)).path)


def from_metadata(answer: object, base: Base, url: str, path: str) -> list[Described]:
    """The POST that an answer to OPTIONS describes, if any."""
    actions = table(table(answer).get("actions"))
    fields = {name: table(one) for name, one in table(actions.get("POST")).items()}
    taken = {name: one for name, one in fields.items() if one.get("read_only") is not True}
    if not taken:
        return []
    schema = {
        "properties": {
            name: {"type": _JSON_TYPES.get(str(one.get("type")), "string")} for name, one in taken.items()
        },
        "required": [name for name, one in taken.items() if one.get("required") is True],
    }
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    return [Described(base, url, "POST", path, "", {}, operation)]
