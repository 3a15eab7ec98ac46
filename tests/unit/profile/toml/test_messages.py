"""Wrong profiles, and the message that each one gets: the line, what is wrong, and what to write."""

import pytest

from harness.profile.loader import ProfileError, parse_profile

MINIMAL = """\
name = "shop"
title = "The shop's own accounts"

[operations.sign_up]
method = "POST"
path = "/signup"
json = { email = "{email}", password = "{password}" }

[operations.sign_in]
method = "POST"
path = "/login"
json = { email = "{email}", password = "{password}" }

[operations.session]
method = "GET"
path = "/me"
identity = { id = "/user/id", email = "/user/email" }

[credentials.session]
kind = "cookie"
cookie = "sid"
"""
TOKEN = """
[credentials.token]
kind = "jwt"
issued_by = "sign_in"
pointer = "/token"
"""
PLACEHOLDERS = (
    "{name}, {email}, {password}, {new_password}, {new_name}, {username}, {user_id}, {refresh_token}, "
    "{session_id}, {task_id} and {title}"
)


def edited(old: str, new: str, text: str = MINIMAL) -> str:
    assert old in text
    return text.replace(old, new, 1)


def messages(text: str) -> list[str]:
    with pytest.raises(ProfileError) as error:
        parse_profile(text, "mine.toml")
    return str(error.value).splitlines()


def test_the_profile_that_is_changed_here_is_right() -> None:
    assert parse_profile(MINIMAL + TOKEN, "mine.toml").name == "shop"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            edited('method = "POST"', 'methd = "POST"'),
            'mine.toml:5: operations.sign_up: the key "methd" is not known; write `method = "POST"`.',
            id="a typo in a key",
        ),
        pytest.param(
            edited('json = { email = "{email}"', 'josn = { email = "{email}"'),
            'mine.toml:7: operations.sign_up: the key "josn" is not known; write "json".',
            id="a typo in the key of a table",
        ),
        pytest.param(
            edited("[operations.session]", "[operations.sesion]"),
            'mine.toml:14: operations: the key "sesion" is not known; write "session".',
            id="a typo in a header",
        ),
        pytest.param(
            MINIMAL + '\n[mailbox]\nurl = "/mail"\n',
            'mine.toml:23: the key "mailbox" is not known; remove it, or write one of name, title, operations, '
            "credentials, outcomes, csrf, jwt, tasks, proxy, resources, user_lookups, pages, people, rate_limit, "
            "age_session, intrusive, reach, public_origin, trusted_origins, production, plain_http or custom.",
            id="a key that resembles none",
        ),
        pytest.param(
            MINIMAL[: MINIMAL.index("[operations.session]")] + '[credentials.session]\nkind = "token"\n' + TOKEN,
            "mine.toml:4: the table operations.session is missing; add `[operations.session]` with method, "
            "path and identity.",
            id="a missing operation",
        ),
        pytest.param(
            edited('path = "/login"\n', ""),
            'mine.toml:9: operations.sign_in: the key "path" is missing; add a line such as '
            '`path = "/api/auth/sign-in/email"`.',
            id="a missing key",
        ),
        pytest.param(
            edited('kind = "cookie"\n', ""),
            'mine.toml:19: credentials.session: the key "kind" is missing; add a line such as '
            '`kind = "cookie"` (there are "cookie" and "token").',
            id="a missing kind",
        ),
        pytest.param(
            edited('kind = "cookie"', 'kind = "cookies"'),
            'mine.toml:20: credentials.session.kind takes one of "cookie" or "token"; write `kind = "cookie"`.',
            id="a wrong kind",
        ),
        pytest.param(
            edited('method = "GET"', 'method = "get"'),
            'mine.toml:15: operations.session.method takes one of "GET", "POST", "PUT", "PATCH" or "DELETE"; '
            'write `method = "GET"`.',
            id="a wrong method",
        ),
        pytest.param(
            edited('path = "/me"', 'path = "me"'),
            'mine.toml:16: operations.session.path: a path starts with "/"; write "/me".',
            id="a path without slash",
        ),
        pytest.param(
            edited('"/user/id"', '"user/id"'),
            'mine.toml:17: operations.session.identity.id: a JSON pointer starts with "/" (RFC 6901); '
            'write "/user/id".',
            id="a pointer without slash",
        ),
        pytest.param(
            MINIMAL + edited('"sign_in"', '"signin"', TOKEN),
            "mine.toml:25: credentials.token.issued_by names no operation of this profile; write "
            '`issued_by = "sign_in"` (there are sign_up, sign_in and session).',
            id="an unknown issuer",
        ),
        pytest.param(
            edited('path = "/login"', 'path = "/login"\nform = { email = "{email}" }'),
            'mine.toml:9: operations.sign_in: an operation sends "json" or "form", not both; remove one.',
            id="two bodies",
        ),
        pytest.param(
            edited('path = "/me"', 'path = "/me"\noutcomes.success = { status = 200, contains = "(hello" }'),
            "mine.toml:17: operations.session.outcomes.success.contains: not a regular expression: missing ), "
            "unterminated subpattern at position 0.",
            id="a bad regular expression",
        ),
        pytest.param(
            edited('path = "/me"', 'path = "/me"\noutcomes.success = [{ status = 200 }, { status = "20x" }]'),
            "mine.toml:17: operations.session.outcomes.success[1].status: not a status; write a number such "
            'as 200, or a class such as "2xx".',
            id="a bad status in a list",
        ),
        pytest.param(
            MINIMAL + "\n[outcomes]\nsuccess = 200\n",
            "mine.toml:24: outcomes.success takes a table, or a list of tables; write something like "
            "`success = { status = [200] }`.",
            id="a status where a predicate belongs",
        ),
        pytest.param(
            MINIMAL + '\n[people]\nmin_password_length = "eight"\n',
            'mine.toml:24: people.min_password_length takes a whole number from 1 to 64 or "none"; write '
            "something like `min_password_length = 12`.",
            id="neither of two types",
        ),
        pytest.param(
            edited('path = "/signup"', 'path = "/signup"\nsigns_in = "perhaps"'),
            "mine.toml:7: operations.sign_up.signs_in takes true or false; write something like "
            "`signs_in = true`.",
            id="a wrong type",
        ),
        pytest.param(
            edited('path = "/signup"', 'path = "/signup"\nheaders = { X-Shop = 1 }'),
            "mine.toml:7: operations.sign_up.headers takes a table of texts in quotation marks; write "
            'something like `headers = { some-key = "..." }`.',
            id="a wrong type in a free table",
        ),
        pytest.param(
            "pages = false\n" + MINIMAL,
            "mine.toml:1: pages = false removes an inherited table, and none is inherited; remove this line.",
            id="nothing to remove",
        ),
        pytest.param(
            edited("{email}", "{emial}"),
            "mine.toml:7: operations.sign_up.json.email asks for {emial}, which is not known; write {email}; "
            f"there are {PLACEHOLDERS}.",
            id="an unknown placeholder",
        ),
        pytest.param(
            MINIMAL + '\n[people]\nemail = "qa@{domian}"\n',
            "mine.toml:24: people.email asks for {domian}, which is not known; write {domain}; there are "
            "{local} and {domain}.\n"
            'mine.toml:24: people.email gives everybody the same address; write `email = "{local}@{domain}"`.',
            id="an address for everybody",
        ),
        pytest.param(
            edited('path = "/login"', 'path = "/login"\nheaders = { X-Api-Key = "{env:NOT_SET_ANYWHERE}" }'),
            "mine.toml:12: operations.sign_in.headers.X-Api-Key asks for the environment variable "
            "NOT_SET_ANYWHERE, which is not set; run `export NOT_SET_ANYWHERE=...`.",
            id="an unset environment variable",
        ),
        pytest.param(
            edited('path = "/me"', 'path = "/me"\ncredential = "token"'),
            "mine.toml:17: operations.session.credential speaks of an access token, and this profile has "
            'none; write `credential = "session"`, or describe the token in [credentials.token].',
            id="a token that is not there",
        ),
        pytest.param(
            "title = The shop\n",
            "mine.toml:1: this is not TOML: Invalid value, at column 9. "
            'Texts stand in quotation marks: `key = "value"`.',
            id="not TOML",
        ),
        pytest.param(
            MINIMAL + "\n[people\n",
            "mine.toml:23: this is not TOML: Expected ']' at the end of a table declaration, at column 8. "
            'Texts stand in quotation marks: `key = "value"`.',
            id="not TOML further down",
        ),
        pytest.param(
            'extends = "better-aut"\n',
            'mine.toml:1: extends names "better-aut", which is neither a built-in profile (better-auth or '
            'reference) nor a file beside this one; write `extends = "better-auth"`.',
            id="an unknown profile to extend",
        ),
    ],
)
def test_each_mistake_gets_its_message(text: str, told: str) -> None:
    assert messages(text) == told.splitlines()


