"""Which operation or page of the profile an exchange is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.profile.operations import Operations
from harness.profile.tasks import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.profile.operation import Operation
    from harness.profile.target import Target

_PLACEHOLDER = re.compile(r"\\\{[\w:]+\\\}")


@dataclass(frozen=True)
class Declared:
    """A place of the profile, such as ``operations.sign_in``.

    ``operation`` is None for a page. ``credential`` is what opens it.
    """

    place: str
    method: str
    address: re.Pattern[str]
    operation: Operation | None = None
    credential: str | None = None

    def is_of(self, exchange: Exchange) -> bool:
        """Whether the exchange is a request to it."""
        return exchange.method == self.method and self.address.fullmatch(exchange.url) is not None


class Recognition:
    """Finds the places of a profile that requests are for."""

    def __init__(self, target: Target) -> None:
        self.declared = [*_operations(target), *_pages(target)]

    def of(self, exchange: Exchange) -> tuple[Declared, ...]:
        """Each place that a request is for; two may share an address."""
        return tuple(one for one in self.declared if one.is_of(exchange))


def _operations(target: Target) -> Iterator[Declared]:
    profile = target.profile
    for name in Operations.model_fields:
        operation: Operation | None = getattr(profile.operations, name)
        if operation is not None:
            address = _address(target.url(operation.base, operation.path))
            yield Declared(f"operations.{name}", operation.method, address, operation, operation.credential)
    for section, tasks in (("tasks", profile.tasks), ("proxy", profile.proxy)):
        for verb in VERBS if tasks is not None else ():
            if tasks is not None and (operation := getattr(tasks, verb)) is not None:
                address = _address(target.url(tasks.base, operation.path))
                yield Declared(f"{section}.{verb}", operation.method, address, operation, tasks.credential)
    for route in profile.further_routes:
        address = _address(target.url(route.base, route.operation.path))
        yield Declared(route.place, route.operation.method, address, route.operation, route.credential)


def _pages(target: Target) -> Iterator[Declared]:
    pages = target.profile.pages
    if pages is None:
        return
    named = [("pages.sign_in", pages.sign_in), *(("pages.protected", path) for path in pages.protected)]
    for place, path in [*named, *([("pages.sign_up", pages.sign_up)] if pages.sign_up else [])]:
        yield Declared(place, "GET", _address(target.url("web", path)))


def _address(template: str) -> re.Pattern[str]:
    path = _PLACEHOLDER.sub("[^/?#]+", re.escape(template))
    return re.compile(path + r"(?:\?.*)?")
