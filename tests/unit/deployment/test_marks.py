"""What shows whose page it is: what the profile says that pages show, and tasks."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.deployment.marks import marks_of, shown_in
from harness.deployment.people import Person, PersonFactory, Task
from harness.profile.loader import load_profile, parse_profile
from harness.profile.profile import Profile
from harness.profile.toml.problems import ProfileError

PROFILE = load_profile("reference")


def showing(*texts: str) -> Profile:
    listed = ", ".join(f"'{text}'" for text in texts)
    return parse_profile(f'extends = "reference"\n[pages]\nshows = [{listed}]\n', "a.toml", Path())


@pytest.fixture
def ann() -> Person:
    return PersonFactory(PROFILE.people, 1).person("Ann")


def test_name_address_and_tasks_are_marks_unless_the_profile_says_otherwise(ann: Person) -> None:
    ann.tasks.append(Task("1", "water the plants", "cnry0123456789abcdef"))
    assert marks_of(PROFILE, ann) == [ann.canary, ann.email, "cnry0123456789abcdef"]
    assert marks_of(PROFILE.model_copy(update={"pages": None}), ann) == ["cnry0123456789abcdef"]


def test_a_profile_names_others(ann: Person) -> None:
    local = ann.email.partition("@")[0]
    profile = showing("@{username}", "{local}", "Hello, {name}")
    assert marks_of(profile, ann) == [f"@{local.replace('.', '')}", local, f"Hello, {ann.name}"]


def test_an_id_counts_once_it_is_known_and_long_enough(ann: Person) -> None:
    profile = showing("{user_id}", "customer {user_id}")
    assert marks_of(profile, ann) == []
    ann.id = "7"
    assert marks_of(profile, ann) == ["customer 7"]
    ann.id = "1234567"
    assert marks_of(profile, ann) == ["1234567", "customer 1234567"]


def test_a_text_that_names_nobody_is_refused() -> None:
    with pytest.raises(ProfileError, match="it is the same for everyone; name the person"):
        showing("Welcome back")


@pytest.mark.parametrize(
    "text",
    ["Hello, ann@example.com!", "HELLO, ANN@EXAMPLE.COM", "ann&#64;example.com", "<b>ann&commat;example.com"],
)
def test_a_mark_is_seen_however_it_is_written(text: str) -> None:
    assert shown_in(text, ["cnry0", "ann@example.com"]) == "ann@example.com"


def test_what_is_not_there_is_not_seen() -> None:
    assert shown_in("Hello, bob@example.com", ["cnry0", "ann@example.com"]) is None
