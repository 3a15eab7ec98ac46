"""How sentences of the feature files are matched.

Every part has a type: a pattern or a vocabulary of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter
from typing import Any

from pytest_bdd import parsers

from harness.core.vocabulary import Vocabulary
from harness.deployment import accounts
from harness.deployment.places import PLACES
from harness.flows import (
    actions,
    answers_of_others,
    availability,
    browser_markup,
    browser_secrets,
    browser_session,
    chosen_passwords,
    common_passwords,
    documentation,
    ended_sessions,
    errors,
    exposure,
    guessable_values,
    intrusive,
    isolation,
    loose_subjects,
    malformed_bodies,
    misissued,
    observations,
    odd_requests,
    other_values,
    plain_http,
    protected_pages,
    refresh_identity,
    session,
    session_addresses,
    sql_injection,
    task_addresses,
    tasks,
    token_claims,
    token_keys,
    token_transport,
    token_verification,
    unissued,
    user_lookups,
)

_PATTERNS = {
    "Person": r"[A-Z][a-z]+",
    "Device": r"laptop|phone|first device",
    "Verb": r"list|create|read|replace|update|delete",
    "Place": "|".join(PLACES),
    "Address": r"[^\"]*",
    "Destination": r"[^\"]*",
    "Header": r"[^\"]*",
    "Headers": r".+",
    "Word": r"[A-Za-z]+",
}

VOCABULARIES: dict[str, Vocabulary[Any]] = {
    "Action": actions.ACTIONS,
    "AddressPlace": session_addresses.ADDRESSES,
    "AddressSpelling": task_addresses.SPELLINGS,
    "Alteration": session.ALTERATIONS,
    "Body": malformed_bodies.BODIES,
    "Beside": token_claims.BESIDE,
    "ChosenPassword": chosen_passwords.PASSWORDS,
    "ClearResource": plain_http.RESOURCES,
    "CommonPassword": common_passwords.FORMS,
    "Cookie": protected_pages.COOKIES,
    "DestinationPlace": accounts.DESTINATIONS,
    "Forgery": token_verification.FORGED,
    "Elsewhere": token_transport.ELSEWHERE,
    "Ending": ended_sessions.ENDINGS,
    "Form": browser_secrets.FORMS,
    "InternalPage": documentation.PAGES,
    "KeyAddress": token_keys.ADDRESSES,
    "Guessable": guessable_values.CREDENTIALS,
    "Listing": isolation.LISTS,
    "LargeBody": intrusive.BODIES,
    "LongAddress": availability.ADDRESSES,
    "LookupCaller": user_lookups.CALLERS,
    "LooseId": loose_subjects.SUBJECTS,
    "MarkupPlace": exposure.PLACES,
    "Markup": browser_markup.MARKUP,
    "Misissued": misissued.WRONG,
    "Naming": isolation.NAMING,
    "Mistake": odd_requests.MISTAKES,
    "OddClaim": token_claims.ODD,
    "OddId": odd_requests.ODD_IDS,
    "OddToken": errors.ODD_TOKENS,
    "OtherValue": other_values.VALUES,
    "PageAction": browser_session.ACTIONS,
    "Place": PLACES,
    "RefreshHint": refresh_identity.HINTS,
    "Rule": observations.RULES,
    "Route": answers_of_others.ROUTES,
    "SensitiveFile": exposure.FILES,
    "ShortLength": accounts.SHORT_LENGTHS,
    "SqlPlace": sql_injection.PLACES,
    "Unissued": unissued.UNISSUED,
    "Spelling": protected_pages.SPELLINGS,
    "Subject": misissued.SUBJECTS,
    "Variant": tasks.VARIANTS,
}
"""What a part of that type may say. A word that isn't in it is refused when it is looked up, with the nearest."""


def _part(pattern: str) -> object:
    """A converter for the parse library: a function with its pattern."""

    def keep(text: str) -> str:
        return text

    keep.pattern = pattern  # type: ignore[attr-defined]
    return keep


_TYPES = {name: _part(_PATTERNS.get(name, ".+")) for name in (*_PATTERNS, *VOCABULARIES)}


class Sentence(parsers.parse):
    """A sentence with typed parts.

    ``rows`` is the vocabulary of a step's table.
    """

    def __init__(self, text: str, rows: Vocabulary[Any] | None = None) -> None:
        super().__init__(text, extra_types=_TYPES)
        self._rows = rows
        parts = list(Formatter().parse(text))
        self._types = {name: kind for _, name, kind, _ in parts if name is not None}
        self._fixed = [word for literal, *_ in parts for word in literal.lower().split()]

    def is_matching(self, name: str) -> bool:
        """Whether the text is this sentence.

        The pattern is not even compiled where a word of it is missing.
        """
        text = name.lower()
        return all(word in text for word in self._fixed) and super().is_matching(name)

    def words(self, text: str, rows: Sequence[Sequence[object]]) -> list[tuple[Vocabulary[Any], str]]:
        """Each word of a step and its table, with its vocabulary.

        For the lint of the features.
        """
        said = self.parse_arguments(text) or {}
        vocabularies = {name: VOCABULARIES.get(kind or "") for name, kind in self._types.items()}
        # The library gives a name that begins with an underscore to nothing that it finds.
        parts = [(found, said[name]) for name, found in vocabularies.items() if found is not None and name in said]
        return parts + (
            [(self._rows, str(cell)) for row in rows for cell in row] if self._rows is not None else []
        )


def sentence(text: str, rows: Vocabulary[Any] | None = None) -> Sentence:
    """A step's sentence with typed parts.

    For example ``{alias:Person} signs in on her {device:Device}``.
    """
    return Sentence(text, rows)
