"""Templates of the profile: text and JSON with placeholders."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from harness.core.provenance import Given, made
from harness.core.redaction import register
from harness.deployment.errors import Missing, NotGiven

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{(\w+|env:\w+)\}")

_OF_PEOPLE = re.compile(r"\{\w+\}")
"""A placeholder that is no environment variable's."""


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
            raise NotGiven(f"the profile asks for {{{name}}} and that variable is not set.", "Set it.")
        return register(made(variable, Given(value, variable)), variable)
    if name not in values:
        known = f"only {', '.join(sorted(values))} are known" if values else "no placeholder is known"
        raise Missing(
            f"the profile asks for {{{name}}} in an operation in which {known}.",
            "Use it in operations where it is known, and say in the profile where the deployment tells it.",
        )
    return values[name]


def instead(template: Any, others: Mapping[str, Any]) -> Any:  # noqa: ANN401 - mirrors the template's shape
    """A copy of ``template`` with other values for whole placeholders."""
    if isinstance(template, dict):
        return {key: instead(value, others) for key, value in template.items()}
    if isinstance(template, list):
        return [instead(value, others) for value in template]
    is_placeholder = isinstance(template, str) and _OF_PEOPLE.fullmatch(template) is not None
    return others.get(template[1:-1], template) if is_placeholder else template


def enveloping(template: Mapping[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
    """The template with ``beside`` in each object that holds a placeholder.

    At the top where no object does.
    """
    return _widened(template, beside) if _OF_PEOPLE.search(json.dumps(template)) else {**template, **beside}


def _widened(template: Any, beside: Mapping[str, Any]) -> Any:  # noqa: ANN401 - mirrors the template's shape
    if isinstance(template, list):
        return [_widened(value, beside) for value in template]
    if not isinstance(template, dict):
        return template
    widened = {key: _widened(value, beside) for key, value in template.items()}
    holds_one = any(isinstance(value, str) and _OF_PEOPLE.search(value) for value in template.values())
    return {**widened, **beside} if holds_one else widened


def without(template: Any, placeholders: tuple[str, ...]) -> Any:  # noqa: ANN401 - mirrors the template's shape
    """A copy of ``template`` without keys that ask for the placeholders."""
    if not isinstance(template, dict):
        return template
    asking = tuple(f"{{{name}}}" for name in placeholders)
    return {
        key: without(value, placeholders)
        for key, value in template.items()
        if not (isinstance(value, str) and any(word in value for word in asking))
    }
