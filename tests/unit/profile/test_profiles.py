"""Finding and loading profiles, what they leave out, and the addresses of a target."""

import copy
from pathlib import Path
from typing import Any

import pytest

from harness.core.errors import Absent
from harness.profile.capabilities import check
from harness.profile.loader import ProfileError, builtin_names, chain_of, load_profile
from harness.profile.profile import Profile
from harness.profile.target import Target, TargetError, base_url

REFERENCE = chain_of("reference")
Content = dict[str, Any]


@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_profile_loads_under_its_own_name(name: str) -> None:
    assert load_profile(name).name == name


def test_a_profile_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(REFERENCE.own.text.replace('name = "reference"', 'name = "mine"'), "utf-8")
    assert load_profile(str(path)).name == "mine"


def test_what_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'name = "\xff\xfe"')
    with pytest.raises(
        ProfileError, match=r"is not UTF-8 text \(invalid start byte\), as TOML is; save it as UTF-8\."
    ):
        load_profile(str(path))


@pytest.mark.parametrize(("name", "meant"), [("refrence", "reference"), ("better-auht", "better-auth")])
def test_a_misspelt_name_is_corrected(name: str, meant: str) -> None:
    with pytest.raises(ProfileError) as error:
        load_profile(name)
    assert f'there is no profile "{name}"' in str(error.value)
    assert f'Did you mean "{meant}"?' in str(error.value)


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="it is neither a file nor one of"):
        load_profile(str(tmp_path))


# --- what a profile leaves out ---


def without(*keys: str) -> Target:
    """The reference profile without the table at that path, as a target."""
    content = copy.deepcopy(REFERENCE.content())
    place = content
    for key in keys[:-1]:
        place = place[key]
    del place[keys[-1]]
    return Target(Profile.model_validate(content), "http://127.0.0.1:1", "http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("need", "keys", "absence"),
    [
        ("needs-pages", ("pages",), "no pages"),
        ("needs-browser", ("pages",), "no pages"),
        ("needs-token", ("credentials", "token"), "no access token"),
        ("needs-jwt", ("credentials", "token"), "no access token that is a JWT"),
        ("needs-shared-secret", ("credentials", "token"), "no access token that is a JWT"),
        ("needs-jwks", ("operations", "jwks"), "no published keys"),
        ("needs-refresh", ("operations", "refresh"), "no refresh operation"),
        ("needs-proxy", ("proxy",), "no way through a front end"),
        ("needs-sign-out", ("operations", "sign_out"), "no sign-out operation"),
        ("needs-change-password", ("operations", "change_password"), "no change of the password"),
        (
            "needs-change-password-ending-sessions",
            ("operations", "change_password", "ends_other_sessions"),
            "no change of the password that ends other sessions",
        ),
        ("needs-delete-user", ("operations", "delete_user"), "no way to delete an account"),
        ("needs-list-sessions", ("operations", "list_sessions"), "no list of sessions"),
        ("needs-revoke-session", ("operations", "revoke_session"), "no way to end one session"),
        (
            "needs-revoke-other-sessions",
            ("operations", "revoke_other_sessions"),
            "no way to end all other sessions",
        ),
        (
            "needs-revoke-all-sessions",
            ("operations", "revoke_all_sessions"),
            "no way to end all sessions at once",
        ),
    ],
)
def test_what_is_left_out_is_not_applicable(need: str, keys: tuple[str, ...], absence: str) -> None:
    check(Target(load_profile("reference"), "http://127.0.0.1:1", "http://127.0.0.1:1"), (need,))
    with pytest.raises(Absent) as told:
        check(without(*keys), (need,))
    assert told.value.reason == f"The profile declares {absence}."


@pytest.mark.parametrize(("web", "applies"), [("https://a.example", True), ("http://a.example", False)])
def test_https_is_seen_by_the_address(web: str, applies: bool) -> None:
    target = Target(load_profile("reference"), web, web)
    if applies:
        check(target, ("needs-https",))
    else:
        with pytest.raises(Absent, match="plain http"):
            check(target, ("needs-https",))


# --- addresses ---


@pytest.mark.parametrize(
    ("given", "taken"),
    [("https://a.example", "https://a.example"), ("http://[::1]:3000/app/", "http://[::1]:3000/app")],
)
def test_a_base_url(given: str, taken: str) -> None:
    assert base_url(given, "--base-url") == taken


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("a.example", '--base-url "a.example" is not a base URL; write it like https://app.example.com.'),
        (
            "ftp://a.example",
            '--base-url "ftp://a.example" is not a base URL; write it like https://app.example.com.',
        ),
        ("http://", '--base-url "http://" is not a base URL; write it like https://app.example.com.'),
        (
            "http://u:p@a.example",
            (
                "--base-url has a user; write it without, like https://app.example.com. A password that the web "
                'server asks for goes into the profile: `[reach] basic = "{env:GATE_USER}:{env:GATE_PASSWORD}"`.'
            ),
        ),
        (
            "http://a.example/?x=1",
            "--base-url has a query or a fragment; write it without, like https://app.example.com.",
        ),
        ("http://[::1", '--base-url "http://[::1" is not a base URL; write it like https://app.example.com.'),
        ("http://a.example:99999", '--base-url "http://a.example:99999" has an impossible port.'),
    ],
)
def test_what_is_no_base_url_is_told(given: str, sentence: str) -> None:
    with pytest.raises(TargetError) as error:
        base_url(given, "--base-url")
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("location", "outside"),
    [
        ("/tasks", False),
        ("tasks", False),
        ("https://app.example.com/x", False),
        ("https://app.example.com:443/x", False),
        ("http://app.example.com/x", True),
        ("https://evil.invalid/x", True),
        ("//evil.invalid/x", True),
        ("\\\\evil.invalid/x", True),
        ("/\\evil.invalid", True),
        ("https://app.example.com@evil.invalid/", True),
        ("https://app.example.com.evil.invalid/", True),
        ("javascript:alert(1)", True),
        (" https://evil.invalid", True),
        ("///evil.invalid/x", True),
        ("/\t/evil.invalid/x", True),
        ("https:///evil.invalid/x", True),
        ("https://evil.invalid\\@app.example.com/x", True),
        ("java\tscript:alert(1)", True),
        ("data:text/html,x", True),
        # These stay on the own host, or lead nowhere.
        ("/%2f%2fevil.invalid/x", False),
        ("/%5cevil.invalid/x", False),
        ("/\t%2fevil.invalid/x", False),
        ("https:evil.invalid/x", False),
        ("https:/evil.invalid/x", False),
        ("https://APP.example.com/x", False),
        ("https://[evil/x", False),
    ],
)
def test_what_leads_outside(location: str, outside: bool) -> None:
    target = Target(load_profile("reference"), "https://app.example.com", "https://app.example.com")
    assert target.resolves_outside(location, "https://app.example.com/api/auth/sign-in") is outside
