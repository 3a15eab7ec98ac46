"""Every key of the profile, found by walking its models, and other values for it.

A new field of a model is a new key here by itself. Where its type alone does not say what else could stand there,
`VALUES` does.
"""

from __future__ import annotations

import copy
import itertools
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path as File
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from harness.profile.credentials import BodyRefresh, CookieRefresh, CookieSession, Token
from harness.profile.csrf import Fetched
from harness.profile.csrf import _Csrf as Csrf
from harness.profile.extraction import Extraction
from harness.profile.operation import Operation, Outcomes, Predicate
from harness.profile.operations import Operations
from harness.profile.pages import FurtherField, Pages
from harness.profile.profile import AgeSession, Jwt, People, Profile
from harness.profile.rate_limit import RateLimit
from harness.profile.reach import Certificate, Reach
from harness.profile.references import dangling
from harness.profile.resources import Resource
from harness.profile.tasks import Tasks
from harness.profile.toml.location import Content, KeyPath, value_at
from harness.profile.toml.shape import choices_of, fields_of, form_of, kind_of, models_in
from tests.support.fake_deployment import SIGNING_SECRET

_NAMES = ("cookie", "ticket", "jwt", "body", "page")
EXAMPLES = [File(__file__).parent / "examples" / f"{name}.toml" for name in _NAMES]
"""The profiles that are varied; the first one declares most."""
ABSENT = object()
"""The key is left out."""
AS_IT_STANDS = object()
"""The key is what the example says."""
_BY_FORM: dict[str, list[Any]] = {
    "path": ["/elsewhere", "/nowhere"],
    "JSON pointer": ["/elsewhere", "/nowhere"],
    "CSS selector": [".elsewhere", ".nowhere"],
    "origin": ["https://elsewhere.example"],
    "http origin": ["http://elsewhere.example"],
    "domain": ["elsewhere.example"],
    "variable's name": ["ELSEWHERE"],
}
_BY_TYPE: dict[Any, list[Any]] = {str: ["elsewhere", "nowhere"], int: [61], float: [61.5]}
_NO_ANSWER, _EVERY_ANSWER = {"status": 299}, {"status": ["1xx", "2xx", "3xx", "4xx", "5xx"]}
VALUES: dict[tuple[type[BaseModel], str], list[Any]] = {
    (AgeSession, "database_env"): ["SHOP_KEY"],
    (AgeSession, "elapse"): ["UPDATE sessions SET ends = ends - :seconds WHERE email = :email"],
    (AgeSession, "refresh_statement"): ["UPDATE renewals SET ends = 0 WHERE email = :email"],
    (BodyRefresh, "issued_by"): ["token"],
    (BodyRefresh, "reuse_interval"): [10],
    (CookieRefresh, "issued_by"): ["session"],
    (CookieRefresh, "reuse_interval"): [10],
    (Extraction, "pointer"): ["", "/elsewhere"],
    (Extraction, "pattern"): ["(elsewhere)", "(nowhere)"],
    (Fetched, "pattern"): ["(csrf)", "(elsewhere)"],
    (Jwt, "placeholder_secrets"): [[SIGNING_SECRET]],
    (Operation, "outcomes"): [{"success": _NO_ANSWER}],
    (Operations, "token"): [{"method": "GET", "path": "/elsewhere"}],
    (Pages, "shows"): [["{username}"]],
    (People, "email"): ["x{local}@{domain}"],
    (People, "min_password_length"): [16, "none"],
    (RateLimit, "max_attempts"): [30],
    (Certificate, "password"): ["{env:GATE_PASSWORD}"],
    (Reach, "basic"): ["{env:GATE_USER}:{env:GATE_PASSWORD}"],
    (Reach, "proxy"): ["http://proxy.example:3128"],
    (Resource, "routes"): [[{"method": "GET", "path": "/elsewhere"}]],
    (Tasks, "more"): [[{"method": "GET", "path": "/elsewhere"}]],
    (AgeSession, "statement"): ["DELETE FROM sessions WHERE email = :email"],
    (Predicate, "equals"): ["NOBODY", "elsewhere"],
    (Predicate, "status"): [299],
    (Profile, "custom"): [ABSENT],
    (Profile, "outcomes"): [{"success": _NO_ANSWER}],
    (Token, "cookie"): ["sid", "elsewhere"],
    (Token, "issued_by"): ["sign_up"],
}
"""What to try, where the type does not say it."""
BESIDE: dict[tuple[type[BaseModel], str], dict[str, Any]] = {
    (CookieSession, "max_lifetime"): {"after_sign_out": "until it ends"},
    (Csrf, "field"): {"header": ABSENT},
    (Csrf, "header"): {"field": ABSENT},
    (Extraction, "attribute"): {"css": ".title"},
    (Extraction, "css"): {"pointer": ABSENT},
    (Extraction, "pointer"): {"css": ABSENT, "attribute": ABSENT},
    (Fetched, "attribute"): {"pointer": ABSENT, "css": "a"},
    (Fetched, "css"): {"pointer": ABSENT},
    (Fetched, "pattern"): {"pointer": ABSENT},
    (FurtherField, "check"): {"fill": ABSENT},
    (FurtherField, "fill"): {"check": ABSENT},
    (Operation, "form"): {"json": ABSENT},
    (Operation, "json"): {"form": ABSENT},
    (RateLimit, "ignores_client_headers"): {"keyed_by": "account and client"},
    (Predicate, "equals"): {"pointer": "/code", "present": ABSENT},
    (Predicate, "pointer"): {"present": True},
    (Predicate, "present"): {"pointer": "/user/email", "equals": ABSENT},
    (Token, "cookie"): {"pointer": ABSENT, "response_header": ABSENT},
    (Token, "pointer"): {"response_header": ABSENT},
    (Token, "response_header"): {"pointer": ABSENT},
}
"""What has to stand beside it then, or must not."""
WHERE: dict[type[BaseModel], list[KeyPath]] = {
    Extraction: [("tasks", "title"), ("operations", "session", "identity", "email")],
    Operation: [("operations", "sign_out"), ("operations", "sign_in"), ("tasks", "create")],
    Outcomes: [("outcomes",)],
    Predicate: [("outcomes", "success"), ("outcomes", "unauthenticated")],
}
"""Tables that are read alike wherever they stand, and the places that are looked at."""
KINDS: dict[KeyPath, list[dict[str, Any]]] = {
    ("credentials", "session"): [{"kind": "cookie", "cookie": "sid"}, {"kind": "token"}],
    ("credentials", "refresh"): [
        {"kind": "body", "issued_by": "sign_in", "pointer": "/refresh"},
        {"kind": "cookie", "issued_by": "sign_in", "cookie": "renewal"},
    ],
    ("csrf",): [
        {"kind": "cookie to header", "cookie": "csrf", "header": "X-CSRF", "fetch": "/form"},
        {"kind": "fetched", "fetch": "/form", "pointer": "/csrf", "header": "X-CSRF"},
        {"kind": "from sign-in", "pointer": "/csrf", "header": "X-CSRF"},
    ],
}
"""Tables of which there are several kinds, one of each."""


