"""The whole discovery: from a deployment to a suggested profile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.core.exchange import origin_of
from harness.core.text import abridged
from harness.discovery.pages import find_pages
from harness.discovery.parts import Parts
from harness.discovery.recognition import read_documents, recognise
from harness.discovery.toml_text import comment, filled, literal
from harness.profile.draft import FILL_IN
from harness.profile.resources import shape_of
from harness.profile.target import TargetError
from harness.wire import silence

if TYPE_CHECKING:
    from harness.discovery.asker import Asker
    from harness.discovery.openapi import Described
    from harness.discovery.pages import Pages
    from harness.discovery.recognition import Recognition
    from harness.profile.operation import Base

SCHEMA = (
    "#:schema https://raw.githubusercontent.com/auth-conformance/auth-conformance/main/docs/profile.schema.json\n"
)
"""The line by which editors know what a profile may hold."""
_MOST_NAMED = 12
_MARK = re.compile(rf"# {FILL_IN}\b")


@dataclass(frozen=True)
class Survey:
    """What was found: the profile's text, the evidence, and what is missing.

    ``seen`` is the evidence but for what the profile does not name. ``recognised`` is None where no known shape
    was; ``fill_ins`` is a number of places; ``elsewhere`` is another origin that the front page leads to; ``base``
    is the address on which the shape was recognised.
    """

    profile: str
    recognised: str | None
    seen: Sequence[str]
    fill_ins: int
    elsewhere: str | None
    base: Base
    described: Sequence[Described]
    pages: Pages

    @property
    def evidence(self) -> list[str]:
        """All of it, a sentence each."""
        return [*self.seen, *unnamed(self.described, self.profile)]


def survey(asker: Asker, reach: str = "") -> Survey:
    """Look at the deployment.

    ``reach`` is the profile's section on how it is reached. Raises TargetError where nothing answers.
    """
    for base in asker.addresses.bases:
        if asker.get(base, "/") is None:
            raise TargetError(_why_nothing(asker, base))
    described = read_documents(asker)
    recognised = recognise(asker, described)
    pages = find_pages(asker, described)
    parts = Parts(asker, recognised[0], described, pages)
    tables = filled(recognised[0].shape.profile, parts.context())
    seen = [*recognised[0].evidence, *_documents(described)]
    text = _header(parts, recognised, [*seen, *unnamed(described, tables)]) + reach + tables
    title = recognised[0].shape.title if recognised[0].shape.recognised_by else None
    marks = len(_MARK.findall(text))
    return Survey(text, title, seen, marks, _elsewhere(asker), recognised[0].base, described, pages)


def _why_nothing(asker: Asker, base: Base) -> str:
    url, silent = asker.addresses.of(base), asker.silence(base, "/")
    if silent is not None:
        why = silence.explained(silent)
        return f"{url} {why.what}. {why.remedy}"
    return f"{url} answers that there were too many requests. Wait, and ask again."


def _elsewhere(asker: Asker) -> str | None:
    front = asker.get("web", "/")
    location = (front.header("location") or "") if front is not None else ""
    try:
        origin = origin_of(location)
    except ValueError:
        return None
    is_usable = re.fullmatch(r"https?://[\w.:\[\]-]+", origin, re.ASCII)
    return origin if is_usable and origin != origin_of(asker.addresses.web) else None


def _documents(described: Sequence[Described]) -> list[str]:
    numbers = Counter(one.document for one in described)
    return [f"GET {url} describes {number} operations" for url, number in numbers.items()]


def unnamed(described: Sequence[Described], tables: str) -> list[str]:
    """A sentence on what documents have besides a profile's tables."""
    named = set(map(shape_of, re.findall(r'path = "([^"]*)"', tables)))
    others = [f"{one.method} {one.path}" for one in described if shape_of(one.path) not in named]
    if not others:
        return []
    return [f"the profile does not name {abridged(others, _MOST_NAMED)}: see [[tasks.more]] and [[resources]]"]


def _header(parts: Parts, recognised: Sequence[Recognition], evidence: Sequence[str]) -> str:
    """The profile's comments, and the keys before all tables."""
    shape = recognised[0].shape
    others = [one.shape.title for one in recognised[1:] if one.shape.recognised_by]
    known = f"Recognised: {shape.title}." if shape.recognised_by else f"Recognised nothing: this is {shape.title}."
    called = shape.title if shape.recognised_by else urlsplit(parts.addresses.web).hostname or ""
    notes = comment(
        "A target profile of auth-conformance, begun by `auth-conformance init`.",
        known + (f" Also seen: {'; '.join(others)}." if others else ""),
        *(f"- {one}" for one in evidence),
        "Guesses are called guesses. What only you can know is marked in upper case.",
        "`profile check` and `run` name each such line until its mark is gone.",
    )
    keys: dict[str, str | bool] = {"extends": shape.extends} if shape.extends else {}
    keys |= {"name": re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-"), "title": shape.title}
    keys |= dict.fromkeys(parts.missing, False)
    return SCHEMA + notes + "\n" + "".join(f"{name} = {literal(value)}\n" for name, value in keys.items()) + "\n"