SECRET = "f4c1-Zk39/qq=+deadbeef"


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL + f'\n[jwt]\nsecret_env = "{SECRET}"\n',
        MINIMAL + f'\n[jwt]\nsecret = "{SECRET}"\n',
        MINIMAL + f'\n[age_session]\ndatabase_env = "postgres://u:{SECRET}@db/shop"\nstatement = "UPDATE ..."\n',
        edited('kind = "cookie"', f'kind = "{SECRET}"'),
        edited('method = "GET"', f'method = "{SECRET}"'),
        MINIMAL + f'\n[jwt]\nleeway = "{SECRET}"\n',
    ],
)
def test_a_secret_in_the_file_is_in_no_message(text: str) -> None:
    told = "\n".join(messages(text))
    assert "mine.toml:" in told
    assert SECRET not in told


def test_a_secret_where_a_variable_belongs_is_explained() -> None:
    [told] = messages(MINIMAL + f'\n[jwt]\nsecret_env = "{SECRET}"\n')
    assert told == (
        "mine.toml:24: jwt.secret_env: this is the name of an environment variable, and never the secret itself: "
        'a profile is committed. Write a name such as "APP_JWT_SECRET", and set that variable where the suite '
        "runs."
    )


def test_what_is_nested_too_deep_is_told() -> None:
    assert messages(f"name = {'[' * 5000}") == ["mine.toml: its arrays or tables are nested too deep to be read."]


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = MINIMAL.replace('"/login"', '"login"').replace('"/user/id"', '"user/id"').replace("{email}", "{mail}")
    text = text.replace('cookie = "sid"', 'cokie = "sid"')
    places = [message.split(":")[1] for message in messages(text)]
    assert places == ["7", "11", "12", "17", "21"]


def test_outcomes_that_every_operation_inherits_are_told_once_where_they_stand() -> None:
    assert messages(MINIMAL + "\n[outcomes]\nsuccess = { status = 200, pointr = 1 }\n") == [
        'mine.toml:24: outcomes.success: the key "pointr" is not known; write `pointer = "/data/id"`.'
    ]
