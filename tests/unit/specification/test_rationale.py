"""features/rationale: every requirement says why it matters and how to fix it, in words that can be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.core.groups import grouped
from harness.specification.catalogue import FEATURES, requirements
from harness.specification.rationale import (
    FOLDER,
    LONGEST,
    SHORTEST,
    Rationale,
    RationaleError,
    mismatches,
    rationales,
    read_rationale,
)
from tests.support.features import VENDORS

WHY = "An attacker reads the tasks of every user by way of their ids."
FIX = "Load each task by its id and its owner's id together."


def texts() -> Iterator[tuple[str, str]]:
    for identity, one in rationales().items():
        yield f"why of {identity}", one.why
        yield f"fix of {identity}", one.fix


def test_every_requirement_has_both_texts_and_none_is_left_over() -> None:
    written = {path.stem: read_rationale(path) for path in sorted(FOLDER.glob("*.toml"))}
    wanted = {
        feature: [one.identity for one in found]
        for feature, found in grouped(requirements().values(), lambda one: one.feature).items()
    }
    problems = mismatches(written, wanted)
    assert not problems, "\n".join(problems)


def test_no_two_requirements_share_a_text() -> None:
    shared = {
        words: [place for place, _ in found] for words, found in grouped(texts(), lambda one: one[1]).items()
    }
    assert {words: places for words, places in shared.items() if len(places) > 1} == {}


def test_no_text_names_a_vendor_or_leads_elsewhere() -> None:
    assert [place for place, words in texts() if VENDORS.search(words) or "://" in words] == []


def test_a_text_is_one_line_without_spaces_around_it() -> None:
    assert [place for place, words in texts() if words != " ".join(words.split())] == []


def test_a_requirement_carries_its_texts() -> None:
    one = requirements()["idor-task-read-is-refused"]
    assert Rationale(why=one.why, fix=one.fix) == rationales()[one.identity]
    assert "insecure direct object reference" in one.why


# --- a file that can't be used ---


def written(folder: Path, content: str) -> Path:
    path = folder / "signin.toml"
    path.write_text(content, "utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, f'[one-identity]\nwhy = "{WHY}"\nfix = "{FIX}"\n')
    assert read_rationale(path) == {"one-identity": Rationale(why=WHY, fix=FIX)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[a-b", "signin.toml: is no TOML: "),
        (f'[a-b]\nwhy = "{WHY}"\n', "signin.toml: [a-b] has no fix; write one."),
        (
            f'[a-b]\nwhy = "{WHY}"\nfixx = "{FIX}"\nfix = "{FIX}"\n',
            'signin.toml: [a-b] has a key fixx, which is not known. Did you mean "fix"?',
        ),
        (
            f'[a-b]\nwhy = "{WHY}"\nfix = "{FIX[:-1]}"\n',
            "signin.toml: fix of [a-b] does not end in a full stop.",
        ),
        (
            f'[a-b]\nwhy = "Too short."\nfix = "{FIX}"\n',
            f"signin.toml: why of [a-b] has 10 characters; write {SHORTEST} to {LONGEST}.",
        ),
        (
            f'[a-b]\nwhy = "{"x" * LONGEST}."\nfix = "{FIX}"\n',
            f"signin.toml: why of [a-b] has {LONGEST + 1} characters; write {SHORTEST} to {LONGEST}.",
        ),
        (f'why = "{WHY}"\n', "signin.toml: [why] is no table with two texts, why and fix."),
        (f'[a-b]\nwhy = 1\nfix = "{FIX}"\n', "signin.toml: [a-b] is no table with two texts, why and fix."),
    ],
)
def test_what_is_wrong_is_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(RationaleError) as caught:
        read_rationale(written(tmp_path, content))
    assert str(caught.value).startswith(said)
    assert len(caught.value.problems) == 1


def test_what_is_missing_or_left_over_says_where() -> None:
    missing, left = mismatches({"signin": ["signin-own"]}, {"signin": ["signin-one"], "signout": []})
    assert missing.startswith("features/rationale/signin.toml has no [signin-one]; add it with why (what ")
    assert left.startswith(
        "features/rationale/signin.toml has [signin-own], which is no requirement of signin.feature."
    )
    assert mismatches({"signin": ["signin-one"]}, {"signin": ["signin-one"]}) == []


def test_texts_stand_in_the_file_of_their_feature() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == {path.stem for path in FEATURES.glob("*.feature")}
    said = mismatches({"signin": ["signout-one"], "signout": []}, {"signin": [], "signout": ["signout-one"]})
    assert [sentence.partition(" ")[0] for sentence in said] == [
        "features/rationale/signout.toml",
        "features/rationale/signin.toml",
    ]
