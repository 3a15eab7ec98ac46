"""From operations that an OpenAPI document describes to operations of a profile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.discovery.shapes import conventions
from harness.profile.draft import FILL_IN

if TYPE_CHECKING:
    from harness.discovery.openapi import BodyField, Described
    from harness.discovery.shapes import Rule

_EMPTY: Mapping[str, Any] = {"boolean": False, "integer": 0, "number": 0, "array": [], "object": {}}
_PASSWORD = re.compile(r".*(pass(word|wd|phrase)?|pwd|secret)\d?", re.IGNORECASE)
_PARAMETER = re.compile(r"\{([^{}/]+)\}")


@dataclass(frozen=True)
class Found:
    """An operation that a rule found, with the rule's named groups."""

    described: Described
    noted: Mapping[str, str]


def look_up(rules: Mapping[str, Sequence[Rule]], described: Sequence[Described]) -> dict[str, Found]:
    """For each name the operation that its first fitting rule finds.

    Of several the one with the shortest path.
    """
    return {name: found for name, some in rules.items() if (found := _first(some, described)) is not None}


def _first(rules: Sequence[Rule], described: Sequence[Described]) -> Found | None:
    for rule in rules:
        fitting = [found for one in described if (found := _fits(rule, one)) is not None]
        if fitting:
            return min(fitting, key=lambda found: (len(found.described.path), found.described.path))
    return None


def _fits(rule: Rule, described: Described) -> Found | None:
    path = re.search(rule.path, described.path, re.IGNORECASE)
    called = re.search(rule.called, described.called, re.IGNORECASE)
    if described.method != rule.method or path is None or called is None:
        return None
    names = [one.name for one in described.fields]
    if not all(any(re.fullmatch(wanted, name, re.IGNORECASE) for name in names) for wanted in rule.fields):
        return None
    return Found(described, {**path.groupdict(""), **called.groupdict("")})


def operation_table(name: str, described: Described, *, two_hosts: bool) -> tuple[dict[str, Any], list[str]]:
    """The profile's table for an operation, and sentences about its guesses."""
    path, guesses = profile_path(described.path)
    table: dict[str, Any] = {"method": described.method, "path": path}
    if described.base == "api" and two_hosts:
        table["base"] = "api"
    if described.body is not None:
        _, fields = described.body
        content = {one.name: _content(name, one, fields) for one in fields if _wanted(name, one, fields)}
        guesses += [
            f'what goes into the field "{one.name}"'
            for one in fields
            if one.name in content and conventions().placeholder(name, one.name) is None
        ]
        table |= body_table(described, content)
    return table, guesses


def body_table(described: Described, content: Mapping[str, Any]) -> dict[str, Any]:
    """The profile's ``json`` or ``form`` with that content.

    JSON is in the envelope that the document has.
    """
    if described.body is None:
        return {}
    encoding, _ = described.body
    if encoding == "form":
        return {encoding: {key: str(value) for key, value in content.items()}}
    return {encoding: enclosed(described.envelope, content)}


def enclosed(envelope: str | None, content: Mapping[str, Any]) -> dict[str, Any]:
    """A body's content, in its envelope where it has one."""
    return dict(content) if envelope is None else {envelope: dict(content)}


def profile_path(path: str) -> tuple[str, list[str]]:
    """A document's path as a profile writes it, and its guesses."""
    parameters = _PARAMETER.findall(path)
    unknown = [one for one in parameters if not re.fullmatch(conventions().resource.user, one, re.IGNORECASE)]
    guesses = [f"that the path's \"{one}\" is the person's id" for one in unknown]
    return _PARAMETER.sub("{user_id}", path), guesses


def _wanted(operation: str, field: BodyField, fields: Sequence[BodyField]) -> bool:
    placeholder = conventions().placeholder(operation, field.name)
    if placeholder is None:
        return field.required
    # Where an address is taken a user name is sent only if it must be.
    return field.required or not (placeholder == "{email}" and _is_beside(operation, field, fields))


def _content(operation: str, field: BodyField, fields: Sequence[BodyField]) -> Any:  # noqa: ANN401 - JSON is any
    beside = _is_beside(operation, field, fields)
    known = conventions().placeholder(operation, field.name, beside_email=beside)
    return known if known is not None else empty(field.kind)


def _is_beside(operation: str, field: BodyField, fields: Sequence[BodyField]) -> bool:
    """Whether another field, one that is called so, takes the address."""
    words = conventions()
    if words.placeholder(operation, field.name) == words.placeholder(operation, field.name, beside_email=True):
        return False
    return any(words.placeholder(operation, one.name, beside_email=True) == "{email}" for one in fields)


def is_password(name: str) -> bool:
    """Whether a field takes a password, by its name."""
    return _PASSWORD.fullmatch(name) is not None


def empty(kind: str) -> Any:  # noqa: ANN401 - JSON is any
    """Something of a JSON type to send where nothing better is known."""
    return _EMPTY.get(kind, FILL_IN)
