"""A profile found by looking and trying."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harness.core.exchange import origin_of
from harness.core.redaction import redact
from harness.deployment.people import PersonFactory
from harness.discovery.asker import Asker
from harness.discovery.survey import SCHEMA, survey, unnamed
from harness.discovery.toml_text import block, comment, literal
from harness.discovery.trial.clues import Clues
from harness.discovery.trial.confirmed import Confirmed, LeftOut, confirm
from harness.discovery.trial.visitor import Trial
from harness.profile.draft import FILL_IN
from harness.profile.loader import draft_content, parse_profile
from harness.profile.profile import People

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.deployment.journal import Journal
    from harness.discovery.asker import Addresses
    from harness.discovery.survey import Survey
    from harness.discovery.trial.visitor import Table
    from harness.profile.profile import Profile
    from harness.wire.client import Client

HOW = "profile: found by looking; `auth-conformance init --try` writes it down"
"""How a run, and its report, mark such a profile."""
_ALIAS = "Lee"
_TABLES = ("operations", "credentials")
"""Tables whose tables are written with a header of their own."""
_NAME = "found by looking"
_A_TEXT = "something"


@dataclass
class FoundProfile:
    """A profile with what it was made from.

    ``recognised`` is None where no known shape was.
    """

    content: Table
    recognised: str | None
    evidence: list[str]
    left_out: list[LeftOut] = field(default_factory=list)
    stays: str = ""
    """The address of the account that it was tried with, where nothing deletes it."""

    @property
    def text(self) -> str:
        """The profile in TOML, its evidence in comments."""
        return written(self.content, self.evidence, self.left_out)

    @property
    def profile(self) -> Profile:
        """The profile. Raises ProfileError where the content is none."""
        return parse_profile(self.text, _NAME)

    def without(self, places: Sequence[str]) -> FoundProfile:
        """The same without these tables, such as ``operations.refresh``."""
        content = {key: dict(one) if isinstance(one, dict) else one for key, one in self.content.items()}
        for place in places:
            section, _, name = place.partition(".")
            if name and section != "pages":
                content.get(section, {}).pop(name, None)
            else:
                content.pop(section, None)
        added = [LeftOut(place, "it did not work as it was found", _line(place)) for place in places]
        return replace(self, content=content, left_out=[*self.left_out, *added])


def look(client: Client, addresses: Addresses, journal: Callable[[Profile], Journal], seed: int) -> FoundProfile:
    """Look at a deployment and try what was seen with one account.

    Raises TargetError where nothing answers, and TooLittle where too little is found.
    """
    asker = Asker(client, addresses)
    seen = survey(asker)
    draft = _without_marks(draft_content(seen.profile, _NAME))
    clues = Clues(draft, seen.described, seen.pages, addresses, seen.base, seen.recognised is not None)
    trial = Trial(client, addresses, draft.get("public_origin") or origin_of(addresses.web), draft.get("csrf"))
    person = PersonFactory(People(), seed).person(_ALIAS)
    confirmed = confirm(trial, clues, person, journal(parse_profile(seen.profile, _NAME, draft=True)))
    stays = person.email if "delete_user" not in confirmed.content["operations"] else ""
    return replace(_found(seen, confirmed), stays=stays)


def _line(place: str) -> str:
    """The line by which a profile declares it."""
    section, _, name = place.partition(".")
    return f'{name} = "..." in [pages]' if name and section == "pages" else f"[{place}]"


def _without_marks(value: Any) -> Any:  # noqa: ANN401 - TOML is any
    """Content with a text in place of each mark."""
    if isinstance(value, dict):
        return {key: _without_marks(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_marks(one) for one in value]
    return _A_TEXT if value == FILL_IN else value


def _found(seen: Survey, confirmed: Confirmed) -> FoundProfile:
    besides = unnamed(seen.described, written(confirmed.content, (), ()))
    evidence = [redact(one) for one in (*seen.seen, *confirmed.seen, *besides)]
    return FoundProfile(confirmed.content, seen.recognised, evidence, confirmed.left_out)


def written(content: Table, evidence: Sequence[str], left_out: Sequence[LeftOut]) -> str:
    """A profile's TOML from its content."""
    scalars = {key: one for key, one in content.items() if not isinstance(one, dict)}
    notes = comment(
        "A target profile of auth-conformance, found by looking and tried with one account.",
        *(f"- {one}" for one in evidence),
        *(f"- left out: {one}" for one in left_out),
    )
    lines = [SCHEMA, notes, "\n", *(f"{key} = {literal(one)}\n" for key, one in scalars.items())]
    for key, table in content.items():
        if key in _TABLES:
            lines += [f"\n{block(f'{key}.{name}', one)}" for name, one in table.items() if isinstance(one, dict)]
        elif isinstance(table, dict):
            lines.append(f"\n{block(key, table)}")
    return "".join(lines)
