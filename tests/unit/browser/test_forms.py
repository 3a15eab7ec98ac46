"""Forms are filled in as the profile says."""

from __future__ import annotations

import pytest

from harness.browser.forms import key_of, sign_in_form, sign_up_form, sign_up_page
from harness.core.errors import Absent
from harness.profile.loader import parse_profile
from harness.profile.pages import Pages

VALUES = {"name": "Zoe", "email": "zoe@example.com", "password": "her password", "username": "zoe"}
FURTHER = """
confirm = { value = "Retype password" }
[[pages.fields]]
value = "Company"
fill = "Company of {name}"
[[pages.fields]]
value = "I agree"
check = true
[[pages.fields]]
page = "sign_in"
value = "Team"
fill = "{username}"
"""


def pages(added: str) -> Pages:
    """The reference backend's pages, changed."""
    found = parse_profile(f'extends = "reference"\n[pages]\n{added}\n', "mine.toml").pages
    assert found is not None
    return found


def test_sign_up_fills_in_all_that_the_profile_names() -> None:
    form = sign_up_form(pages(FURTHER), VALUES)
    assert [(field.value, value) for field, value in form.entries] == [
        ("Name", "Zoe"),
        ("Email", "zoe@example.com"),
        ("Password", "her password"),
        ("Retype password", "her password"),
        ("Company", "Company of Zoe"),
        ("I agree", True),
    ]
    assert (form.path, form.button) == ("/signup", "Sign up")


def test_sign_up_fills_in_no_name_where_none_is_named() -> None:
    form = sign_up_form(pages("name = false"), VALUES)
    assert [field.value for field, _ in form.entries] == ["Email", "Password"]


def test_sign_in_fills_in_its_own_fields() -> None:
    form = sign_in_form(pages(FURTHER), VALUES)
    assert [(field.value, value) for field, value in form.entries] == [
        ("Email", "zoe@example.com"),
        ("Password", "her password"),
        ("Team", "zoe"),
    ]


def test_an_empty_password_is_typed_as_it_is() -> None:
    form = sign_in_form(pages(""), {**VALUES, "password": ""})
    assert [value for _, value in form.entries] == ["zoe@example.com", ""]


def test_without_a_sign_up_page_there_is_no_form() -> None:
    for ask in (sign_up_page, lambda found: sign_up_form(found, VALUES)):
        with pytest.raises(Absent, match="The profile declares no sign-up page"):
            ask(pages("sign_up = false"))


def test_a_place_is_called_by_its_key() -> None:
    found = pages(f'sign_out_steps = ["Account menu"]\n{FURTHER}')
    assert key_of(found, found.email) == "pages.email"
    assert key_of(found, found.fields[1]) == "pages.fields"
    assert key_of(found, "Account menu") == "pages.sign_out_steps"
    assert key_of(found, "Sign out") == "pages.sign_out_button"