@dataclass(frozen=True)
class Key:
    """One key: the model that declares it, and the places where a profile may write it."""

    model: type[BaseModel]
    name: str
    field: FieldInfo
    places: tuple[KeyPath, ...]

    def __str__(self) -> str:
        if self.model in WHERE:
            return f"{self.model.__name__}.{self.name}"
        kind = kind_of(self.model)
        return ".".join(map(str, self.places[0])) + (f" of {kind}" if kind is not None else "")

    @property
    def only_holds_others(self) -> bool:
        """Whether it is a table that is always there, or says which of several: see its own keys, and `KINDS`."""
        says_which = self.name == "kind" and kind_of(self.model) is not None
        return says_which or (bool(models_in(self.field.annotation)) and self.field.is_required())

    @property
    def words(self) -> list[Any]:
        """The words that may stand there, where these are fixed; each a list of its own where a list is taken."""
        types = list(_types_in(self.field.annotation))
        words = [True, False] if bool in types else choices_of(self.field.annotation)
        return [[word] for word in words] if list in types else words

    def others(self) -> list[Any]:
        """Values to try in its place. Raises LookupError where the type does not say any."""
        models = models_in(self.field.annotation)
        if (self.model, self.name) in VALUES:
            return VALUES[self.model, self.name]
        if Predicate in models:
            return [_NO_ANSWER, _EVERY_ANSWER]
        return self.words or ([ABSENT] if models and form_of(self.field) is None else _made_up(self.field))


