"""What in a profile speaks of something else: placeholders, variables, operations, credentials."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from harness.core.text import closest, listed
from harness.profile.operations import PLACEHOLDERS, WITHOUT_CREDENTIAL, Operations
from harness.profile.toml.location import KeyPath, holds, value_at
from harness.profile.toml.problems import Problem, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.profile.toml.location import Content

_SECTIONS = ("operations", "tasks", "proxy")
_TEMPLATES = ("path", "query", "json", "form", "headers")
_NEVER_READ: tuple[KeyPath, ...] = (("pages", "after_sign_out"), ("jwt", "identity_claims"))
"""Keys that profiles had before version 1."""
_OF_ADDRESSES = ("local", "domain")
_OF_FIELDS = ("name", "email", "password", "username")
_ADDRESS: KeyPath = ("people", "email")
_EMAIL = re.compile(r"[^\s@{}]+@[^\s@{}]+")
_PLACEHOLDER = re.compile(r"\{(?:env:(?P<variable>\w+)|(?P<name>\w+))\}")


def dangling(content: Content) -> list[Problem]:
    """Everything that speaks of what is not there.

    The tables need not be valid otherwise.
    """
    return [
        *_gone(content),
        *_placeholders(content),
        *_fields(content),
        *_addresses(content),
        *_issuers(content),
        *_credentials(content),
        *_tokens_for_themselves(content),
    ]


def _gone(content: Content) -> Iterator[Problem]:
    for path in _NEVER_READ:
        if holds(content, path):
            yield Problem(path, f"{dotted(path)} is no key any more, for nothing read it; remove this line")


def _operations(content: Content) -> Iterator[KeyPath]:
    for section in _SECTIONS:
        held = content.get(section)
        if isinstance(held, dict):
            yield from ((section, name) for name, value in held.items() if isinstance(value, dict))
            yield from _numbered((section, "more"), held.get("more"))
    for place in _numbered(("resources",), content.get("resources")):
        yield from _numbered((*place, "routes"), value_at(content, (*place, "routes")))


def _numbered(path: KeyPath, value: object) -> Iterator[KeyPath]:
    if isinstance(value, list):
        yield from ((*path, index) for index, one in enumerate(value) if isinstance(one, dict))


def _placeholders(content: Content) -> Iterator[Problem]:
    for operation in _operations(content):
        for template in _TEMPLATES:
            path = (*operation, template)
            for place, text in _texts(path, value_at(content, path)):
                yield from _unfilled(place, text, PLACEHOLDERS)


def _fields(content: Content) -> Iterator[Problem]:
    path = ("pages", "fields")
    fields = value_at(content, path)
    for place, field in enumerate(fields) if isinstance(fields, list) else [(None, fields)]:
        below: KeyPath = (*path, "fill") if place is None else (*path, place, "fill")
        for at, text in _texts(below, field.get("fill") if isinstance(field, dict) else None):
            yield from _unfilled(at, text, _OF_FIELDS)


def _addresses(content: Content) -> Iterator[Problem]:
    text = value_at(content, _ADDRESS)
    if not isinstance(text, str):
        return
    yield from _unfilled(_ADDRESS, text, _OF_ADDRESSES)
    if "{local}" not in text:
        sentence = 'people.email gives everybody the same address; write `email = "{local}@{domain}"`'
        yield Problem(_ADDRESS, sentence)
    if not _EMAIL.fullmatch(_PLACEHOLDER.sub("x", text)):
        yield Problem(_ADDRESS, 'people.email is not an address; write one such as `email = "{local}@{domain}"`')


def _texts(path: KeyPath, template: object) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(template, str):
        yield path, template
    elif isinstance(template, dict):
        for key, value in template.items():
            yield from _texts((*path, key), value)
    elif isinstance(template, list):
        for place, value in enumerate(template):
            yield from _texts((*path, place), value)


def _unfilled(path: KeyPath, text: str, known: tuple[str, ...]) -> Iterator[Problem]:
    for found in _PLACEHOLDER.finditer(text):
        variable, name = found["variable"], found["name"]
        if variable is not None and not os.environ.get(variable):
            sentence = (
                f"asks for the environment variable {variable}, which is not set; run `export {variable}=...`"
            )
            yield Problem(path, f"{dotted(path)} {sentence}")
        elif name is not None and name not in known:
            meant = closest(name, known)
            there = listed((f"{{{word}}}" for word in known), "and")
            advice = f"write {{{meant}}}; there are {there}" if meant is not None else f"there are {there}"
            yield Problem(path, f"{dotted(path)} asks for {{{name}}}, which is not known; {advice}")


def _issuers(content: Content) -> Iterator[Problem]:
    declared = [name for name in Operations.model_fields if holds(content, ("operations", name))]
    for credential in ("token", "refresh"):
        path = ("credentials", credential, "issued_by")
        issuer = value_at(content, path)
        if isinstance(issuer, str) and issuer not in declared:
            meant = closest(issuer, declared) or "sign_in"
            there = f"there are {listed(declared, 'and')}" if declared else "there is none"
            yield Problem(
                path,
                f'{dotted(path)} names no operation of this profile; write `issued_by = "{meant}"` ({there})',
            )


def _credentials(content: Content) -> Iterator[Problem]:
    if holds(content, ("credentials", "token")):
        return
    sections = [*((section,) for section in _SECTIONS), *_numbered(("resources",), content.get("resources"))]
    places = [*_operations(content), *sections]
    for place in places:
        path = (*place, "credential")
        if value_at(content, path) == "token":
            yield Problem(
                path,
                f"{dotted(path)} speaks of an access token, and this profile has none; "
                'write `credential = "session"`, or describe the token in [credentials.token]',
            )


def _tokens_for_themselves(content: Content) -> Iterator[Problem]:
    issuer = value_at(content, ("credentials", "token", "issued_by"))
    path = ("operations", issuer, "credential")
    if isinstance(issuer, str) and value_at(content, path) == "token":
        usual = "none" if issuer in WITHOUT_CREDENTIAL else "session"
        yield Problem(
            path,
            f'{dotted(path)} asks for the token that this very operation issues; write `credential = "{usual}"`',
        )
