"""Routes by which a caller may look up users."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from harness.core.exchange import is_safe
from harness.deployment.described_routes import described_at
from harness.profile.lookups import MOST_LOOKUPS
from harness.profile.operation import Operation
from harness.profile.resources import shape_of
from harness.profile.toml.strings import Path, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.deployment.deployment import Deployment
    from harness.deployment.described_routes import DescribedRoute, Parameter
    from harness.profile.operation import Base

_OF_USERS = r"users?|accounts?|members?|people|persons?|profiles?|customers?"
_EMAIL = re.compile(r"e?_?mail(_?addr(ess)?)?", re.IGNORECASE)
_USER_ID = re.compile(rf"({_OF_USERS}|owner)_?(id|uuid|pk)", re.IGNORECASE)
_ID = re.compile(r"id|uuid|pk", re.IGNORECASE)
_SEGMENT = re.compile(rf"\b({_OF_USERS})\b", re.IGNORECASE)
_ACTS = re.compile(
    r"\b(sign|log)[-_]?(in|out|off|up)\b|register|delete|remove|revoke|reset|verify|confirm|activate|callback|"
    r"authori[sz]e|unsubscribe|refresh|rotate|impersonate|stream|events",
    re.IGNORECASE,
)
"""Paths of what may do something though it is a GET, or never end."""


@dataclass(frozen=True)
class LookupRoute:
    """A GET that may tell about users; ``path`` has `{email}` and `{user_id}`."""

    place: str
    """Where it was said, such as ``user_lookups[0]``."""
    base: Base
    path: str

    @property
    def takes_address(self) -> bool:
        """Whether it is asked about somebody's address."""
        return "{email}" in self.path

    @property
    def operation(self) -> Operation:
        """What is asked, as the profile would have it."""
        accepted = {"Accept": "application/json, text/html;q=0.9"}
        return Operation(method="GET", path=self.path, base=self.base, headers=accepted)


def lookup_routes(deployment: Deployment) -> list[LookupRoute]:
    """Those that the profile names, then those that OpenAPI documents describe.

    No operation of the profile is among the latter. Routes whose path names users come first, and what is too many
    is left out.
    """
    target = deployment.target
    named = [
        LookupRoute(f"user_lookups[{index}]", base, path)
        for index, path in enumerate(target.profile.user_lookups)
        for base in target.distinct_bases
    ]
    declared = {
        shape_of(operation.path) for _, operation in target.profile.every_operation() if is_safe(operation.method)
    }
    described = [route for base in target.distinct_bases for route in _described(deployment, base, declared)]
    described.sort(key=lambda route: _SEGMENT.search(route.path) is None)
    found = {(one.base, one.path): one for one in reversed([*named, *described])}
    return list(reversed(found.values()))[: max(MOST_LOOKUPS, len(named))]


def _described(deployment: Deployment, base: Base, declared: set[str]) -> Iterator[LookupRoute]:
    address = deployment.target.address(base)
    url, routes = described_at(deployment.client, "the suite", address)
    for route in routes:
        path = route.prefix.removeprefix(urlsplit(address).path) + route.path
        if route.method == "GET" and shape_of(path) not in declared and not _ACTS.search(path):
            yield from (LookupRoute(url, base, filled) for filled in _filled(path, route))


def _filled(path: str, route: DescribedRoute) -> Iterator[str]:
    """The path as it is asked for.

    None where it needs what is not known.
    """
    for name in re.findall(r"\{([^{}]*)\}", path):
        before = path.partition(f"{{{name}}}")[0]
        if (known := _placeholder(name, before)) is None:
            return
        path = path.replace(f"{{{name}}}", known)
    if not takes(Path, path) or not path.isascii():
        return
    needed = [one for one in route.parameters if one.required and one.place != "path"]
    if any(_parameter(one) is None for one in needed):
        return
    if not needed:
        yield path
    optional = [one for one in route.parameters if not one.required and one.place == "query"]
    by_address = [one for one in (*needed, *optional) if _parameter(one) is not None]
    if by_address:
        asked = "&".join(f"{quote(one.name, safe='')}={_parameter(one)}" for one in by_address)
        yield f"{path}?{asked}"


def _placeholder(name: str, before: str) -> str | None:
    """What the profile calls a parameter, if it is a user's."""
    if _EMAIL.fullmatch(name):
        return "{email}"
    segment = before.rstrip("/").rpartition("/")[2]
    of_user = _ID.fullmatch(name) and re.fullmatch(_OF_USERS, segment, re.IGNORECASE)
    return "{user_id}" if of_user or _USER_ID.fullmatch(name) else None


def _parameter(parameter: Parameter) -> str | None:
    if parameter.place != "query":
        return None
    return _placeholder(parameter.name, "")
