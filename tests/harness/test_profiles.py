"""Whatever is wrong with a profile ends in a sentence that says what to write."""

import copy
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from harness.gates import check
from harness.target.loading import ProfileError, builtin_names, load_profile, parse_profile
from harness.target.profile import Profile
from harness.target.target import Target, TargetError, base_url
from harness.verdict import NotApplicable

TEXT = files("harness.target").joinpath("reference.toml").read_text("utf-8")
Content = dict[str, Any]


def edited(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def problem(text: str) -> str:
    with pytest.raises(ProfileError) as error:
        parse_profile(text, "mine.toml")
    return str(error.value)


@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_profile_loads_under_its_own_name(name: str) -> None:
    assert load_profile(name).name == name


def test_a_profile_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(edited('name = "reference"', 'name = "mine"'), "utf-8")
    assert load_profile(str(path)).name == "mine"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            edited("[operations.sign_out]", "[operations.sign_uot]"),
            'mine.toml: the key "operations.sign_uot" is not known (did you mean "sign_out"?).',
            id="a misspelt table",
        ),
        pytest.param(
            edited("signs_in = true", "sings_in = true"),
            'mine.toml: the key "operations.sign_up.sings_in" is not known (did you mean "signs_in"?).',
            id="a misspelt key",
        ),
        pytest.param(
            edited("json = {}", "jsn = {}"),
            'mine.toml: the key "operations.sign_out.jsn" is not known (did you mean "json"?).',
            id="a misspelt alias",
        ),
        pytest.param(
            edited('200, pointer = "/user/email"', '200, poiner = "/user/email"'),
            'mine.toml: the key "operations.session.outcomes.success.0.poiner" is not known '
            '(did you mean "pointer"?).',
            id="a misspelt key in a list",
        ),
        pytest.param(
            edited('title = "The reference backend (FastAPI)"\n', ""),
            'mine.toml: the key "title" is missing.',
            id="a missing key",
        ),
        pytest.param(
            edited('kind = "cookie"\n', ""),
            'mine.toml: the key "credentials.session.kind" is missing.',
            id="a missing key in a table",
        ),
        pytest.param(
            edited("signs_in = true", 'signs_in = "perhaps"'),
            'mine.toml: "operations.sign_up.signs_in": Input should be a valid boolean, unable to '
            "interpret input.",
            id="a wrong type",
        ),
        pytest.param(
            edited('method = "POST"', 'method = "post"'),
            "mine.toml: \"operations.sign_up.method\": Input should be 'GET', 'POST', 'PUT', 'PATCH' or 'DELETE'.",
            id="a wrong word",
        ),
        pytest.param(
            edited('id = "/user/id"', 'id = "user/id"'),
            'mine.toml: "operations.session.identity.id": a JSON pointer starts with "/" (RFC 6901); '
            'write "/user/id".',
            id="a pointer without slash",
        ),
        pytest.param(
            edited('path = "/api/auth/sign-out"', 'path = "api/auth/sign-out"'),
            'mine.toml: "operations.sign_out.path": a path starts with "/"; write "/api/auth/sign-out".',
            id="a path without slash",
        ),
        pytest.param(
            edited('bad_credentials = "Invalid', 'bad_credentials = "(Invalid'),
            'mine.toml: "pages.bad_credentials": not a regular expression: missing ), unterminated subpattern '
            "at position 0.",
            id="no regular expression",
        ),
        pytest.param(
            edited('json = { name = "{name}", email', 'form = { a = "b" }\njson = { name = "{name}", email'),
            'mine.toml: "operations.sign_up": an operation sends "json" or "form", not both.',
            id="two bodies",
        ),
        pytest.param(
            edited(', pointer = "/user/email", present = true', ", present = true"),
            'mine.toml: "operations.session.outcomes.success.0": "equals" and "present" speak of a place in the '
            'body; give "pointer" as well.',
            id="a condition on nothing",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, sentence: str) -> None:
    assert problem(text).replace("known. Did", "known Did").replace("?.", "?.") == sentence


def test_every_mistake_is_told_at_once() -> None:
    text = edited("signs_in = true", "sings_in = true").replace('id = "/user/id"', 'id = "user/id"')
    told = problem(text)
    assert "sings_in" in told
    assert 'write "/user/id"' in told


def test_a_status_that_is_none_is_named() -> None:
    told = problem(edited("status = 200, null_body", 'status = "20x", null_body'))
    assert '"operations.session.outcomes.unauthenticated.0.status.0' in told


def test_what_is_not_toml_is_told_with_its_line() -> None:
    told = problem("name = reference\n")
    assert told.startswith("mine.toml is not TOML: ")
    assert "line 1" in told


def test_what_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'name = "\xff\xfe"')
    with pytest.raises(ProfileError, match="is not TOML: it holds bytes that are not UTF-8"):
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
    content = copy.deepcopy(tomllib.loads(TEXT))
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
    ],
)
def test_what_is_left_out_is_not_applicable(need: str, keys: tuple[str, ...], absence: str) -> None:
    check(Target(load_profile("reference"), "http://127.0.0.1:1", "http://127.0.0.1:1"), (need,))
    with pytest.raises(NotApplicable) as told:
        check(without(*keys), (need,))
    assert told.value.reason == f'The profile "reference" declares {absence}.'


@pytest.mark.parametrize(("web", "applies"), [("https://a.example", True), ("http://a.example", False)])
def test_https_is_seen_by_the_address(web: str, applies: bool) -> None:
    target = Target(load_profile("reference"), web, web)
    if applies:
        check(target, ("needs-https",))
    else:
        with pytest.raises(NotApplicable, match="plain http"):
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
        ("http://u:p@a.example", "--base-url is a plain base URL: without user, query or fragment."),
        ("http://a.example/?x=1", "--base-url is a plain base URL: without user, query or fragment."),
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
    ],
)
def test_what_leads_outside(location: str, outside: bool) -> None:
    target = Target(load_profile("reference"), "https://app.example.com", "https://app.example.com")
    assert target.resolves_outside(location, "https://app.example.com/api/auth/sign-in") is outside


def test_the_schema_can_be_written_for_editors() -> None:
    schema = Profile.model_json_schema(by_alias=True)
    assert json.loads(json.dumps(schema))["additionalProperties"] is False


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('issued_by = "token"', 'issued_by = "tokens"', 'issued_by = "tokens" names no operation of this profile'),
        (
            "status = 200, pointer",
            'status = "20x", pointer',
            'write a number such as 200, or a class such as "2xx"',
        ),
    ],
)
def test_what_points_nowhere_is_told_with_what_to_write(old: str, new: str, sentence: str) -> None:
    assert sentence in problem(edited(old, new))
