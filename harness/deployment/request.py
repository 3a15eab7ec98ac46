"""Carrying out one operation of the profile, and telling apart what its answer means."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from harness.core.findings import NotTested
from harness.core.provenance import Given, made
from harness.core.redaction import register
from harness.profile.custom import Request
from harness.wire.cookies import cookie_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange
    from harness.profile.operation import Operation
    from harness.profile.target import Target
    from harness.wire.client import Client

_PLACEHOLDER = re.compile(r"\{(\w+|env:\w+)\}")

_OF_PEOPLE = re.compile(r"\{\w+\}")
"""A placeholder that is no environment variable's."""

_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Credential:
    """A frozen credential: what a request carries to say who it is. Never a live jar."""

    label: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    proven: bool = False
    """Whether the CSRF token is in it."""

    @property
    def carried(self) -> dict[str, str]:
        """Cookies, headers, query and body fields by name: whatever says who it is."""
        return {**self.cookies, **dict(self.headers), **self.query, **self.body}

    def with_value(self, old: str, new: str, label: str) -> Credential:
        """The same with another value where ``old`` stood."""
        return replace(
            self,
            label=label,
            cookies={name: value.replace(old, new) for name, value in self.cookies.items()},
            headers=tuple((name, value.replace(old, new)) for name, value in self.headers),
            query={name: value.replace(old, new) for name, value in self.query.items()},
            body={name: value.replace(old, new) for name, value in self.body.items()},
        )

    def with_proof(
        self, *, headers: tuple[tuple[str, str], ...] = (), body: Mapping[str, str] | None = None
    ) -> Credential:
        """The same, with what shows that the deployment's own page sends it (the CSRF token)."""
        return replace(self, headers=(*self.headers, *headers), body={**self.body, **(body or {})}, proven=True)


NOBODY = Credential("no credential")


@dataclass(frozen=True)
class Spoiling:
    """What an attack adds to an otherwise ordinary request.

    ``body`` is added to the body, ``beside`` to those objects in it that tell of a person or task: where they
    stand in an envelope, no deployment looks outside. ``origin`` replaces the page's own Origin header;
    ``content_type`` and ``raw_body`` replace the JSON; ``left_out`` are placeholders whose fields are not sent.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    origin: str | None = None
    content_type: str | None = None
    raw_body: bytes | None = None
    left_out: tuple[str, ...] = ()


UNSPOILT = Spoiling()


def perform(
    target: Target,
    client: Client,
    who: str,
    operation: Operation,
    values: Mapping[str, str],
    credential: Credential = NOBODY,
    spoiling: Spoiling = UNSPOILT,
) -> Exchange:
    """Send ``operation`` with its templates filled from ``values``, as a browser would have sent it."""
    url = target.url(operation.base, render(operation.path, {k: quote(v, safe="") for k, v in values.items()}))
    asked = _without(operation.query, spoiling.left_out)
    query = {**render(asked, values), **credential.query, **spoiling.query}
    if query:
        url += "?" + urlencode(query)
    headers, body = _content(operation, values, credential, spoiling)
    headers += [(name, render(value, values)) for name, value in operation.headers.items()]
    headers += credential.headers
    cookies = {**credential.cookies, **_cookies_in(spoiling)}
    if cookies:
        headers.append(("Cookie", cookie_header(cookies)))
    if operation.method not in _READING and (cookies or operation.base == "web"):
        headers.append(("Origin", spoiling.origin or target.origin))
    elif spoiling.origin:
        headers.append(("Origin", spoiling.origin))
    headers += [(name, value) for name, value in spoiling.headers if name.lower() != "cookie"]
    request = target.custom.prepare(operation, Request(operation.method, url, tuple(headers), body))
    return client.send(who, request.method, request.url, request.headers, request.body)


def _content(
    operation: Operation, values: Mapping[str, str], credential: Credential, spoiling: Spoiling
) -> tuple[list[tuple[str, str]], bytes | None]:
    if spoiling.raw_body is not None:
        content_type = spoiling.content_type
        return ([("Content-Type", content_type)] if content_type else []), spoiling.raw_body
    if operation.form is not None:
        template = _without(operation.form, spoiling.left_out)
        form = {**render(template, values), **credential.body, **spoiling.beside, **spoiling.body}
        return [("Content-Type", "application/x-www-form-urlencoded")], urlencode(form).encode()
    if operation.body is not None or (credential.body and operation.method not in _READING):
        template = _without(operation.body or {}, spoiling.left_out)
        filled = render(_enveloping(template, spoiling.beside), values)
        filled = {**filled, **credential.body, **spoiling.body}
        return [("Content-Type", "application/json")], json.dumps(filled).encode()
    return [], None


def _enveloping(template: Mapping[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
    """The template with ``beside`` in each object that holds a placeholder itself; at the top where none does."""
    return _widened(template, beside) if _OF_PEOPLE.search(json.dumps(template)) else {**template, **beside}


def _widened(template: Any, beside: Mapping[str, Any]) -> Any:  # noqa: ANN401 - mirrors the template's shape
    if isinstance(template, list):
        return [_widened(value, beside) for value in template]
    if not isinstance(template, dict):
        return template
    widened = {key: _widened(value, beside) for key, value in template.items()}
    holds_one = any(isinstance(value, str) and _OF_PEOPLE.search(value) for value in template.values())
    return {**widened, **beside} if holds_one else widened


def _without(template: Any, placeholders: tuple[str, ...]) -> Any:  # noqa: ANN401 - mirrors the template's shape
    """A copy of ``template`` without the keys whose text asks for one of the placeholders."""
    if not isinstance(template, dict):
        return template
    asking = tuple(f"{{{name}}}" for name in placeholders)
    return {
        key: _without(value, placeholders)
        for key, value in template.items()
        if not (isinstance(value, str) and any(word in value for word in asking))
    }


def _cookies_in(spoiling: Spoiling) -> dict[str, str]:
    return dict(value.split("=", 1) for name, value in spoiling.headers if name.lower() == "cookie")


def render(template: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - mirrors the template's shape
    """A copy of ``template`` with ``{name}`` in every string replaced from ``values``."""
    if isinstance(template, dict):
        return {key: render(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [render(value, values) for value in template]
    if isinstance(template, str):
        return _PLACEHOLDER.sub(lambda found: _value(found[1], values), template)
    return template


def _value(name: str, values: Mapping[str, str]) -> str:
    if name.startswith("env:"):
        variable = name.removeprefix("env:")
        if not (value := os.environ.get(variable)):
            raise NotTested(f"the profile asks for {{{name}}} and that variable is not set.", "Set it.")
        return register(made(variable, Given(value, variable)), variable)
    if name not in values:
        raise NotTested(
            f"the profile asks for {{{name}}} where only {', '.join(sorted(values))} are known.",
            "Use it in operations where it is known, and say in the profile where the deployment tells it.",
        )
    return values[name]