@dataclass(frozen=True)
class Variation:
    """An example profile with a key's value."""

    example: File
    place: KeyPath
    value: Any
    profile: Profile


def keys(root: type[BaseModel] = Profile) -> list[Key]:
    """Every key of the profile, each once for each place, or once for all where every place is read alike."""
    found: dict[tuple[Any, ...], Key] = {}
    for path, model, name, field in _walk((), root):
        if model in WHERE:
            found[model, name] = Key(model, name, field, tuple((*place, name) for place in WHERE[model]))
        else:
            found[model, path] = Key(model, name, field, (path,))
    return list(found.values())


def _walk(path: KeyPath, model: type[BaseModel]) -> Iterator[tuple[KeyPath, type[BaseModel], str, FieldInfo]]:
    for name, field in fields_of(model).items():
        below = (*path, name)
        yield below, _declaring(model, name), name, field
        for inner in models_in(field.annotation):
            yield from _walk(below, inner)


def _declaring(model: type[BaseModel], name: str) -> type[BaseModel]:
    return [one for one in model.__mro__ if issubclass(one, BaseModel) and name in fields_of(one)][-1]


def variations(key: Key, values: Iterable[Any], root: type[Profile] = Profile) -> Iterator[list[Variation]]:
    """For each example and place the valid profiles that come of the values, no two of them alike.

    `AS_IT_STANDS` is a value as well. An example without the table that the key belongs to has none.
    """
    examples = reversed(EXAMPLES) if key.model in WHERE else EXAMPLES  # most is told by bodies in the last
    for example, place in itertools.product(examples, key.places):
        holder = value_at(example_content(example), place[:-1])
        if isinstance(holder, dict) and (
            "kind" not in key.model.model_fields or holder.get("kind") in _kinds(key, holder)
        ):
            yield _distinct(_varied(key, example, place, value, root) for value in values)


def of_kinds(place: KeyPath) -> Iterator[list[Variation]]:
    """For each example with a table of several kinds, the profiles with a table of each kind."""
    for example in EXAMPLES:
        if value_at(example_content(example), place) is not None:
            yield [_with(example, place, dict(table), Profile) for table in KINDS[place]]


def _kinds(key: Key, holder: Content) -> list[Any]:
    """The kinds of table that have the key: any, where the model does not say."""
    said = key.model.model_fields.get("kind")
    return choices_of(said.annotation) if said is not None else [holder.get("kind")]


def _distinct(found: Iterable[Variation | None]) -> list[Variation]:
    kept: list[Variation] = []
    for one in found:
        if one is not None and all(one.profile != other.profile for other in kept):
            kept.append(one)
    return kept


def _varied(key: Key, example: File, place: KeyPath, value: Any, root: type[Profile]) -> Variation | None:
    holder = value_at(example_content(example), place[:-1])
    there = holder.get(key.name, ABSENT) if value is AS_IT_STANDS else value
    holder = {**holder, **BESIDE.get((key.model, key.name), {}), key.name: there}
    table = {name: one for name, one in holder.items() if one is not ABSENT}
    try:
        return replace(_with(example, place[:-1], table, root), place=place, value=value)
    except (ValidationError, LookupError):
        return None


def _with(example: File, place: KeyPath, table: Content, root: type[Profile]) -> Variation:
    content: Content = table
    if place:
        content = copy.deepcopy(example_content(example))
        value_at(content, place[:-1])[place[-1]] = table
    if problems := dangling(content):
        raise LookupError(problems[0].sentence)
    return Variation(example, place, table, root.model_validate(content))


@cache
def example_content(example: File) -> Content:
    """An example as it stands."""
    return tomllib.loads(example.read_text("utf-8"))


def _made_up(field: FieldInfo) -> list[Any]:
    form, types = form_of(field), list(_types_in(field.annotation))
    if dict in types:
        return [{"elsewhere": "elsewhere"}, {"nowhere": "nowhere"}]
    known = _BY_FORM.get(form.name) if form is not None else None
    if known is None:
        known = next(_BY_TYPE[one] for one in types if one in _BY_TYPE)
    return [[one] for one in known] if list in types else known


def _types_in(annotation: object) -> Iterator[object]:
    """The annotation's types, from the outside in."""
    yield get_origin(annotation) or annotation
    for inner in get_args(annotation):
        yield from _types_in(inner)
