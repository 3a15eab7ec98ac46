"""A profile laid over another: what is merged, what replaces, what is removed, and where a problem stands."""

from pathlib import Path

import pytest

from harness.profile.credentials import CookieSession, TokenSession
from harness.profile.extraction import Extraction
from harness.profile.loader import ProfileError, load_profile, parse_profile

BASE = """\
name = "base"
title = "The base"

[operations.sign_up]
method = "POST"
path = "/signup"
json = { email = "{email}", password = "{password}" }

[operations.sign_in]
method = "POST"
path = "/login"
json = { email = "{email}", password = "{password}" }
outcomes.bad_credentials = { status = 400 }

[operations.session]
method = "GET"
path = "/me"
identity = { id = "/id", email = "/email" }
outcomes.success = { status = 200, pointer = "/email", present = true }

[operations.sign_out]
method = "POST"
path = "/logout"

[credentials.session]
kind = "cookie"
cookie = "sid"
cache_cookies = ["one", "two"]

[credentials.token]
kind = "jwt"
issued_by = "sign_in"
pointer = "/token"
in_query = "token"

[csrf]
kind = "from sign-in"
pointer = "/csrf"
header = "X-CSRF"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.toml").write_text(BASE, "utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


def problem(name_or_file: str) -> str:
    with pytest.raises(ProfileError) as error:
        load_profile(name_or_file)
    return str(error.value)


def test_what_is_written_wins_and_the_rest_is_inherited(folder: Path) -> None:
    child = 'extends = "base.toml"\n[operations.sign_in]\npath = "/enter"\n[people]\ndomain = "example.org"\n'
    profile = load_profile(write(folder, "shop.toml", child))
    sign_in = profile.operations.sign_in
    assert (sign_in.method, sign_in.path, sign_in.body) == (
        "POST",
        "/enter",
        {"email": "{email}", "password": "{password}"},
    )
    assert sign_in.outcomes.bad_credentials[0].status == [400]
    assert profile.people.domain == "example.org"
    assert profile.operations.session == load_profile(str(folder / "base.toml")).operations.session


def test_the_file_names_the_profile_that_extends(folder: Path) -> None:
    profile = load_profile(write(folder, "shop.toml", 'extends = "base.toml"\n'))
    assert (profile.name, profile.title) == ("shop", "shop")
    profile = load_profile(write(folder, "shop.toml", 'extends = "base.toml"\nname = "own"\ntitle = "My own"\n'))
    assert (profile.name, profile.title) == ("own", "My own")


def test_a_value_replaces_whole(folder: Path) -> None:
    child = """\
    extends = "base.toml"
    [operations.sign_in]
    json = { user = "{email}" }
    outcomes.bad_credentials = { status = 401 }
    [operations.session]
    identity = { email = "/mail" }
    outcomes.success = { status = 201 }
    [credentials.session]
    cache_cookies = ["three"]
    """
    profile = load_profile(write(folder, "shop.toml", child))
    assert profile.operations.sign_in.body == {"user": "{email}"}
    assert profile.operations.session.identity.id is None
    assert profile.operations.session.outcomes.success[0].pointer is None
    session = profile.credentials.session
    assert isinstance(session, CookieSession)
    assert (session.cookies, session.cache_cookies) == (["sid"], ["three"])


def test_outcomes_are_inherited_class_by_class(folder: Path) -> None:
    child = 'extends = "base.toml"\n[operations.sign_in]\noutcomes.success = { status = 204 }\n'
    outcomes = load_profile(write(folder, "shop.toml", child)).operations.sign_in.outcomes
    assert (outcomes.success[0].status, outcomes.bad_credentials[0].status) == ([204], [400])


def test_false_removes_a_table(folder: Path) -> None:
    child = 'extends = "base.toml"\ncsrf = false\noperations.sign_out = false\n[credentials]\ntoken = false\n'
    profile = load_profile(write(folder, "shop.toml", child))
    assert profile.csrf is None
    assert profile.operations.sign_out is None
    assert profile.credentials.token is None


def test_false_is_a_value_where_no_table_is_inherited(folder: Path) -> None:
    child = 'extends = "base.toml"\n[operations.sign_up]\nsigns_in = false\njson = { terms = false }\n'
    sign_up = load_profile(write(folder, "shop.toml", child)).operations.sign_up
    assert sign_up.signs_in is False
    assert sign_up.body == {"terms": False}


def test_a_place_in_a_page_replaces_an_inherited_one(folder: Path) -> None:
    (folder / "forms.toml").write_text(
        'extends = "reference"\n[tasks]\nitems = { css = "li" }\nid = { css = "a", attribute = "href" }\n', "utf-8"
    )
    (folder / "mine.toml").write_text(
        'extends = "forms.toml"\n[tasks]\nid = { pattern = "/notes/([0-9]+)" }\n', "utf-8"
    )
    tasks = load_profile(str(folder / "mine.toml")).tasks
    assert tasks is not None
    assert (tasks.items, tasks.id) == (Extraction(css="li"), Extraction(pattern="/notes/([0-9]+)"))


def test_a_form_drops_the_inherited_json(folder: Path) -> None:
    child = 'extends = "base.toml"\n[operations.sign_in]\nform = { username = "{email}" }\n'
    sign_in = load_profile(write(folder, "shop.toml", child)).operations.sign_in
    assert (sign_in.body, sign_in.form) == (None, {"username": "{email}"})


def test_another_place_of_the_token_drops_the_inherited_one(folder: Path) -> None:
    child = 'extends = "base.toml"\n[credentials.token]\nresponse_header = "X-Token"\nheader = "X-Token"\n'
    token = load_profile(write(folder, "shop.toml", child)).credentials.token
    assert token is not None
    assert (token.pointer, token.response_header) == (None, "X-Token")
    assert (token.in_query, token.header, token.kind) == (None, "X-Token", "jwt")


def test_another_kind_of_session_drops_what_the_inherited_kind_said(folder: Path) -> None:
    child = 'extends = "base.toml"\n[credentials.session]\nkind = "token"\n'
    session = load_profile(write(folder, "shop.toml", child)).credentials.session
    assert session == TokenSession(kind="token")


def test_a_chain_is_followed_from_each_file_s_own_folder(folder: Path) -> None:
    write(folder, "middle/middle.toml", 'extends = "../base.toml"\n[operations.sign_in]\npath = "/middle"\n')
    last = write(folder, "last.toml", 'extends = "middle/middle.toml"\n[operations.sign_up]\npath = "/last"\n')
    operations = load_profile(last).operations
    assert (operations.sign_up.path, operations.sign_in.path, operations.session.path) == (
        "/last",
        "/middle",
        "/me",
    )


def test_a_built_in_profile_is_extended_by_its_name() -> None:
    profile = parse_profile('extends = "better-auth"\npages = false\n', "mine.toml")
    assert profile.pages is None
    assert profile.operations.sign_in == load_profile("better-auth").operations.sign_in


def test_text_is_looked_up_from_the_folder_that_is_given(folder: Path) -> None:
    assert parse_profile('extends = "base.toml"\n', "mine.toml", folder).operations.sign_in.path == "/login"


def test_a_problem_in_the_parent_names_the_parent(folder: Path) -> None:
    write(folder, "base.toml", BASE.replace('path = "/me"', 'path = "me"'))
    child = write(folder, "shop.toml", 'extends = "base.toml"\n\n[operations.sign_in]\npath = "enter"\n')
    assert problem(child).splitlines() == [
        f'{child}:4: operations.sign_in.path: a path starts with "/"; write "/enter".',
        f'{folder / "base.toml"}:17: operations.session.path: a path starts with "/"; write "/me".',
    ]


def test_what_is_missing_in_the_own_table_is_told_there(folder: Path) -> None:
    child = write(folder, "shop.toml", 'extends = "base.toml"\n\n[operations.jwks]\nmethod = "GET"\n')
    assert problem(child) == (
        f'{child}:3: operations.jwks: the key "path" is missing; add a line such as `path = "/api/auth/jwks"`.'
    )


def test_what_is_missing_in_the_parent_is_told_at_extends(folder: Path) -> None:
    write(folder, "base.toml", BASE.replace('path = "/me"\n', ""))
    child = write(folder, "shop.toml", 'name = "shop"\nextends = "base.toml"\n')
    assert problem(child).startswith(f'{child}:2: operations.session: the key "path" is missing; ')


def test_a_removal_that_leaves_something_dangling_is_told(folder: Path) -> None:
    child = write(folder, "shop.toml", 'extends = "reference"\n[credentials]\ntoken = false\n')
    assert problem(child).startswith("_shared.toml (built in):")
    assert problem(child).endswith(
        ": tasks.credential speaks of an access token, and this profile has none; "
        'write `credential = "session"`, or describe the token in [credentials.token].'
    )


def test_a_misspelt_removal_removes_nothing_in_silence(folder: Path) -> None:
    child = write(folder, "shop.toml", 'extends = "base.toml"\noperations.sign_uot = false\n')
    assert problem(child) == f'{child}:2: operations: the key "sign_uot" is not known; write `sign_out = false`.'


def test_removing_what_is_not_there_is_told(folder: Path) -> None:
    child = write(folder, "shop.toml", 'extends = "base.toml"\noperations.jwks = false\n')
    assert problem(child) == (
        f"{child}:2: operations.jwks = false removes an inherited table, and none is inherited; remove this line."
    )


def test_a_circle_is_one_sentence(folder: Path) -> None:
    one, two = folder / "one.toml", folder / "two.toml"
    write(folder, "one.toml", 'extends = "two.toml"\n')
    write(folder, "two.toml", '# back again\nextends = "one.toml"\n')
    assert problem(str(one)) == (
        f"{two}:2: extends forms a circle, {one} → {two} → {one}; remove one of these lines."
    )


def test_a_profile_does_not_extend_itself(folder: Path) -> None:
    own = write(folder, "own.toml", 'extends = "own.toml"\n')
    assert problem(own) == f"{own}:1: extends forms a circle, {own} → {own}; remove one of these lines."


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param(
            '"bas.toml"',
            'names "bas.toml", which is neither a built-in profile (better-auth or reference) nor a file beside '
            'this one; write `extends = "base.toml"`.',
            id="a file misspelt",
        ),
        pytest.param(
            '"/no/such/folder"',
            'names "/no/such/folder", which is neither a built-in profile (better-auth or reference) nor a file '
            "beside this one; write one of these names, or the file's path.",
            id="no file",
        ),
        pytest.param(
            "true",
            "takes the name of a built-in profile (better-auth or reference) or of a file beside this one; write "
            'it like `extends = "better-auth"`.',
            id="no name",
        ),
    ],
)
def test_what_can_t_be_extended_is_told(folder: Path, value: str, told: str) -> None:
    child = write(folder, "shop.toml", f"# mine\nextends = {value}\n")
    assert problem(child) == f"{child}:2: extends {told}"


def test_a_parent_that_is_not_toml_is_named(folder: Path) -> None:
    parent = write(folder, "base.toml", BASE + "oops\n")
    child = write(folder, "shop.toml", 'extends = "base.toml"\n')
    assert problem(child).startswith(f"{parent}:{len(BASE.splitlines()) + 1}: this is not TOML: ")
