"""Texts that show whose page it is."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.deployment.template import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.deployment.people import Person
    from harness.profile.profile import Profile

_TELLING = 6
"""Texts of fewer characters may stand on any page by chance."""


def marks_of(profile: Profile, person: Person) -> list[str]:
    """Texts that tell the person's page from anyone else's.

    The titles of their tasks, and what the profile says that pages show of their owner. That it is shown to others
    is no leak by itself: an attacker who types an address is rightly shown it. See `Person.canaries`.
    """
    shows = profile.pages.shows if profile.pages is not None else []
    marks = [*_known(shows, person), *(task.canary for task in person.tasks)]
    return [mark for mark in marks if len(mark) >= _TELLING]


def _known(templates: Iterable[str], person: Person) -> Iterable[str]:
    values = {**person.values, "local": person.email.partition("@")[0]}
    for template in templates:
        if template == "{name}":
            yield person.canary  # the part that is nobody else's, for pages shorten names
            continue
        try:
            yield render(template, values)
        except Unavailable:
            continue  # an id, for example, that no answer has shown yet


def shown_in(text: str, marks: Iterable[str]) -> str | None:
    """The first of the marks in a text, whatever its case."""
    seen = html.unescape(text).casefold()
    return next((mark for mark in marks if mark.casefold() in seen), None)
