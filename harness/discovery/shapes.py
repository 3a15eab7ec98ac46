"""The known shapes: how each is recognised, and its profile.

They are data, ``shapes/*.toml``; the words that all deployments use are in ``conventions.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from harness.profile.operation import Json, Method, Model, Outcome
from harness.profile.toml.strings import Line, Path, Pointer, Regex

_HERE = files("harness.discovery")


class Question(Model):
    """A harmless request, and the answer that makes it hold."""

    method: Literal["GET", "OPTIONS", "POST"] = "GET"
    path: Path
    headers: dict[str, str] = Field(default_factory=dict)
    """May hold `{origin}` and `{other_loopback}`, the same address under loopback's other name."""
    body: Json | None = Field(default=None, alias="json")
    answer: Outcome
    take: dict[str, Pointer] = Field(default_factory=dict)
    """What to note of such an answer's JSON, by name."""
    take_cookie: dict[str, Regex] = Field(default_factory=dict)
    """The first cookie whose bare name fits, set or cleared by such an answer."""
    unless: str | None = None
    """Not asked where that question holds."""


class Rule(Model):
    """What an operation looks like in an OpenAPI document.

    All that is given must fit.
    """

    method: Method
    path: Regex = ""
    called: Regex = ""
    """Matches the operation's id, a space and its summary; named groups are noted."""
    fields: list[Regex] = Field(default_factory=list)
    """For each, the body has a field whose whole name fits."""


class Shape(Model):
    """A shape of deployment."""

    title: str
    order: int
    """Of several that are recognised the first one gives the profile."""
    extends: str | None = None
    """The built-in profile that it leads to; only what differs is written then."""
    recognised_by: list[str]
    """Questions and documented operations, all of which must hold."""
    questions: dict[str, Question] = Field(default_factory=dict)
    metadata: list[Path] = Field(default_factory=list)
    """Paths that say when asked by OPTIONS which fields a POST takes, at `/actions/POST` of the answer."""
    documented: dict[str, list[Rule]] = Field(default_factory=dict)
    """Operations to look for in OpenAPI documents; of several rules the first that fits."""
    profile: str
    """The profile's text, a Jinja template; see `harness.discovery.toml_text`."""


class Paths(Model):
    """Where things commonly are."""

    openapi: list[Path]
    documentation: list[Path]
    sign_in: list[Path]
    sign_up: list[Path]
    protected: list[Path]


class Tried(Model):
    """Where operations are tried that nothing shows."""

    sign_up: list[Line]
    sign_in: list[Line]
    session: list[Line]
    sign_out: list[Line]
    delete_user: list[Line]
    collections: list[Path]


class FieldWord(Model):
    """A field's name and what is put there."""

    name: Regex
    value: str
    beside_email: str | None = None
    """What is put there where another field takes the address."""
    operations: list[str] = Field(alias="in")


class ResourceWords(Model):
    """What a collection of a person's own things is called."""

    names: list[Regex]
    never: list[Regex]
    paths: list[Path]
    user: Regex


class Words(Model):
    """How to tell other things by their names."""

    csrf_field: Regex
    csrf_cookie: Regex
    session_cookie: Regex
    sign_up: Regex
    sign_in: Regex
    sign_out: Regex
    delete_user: Regex


class CsrfHeader(Model):
    """The header that repeats a cookie's value."""

    cookie: Regex
    header: str


class Conventions(Model):
    """The words that deployments commonly use."""

    paths: Paths
    tried: Tried
    fields: list[FieldWord]
    answers: dict[str, list[str]]
    resource: ResourceWords
    words: Words
    csrf_headers: list[CsrfHeader]

    def placeholder(self, operation: str, field: str, *, beside_email: bool = False) -> str | None:
        """What to send in a field of an operation, such as ``{email}``.

        None if it isn't known.
        """
        plain = re.sub(r"[_\-]", "", field).lower()
        for word in self.fields:
            if operation in word.operations and re.fullmatch(word.name, plain):
                return word.beside_email if beside_email and word.beside_email else word.value
        return None

    def csrf_header(self, cookie: str) -> str:
        """The header that repeats that cookie."""
        return next(one.header for one in self.csrf_headers if re.fullmatch(one.cookie, cookie))


@cache
def conventions() -> Conventions:
    """The words of ``conventions.toml``."""
    return Conventions.model_validate(tomllib.loads(_HERE.joinpath("conventions.toml").read_text("utf-8")))


@cache
def known_shapes() -> tuple[Shape, ...]:
    """All shapes, in their order. The last one takes whatever is left."""
    names = [one.name for one in _HERE.joinpath("shapes").iterdir() if re.fullmatch(r"[^_].*\.toml", one.name)]
    return tuple(sorted(map(_shape, names), key=lambda one: one.order))


def _shape(name: str) -> Shape:
    """A shape with what it shares with others.

    ``shares`` names that file, and says what stands there for each word in angle brackets.
    """
    own = tomllib.loads(_text(name))
    words = own.pop("shares", None)
    if words is None:
        return Shape.model_validate(own)
    text = _text(f"{words.pop('shape')}.toml")
    for word, value in words.items():
        text = text.replace(f"<{word}>", value)
    shared = tomllib.loads(text)
    together = {
        "profile": f"{shared['profile']}\n{own['profile']}",
        "questions": {**shared["questions"], **own.get("questions", {})},
    }
    return Shape.model_validate({**shared, **own, **together})


def _text(name: str) -> str:
    return _HERE.joinpath("shapes", name).read_text("utf-8")
