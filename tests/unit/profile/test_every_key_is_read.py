"""No key of the profile is unread, no word taken for another.

Every key and every fixed word is found by walking the models. Two profiles that differ in nothing else go through
the doctor and the whole specification, against a deployment in this process; what they ask, do and judge has to
differ.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel

from harness.profile.credentials import CookieSession
from harness.profile.operation import Model
from harness.profile.pages import Pages
from harness.profile.profile import Profile
from harness.profile.resources import Resource
from harness.profile.toml.location import KeyPath
from harness.profile.toml.shape import kind_of, models_in
from harness.profile.toml.strings import Path as UrlPath
from tests.unit.profile.behaviour import VARIABLES, Act, behaviour
from tests.unit.profile.variations import (
    AS_IT_STANDS,
    EXAMPLES,
    KINDS,
    Key,
    Variation,
    example_content,
    keys,
    of_kinds,
    variations,
)

KEYS = [key for key in keys() if not key.only_holds_others]
WORDS = [
    pytest.param(key, one, other, id=f"{key}: {one} or {other}")
    for key in KEYS
    for one, other in itertools.combinations(key.words, 2)
]
TABLES = [
    pytest.param(
        place, one, other, id=f"{'.'.join(map(str, place))}: {tables[one]['kind']} or {tables[other]['kind']}"
    )
    for place, tables in KINDS.items()
    for one, other in itertools.combinations(range(len(tables)), 2)
]
ONLY_TOLD: set[tuple[type[BaseModel], str]] = {
    (Profile, "name"),
    (Profile, "title"),
    (CookieSession, "cache_lifetime"),
    (CookieSession, "max_lifetime"),
    (Resource, "name"),
}
"""Keys that only change sentences: what a report calls something, and bounds that nothing exceeds here."""
NEVER_PASS = {
    "availability-costly-token-is-refused",
    "availability-large-body-is-refused",
    "caching-renewed-session-is-not-shared",
    "cookie-session-has-a-prefix",
    "error-problem-details-are-valid",
    "expiry-session-without-signout-ends",
    "signin-page-prevents-open-redirect",
    "signup-session-waits-for-verification",
    "token-algorithm-confusion-is-refused",
    "token-key-is-fetched-from-no-header",
    "token-keys-are-public",
    "token-keys-are-sound",
    "token-psychic-signature-is-refused",
    "token-type-is-the-declared-one",
    "token-verifies-with-a-published-key",
    "user-enumeration-signup-answers-alike",
}
"""Requirements that apply to none of the examples.

