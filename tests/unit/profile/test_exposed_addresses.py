"""Routes that look up users and the http address are refused where they can't be meant."""

from __future__ import annotations

import pytest

from harness.profile.loader import ProfileError, parse_profile
from harness.profile.profile import Profile
from tests.unit.profile.toml.test_messages import MINIMAL


def parsed(line: str) -> Profile:
    return parse_profile(f"{line}\n{MINIMAL}", "mine.toml")


def test_one_path_is_a_list_of_one() -> None:
    assert parsed('user_lookups = "/users/{user_id}"').user_lookups == ["/users/{user_id}"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('user_lookups = ["users"]', 'a path starts with "/"; write "/users"'),
        (
            'user_lookups = ["/users?name={name}"]',
            '"{name}" is nothing that users are looked up by; write {email}',
        ),
        (f"user_lookups = {['/users'] * 21}".replace("'", '"'), "mine.toml:1: user_lookups"),
        ('plain_http = "https://app.example.com"', 'write it like "http://app.example.com"'),
        ('plain_http = "http://app.example.com/"', "not an origin"),
    ],
)
def test_what_can_t_be_meant_is_refused_with_its_line(line: str, sentence: str) -> None:
    with pytest.raises(ProfileError) as error:
        parsed(line)
    assert sentence in str(error.value)
    assert str(error.value).startswith("mine.toml:1: ")
