"""What a look left to try: candidates for each operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.discovery.documented import is_password, operation_table
from harness.discovery.pages import form_operation
from harness.discovery.shapes import conventions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.discovery.asker import Addresses
    from harness.discovery.openapi import Described
    from harness.discovery.pages import Pages
    from harness.discovery.trial.visitor import Table
    from harness.profile.operation import Base

_MOST_DOCUMENTED = 6


@dataclass
class Clues:
    """A draft's content, with what else the documents and pages show."""

    draft: Table
    described: Sequence[Described]
    pages: Pages
    addresses: Addresses
    base: Base
    """On which address the operations are, where nothing says it."""
    is_known: bool
    """Whether the draft is that of a known shape."""
    seen: list[str] = field(default_factory=list)
    """Paths that a signed-in person's page names."""
    buttons: dict[str, str] = field(default_factory=dict)
    """Where that page's forms without a field send, and what their button says."""
    ways_out: dict[str, str] = field(default_factory=dict)
    """Where links lead whose words say that they sign out, and what they say."""
    steps: dict[str, str] = field(default_factory=dict)
    """The link that is pressed before such a button, by where it sends."""

    def operations(self, name: str) -> Iterator[Table]:
        """Ways in which an operation may be carried out, the likeliest first."""
        given = []
        for one in self._operations(name):
            way = (one["method"], one["path"], one.get("base", "web"), "form" in one)
            if way not in given:
                given.append(way)
                yield one

    def _operations(self, name: str) -> Iterator[Table]:
        if (drafted := self.draft.get("operations", {}).get(name)) is not None:
            yield drafted
        if name in ("sign_up", "sign_in"):
            shown = [self.pages.sign_up, self.pages.sign_in]
            for page in shown if name == "sign_up" else reversed(shown):
                if page is not None and (table := form_operation(name, page, self.addresses)) is not None:
                    yield table
            yield from self._with_a_password(name)
        if name == "sign_out":
            yield from self._pressed()
        tried = conventions().tried
        for path in getattr(tried, name):
            yield self._conventional(name, path)

    def _with_a_password(self, name: str) -> Iterator[Table]:
        """Documented operations that take a password, by their fields alone."""
        found = [
            one
            for one in self.described
            if one.method == "POST" and any(is_password(field.name) for field in one.fields)
        ]
        two_hosts = len(self.addresses.bases) > 1
        words = getattr(conventions().words, name)
        # Whoever signs up gives more than whoever signs in; an operation for others than strangers is neither.
        more = -1 if name == "sign_up" else 1
        found.sort(
            key=lambda one: (
                re.search(words, f"{one.path} {one.called}", re.IGNORECASE) is None,
                bool(one.schemes),
                more * len(one.fields),
            )
        )
        for one in found[:_MOST_DOCUMENTED]:
            yield operation_table(name, one, two_hosts=two_hosts)[0]

    def _pressed(self) -> Iterator[Table]:
        """What a signed-in person's buttons send, then what documents and links name."""
        words = conventions().words.sign_out
        leaving = [one for one in self.buttons if not _deletes(one + self.buttons[one])]
        order = sorted(leaving, key=lambda path: re.search(words, path + self.buttons[path], re.I) is None)
        yield from ({"method": "POST", "path": path, "form": {}} for path in order)
        two_hosts = len(self.addresses.bases) > 1
        for one in self.described:
            if one.method in ("POST", "DELETE") and re.search(words, one.path, re.IGNORECASE):
                yield operation_table("sign_out", one, two_hosts=two_hosts)[0]
        yield from ({"method": "GET", "path": path} for path in self.ways_out)

    def _conventional(self, name: str, path: str) -> Table:
        method, _, place = path.rpartition(" ")
        table: Table = {"method": method or "POST", "path": place}
        if self.base == "api" and len(self.addresses.bases) > 1:
            table["base"] = "api"
        if name == "sign_up":
            table["json"] = {"name": "{name}", "email": "{email}", "password": "{password}"}
        if name == "sign_in":
            table["json"] = {"email": "{email}", "password": "{password}"}
        if name == "delete_user" and table["method"] == "POST":
            table["json"] = {"password": "{password}"}
        return table


def _deletes(said: str) -> bool:
    """Whether words say that something is deleted."""
    return re.search(conventions().words.delete_user, said, re.IGNORECASE) is not None