They end sessions, publish no key, type no token and are nowhere near; they ask for no verification, give no leave
for what can keep them busy, send a signed-in user nowhere, renew no session on a page and have no problem details.
The names of their cookies have no prefix, which warns. Sign-up says which addresses are taken.
"""


@pytest.fixture(autouse=True)
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)


class _Watched:
    """What a profile makes the suite do, as far as was looked."""

    def __init__(self, profile: Profile) -> None:
        self._further = behaviour(profile)
        self._seen: list[Act] = []

    def __iter__(self) -> Iterator[Act]:
        for number in itertools.count():
            if number == len(self._seen):
                act = next(self._further, None)
                if act is None:
                    return
                self._seen.append(act)
            yield self._seen[number]


_KNOWN: dict[str, _Watched] = {}


def _watched(profile: Profile) -> _Watched:
    return _KNOWN.setdefault(profile.model_dump_json(), _Watched(profile))


@cache
def _example(path: Path) -> Profile:
    """An example as it stands."""
    return Profile.model_validate(example_content(path))


def differs(alike: Sequence[Variation], *, by_sentences: bool = False) -> bool:
    """Whether the suite treats one of the profiles unlike the first."""
    for acts in zip(*(_watched(variation.profile) for variation in alike), strict=True):
        seen = [(act.done, act.judged, act.told if by_sentences else ()) for act in acts]
        if any(one != seen[0] for one in seen):
            return True
    return False


def must_be_read(key: Key, root: type[Profile] = Profile, *, by_sentences: bool = False) -> None:
    """Fail if nothing that the suite does depends on the key."""
    tried = False
    for alike in variations(key, [AS_IT_STANDS, *key.others()], root):
        if len(alike) > 1:
            tried = True
            if differs(alike, by_sentences=by_sentences):
                return
    assert tried, f"no two profiles differ in {key} alone; say in variations.VALUES what else may stand there"
    pytest.fail(
        f"nobody reads {key}: whatever it says, the doctor and every scenario ask, do and judge the same. "
        f"Delete it from {key.model.__name__} ({key.model.__module__}), docs and profiles, or have it read.",
        pytrace=False,
    )


@pytest.mark.a_third_a_day
@pytest.mark.parametrize("key", KEYS, ids=str)
def test_every_key_is_read(key: Key) -> None:
    must_be_read(key, by_sentences=(key.model, key.name) in ONLY_TOLD)


@pytest.mark.parametrize("key", [key for key in KEYS if (key.model, key.name) in ONLY_TOLD], ids=str)
def test_what_only_sentences_have_is_not_read_otherwise(key: Key) -> None:
    first = next(alike for alike in variations(key, [AS_IT_STANDS, *key.others()]) if len(alike) > 1)
    assert not differs(first)


@pytest.mark.a_third_a_day
@pytest.mark.parametrize(("key", "one", "other"), WORDS)
def test_no_word_is_taken_for_another(key: Key, one: object, other: object) -> None:
    if not any(differs(alike) for alike in variations(key, [one, other]) if len(alike) > 1):
        pytest.fail(
            f"{key}: {one!r} does the same as {other!r}, so a reader takes one for the other. Let it `match` the "
            "words, and end in assert_never.",
            pytrace=False,
        )


@pytest.mark.a_third_a_day
@pytest.mark.parametrize(("place", "one", "other"), TABLES)
def test_no_kind_of_table_is_taken_for_another(place: KeyPath, one: int, other: int) -> None:
    assert any(differs([tables[one], tables[other]]) for tables in of_kinds(place))


# --- that none of this can be fooled ---


def test_every_kind_of_table_is_looked_at() -> None:
    kinds: dict[KeyPath, set[str]] = defaultdict(set)
    for key in keys():
        for model in models_in(key.field.annotation):
            if (kind := kind_of(model)) is not None:
                kinds[key.places[0]].add(kind)
    assert kinds == {place: {table["kind"] for table in tables} for place, tables in KINDS.items()}


def test_every_model_of_a_profile_is_walked() -> None:
    walked = {key.model for key in keys()}
    declaring = {
        model
        for model in _below(Model)
        if model.__module__.startswith("harness.profile.") and model.__annotations__ and not _below(model) - walked
    }
    assert declaring <= walked


def _below(model: type[BaseModel]) -> set[type[BaseModel]]:
    return {found for sub in model.__subclasses__() for found in (sub, *_below(sub))}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_same_profile_is_always_treated_alike(path: Path) -> None:
    assert list(behaviour(_example(path))) == list(_watched(_example(path)))


def test_each_requirement_passes_with_one_of_the_examples() -> None:
    ended: dict[str, set[str]] = defaultdict(set)
    for path in EXAMPLES:
        _, examined, *played = _watched(_example(path))
        assert examined.judged[0] == "usable", (path.stem, examined.told)
        for act in played:
            ended[act.name] |= set(act.judged)
    assert {name for name, ways in ended.items() if "pass" not in ways} == NEVER_PASS
    unmet = {name for name, ways in ended.items() if "Unmet" in ways}
    assert unmet == {"cookie-session-has-a-prefix"}


class _Planted(Pages):
    """Pages with a key that nobody reads."""

    sign_out_page: UrlPath = "/"


class _Profile(Profile):
    pages: _Planted | None = None


def test_a_new_key_without_a_reader_is_found() -> None:
    (planted,) = set(map(str, keys(_Profile))) - set(map(str, keys()))
    key = next(key for key in keys(_Profile) if str(key) == planted)
    with pytest.raises(pytest.fail.Exception) as failed:
        must_be_read(key, _Profile)
    assert str(failed.value) == (
        "nobody reads pages.sign_out_page: whatever it says, the doctor and every scenario ask, do and judge the "
        f"same. Delete it from _Planted ({__name__}), docs and profiles, or have it read."
    )
