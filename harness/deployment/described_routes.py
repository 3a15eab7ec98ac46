"""The routes that a deployment's OpenAPI document describes, read leniently."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.core.exchange import NoAnswer
from harness.deployment.quotation import json_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.wire.client import Client

DOCUMENTS = ("/openapi.json", "/api/openapi.json")
"""Where frameworks serve such a document, below a base."""
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a route; ``place`` is ``path``, ``query``, ``header`` or ``cookie``."""

    name: str
    place: str
    required: bool


@dataclass(frozen=True)
class DescribedRoute:
    """An operation of the document, whose path is below its server."""

    method: str
    path: str
    prefix: str
    parameters: tuple[Parameter, ...]


def described_at(client: Client, who: str, base: str) -> tuple[str, list[DescribedRoute]]:
    """The address of the first document below a base, and its routes.

    An empty list where none describes any.
    """
    for path in DOCUMENTS:
        if found := list(_described(client, who, base + path)):
            return base + path, found
    return "", []


def _described(client: Client, who: str, url: str) -> Iterator[DescribedRoute]:
    try:
        answer = client.send(who, "GET", url, [("Accept", "application/json")])
    except NoAnswer:
        return
    root = json_of(answer) if answer.status == HTTPStatus.OK else None
    if not isinstance(root, dict) or not ("openapi" in root or "swagger" in root):
        return
    paths, prefix = root.get("paths"), _prefix(root)
    for path, methods in paths.items() if isinstance(paths, dict) else ():
        for method in _METHODS if isinstance(methods, dict) else ():
            if method in methods:
                said = (methods.get("parameters"), _table(methods[method]).get("parameters"))
                taken = tuple(_parameter(root, one) for some in said for one in _listed(some))
                yield DescribedRoute(method.upper(), str(path), prefix, taken)


def _prefix(root: dict[str, object]) -> str:
    """The path of the document's first server."""
    first = next(iter(_listed(root.get("servers"))), None)
    said = _table(first).get("url", root.get("basePath"))
    if not isinstance(said, str) or "{" in said:
        return ""
    try:
        return urlsplit(said).path.rstrip("/")
    except ValueError:
        return ""


def _parameter(root: dict[str, object], said: object) -> Parameter:
    """One parameter.

    What can't be understood is a header that has to be sent.
    """
    found = _table(said)
    reference = found.get("$ref")
    if isinstance(reference, str):
        found = root
        for name in reference.removeprefix("#/").split("/"):
            found = _table(found.get(name))
    return Parameter(
        str(found.get("name", "")),
        str(found.get("in", "header")),
        found.get("required", "name" not in found) is True,
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
