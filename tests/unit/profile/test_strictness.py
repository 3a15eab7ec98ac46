"""What can't be meant is refused where it is written: wrong types, impossible numbers, texts that break a request.

Each ends in one sentence with its line, and in exit code 4; nothing in a file ends in a traceback.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.profile.credentials import Token
from harness.profile.draft import FILL_IN
from harness.profile.loader import ProfileError, load_profile, parse_profile
from harness.profile.profile import People
from tests.unit.profile.toml.test_messages import MINIMAL

TOKEN = '[credentials.token]\nkind = "opaque"\nissued_by = "sign_in"\n'
TASKS = (
    '[tasks]\nbase = "web"\ncredential = "session"\nlist = { method = "GET", path = "/t" }\n'
    'create = { method = "POST", path = "/t" }\n'
)
LINES = len(MINIMAL.splitlines())


def told(added: str, whole: str = MINIMAL) -> str:
    """The one message for a profile with something more at its end, without its file and line."""
    with pytest.raises(ProfileError) as error:
        parse_profile(f"{whole}{added}\n", "mine.toml")
    place, _, sentence = str(error.value).partition(": ")
    assert place == f"mine.toml:{LINES + added.count(chr(10)) + 1}"
    return sentence


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (
            f'{TOKEN}pointer = "/t"\nlifetime = "900"',
            "credentials.token.lifetime takes a whole number from 1 to 31536000; write `lifetime = 900`.",
        ),
        (
            f'{TOKEN}pointer = "/t"\nlifetime = 0.5',
            (
                "credentials.token.lifetime takes a whole number from 1 to 31536000; write something like "
                "`lifetime = 900`."
            ),
        ),
        (
            "lifetime = -5",
            (
                "credentials.session.lifetime takes a whole number from 1 to 31536000; write something like "
                "`lifetime = 900`."
            ),
        ),
        (
            'leeway = "15"',
            "credentials.session.leeway takes a number from 0 to 3600; write `leeway = 15`.",
        ),
        (
            "leeway = -1",
            "credentials.session.leeway takes a number from 0 to 3600; write something like `leeway = 15`.",
        ),
        (
            f'{TOKEN}pointer = "/t"\nmax_lifetime = 0',
            (
                "credentials.token.max_lifetime takes a whole number from 1 to 31536000; write something like "
                "`max_lifetime = 900`."
            ),
        ),
        (
            "[people]\nmin_password_length = -3",
            (
                'people.min_password_length takes a whole number from 1 to 64 or "none"; write something like '
                "`min_password_length = 12`."
            ),
        ),
        (
            "[people]\nmin_password_length = 100000000",
            (
                'people.min_password_length takes a whole number from 1 to 64 or "none"; write something like '
                "`min_password_length = 12`."
            ),
        ),
        (
            '[people]\nmin_password_length = "10"',
            (
                'people.min_password_length takes a whole number from 1 to 64 or "none"; write '
                "`min_password_length = 10`."
            ),
        ),
        ("[jwt]\nleeway = -1", "jwt.leeway takes a number from 0 to 3600; write something like `leeway = 15`."),
        ("[jwt]\nleeway = nan", "jwt.leeway takes a number from 0 to 3600; write something like `leeway = 15`."),
        ('[jwt]\nleeway = "0.5"', "jwt.leeway takes a number from 0 to 3600; write `leeway = 0.5`."),
        (
            "[jwt]\nalgorithms = [5]",
            (
                "jwt.algorithms takes a list of texts in quotation marks; write something like "
                '`algorithms = ["HS256", "EdDSA"]`.'
            ),
        ),
        (
            "[outcomes]\nmissing = []",
            (
                "outcomes.missing takes a table, or a list of tables; write something like "
                "`missing = { status = [200] }`."
            ),
        ),
        (
            "[outcomes]\nmissing = { status = 200, null_body = 1 }",
            "outcomes.missing.null_body takes true or false; write something like `null_body = true`.",
        ),
    ],
)
def test_a_value_of_another_type_or_beyond_its_bounds_is_told(added: str, sentence: str) -> None:
    assert told(added) == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "sign_up = true",
            'pages.sign_up takes text in quotation marks or false; write something like `sign_up = "/signup"`.',
        ),
        (
            'fields = { value = "Company" }',
            'pages.fields: a field is filled or ticked; write `fill = "..."` or `check = true`, and one of them.',
        ),
        (
            'fields = [{ value = "Company", fill = "{nme}" }]',
            (
                "pages.fields[0].fill asks for {nme}, which is not known; write {name}; there are {name}, "
                "{email}, {password} and {username}."
            ),
        ),
    ],
)
def test_what_pages_can_not_mean_is_refused(line: str, sentence: str) -> None:
    with pytest.raises(ProfileError) as error:
        parse_profile(f'extends = "reference"\n[pages]\n{line}\n', "mine.toml")
    assert str(error.value) == f"mine.toml:3: {sentence}"


HEADER = 'not the name of a header: letters, digits and "-" (RFC 9110, 5.6.2); write it like "X-Api-Key".'
VALUE = "a header's value is one line of ASCII characters; remove line breaks, tabs and others."
COOKIE = 'not the name of a cookie: without spaces, control characters, ";", "," and "="; write it like "sid".'


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (f'{TOKEN}pointer = "/t"\nheader = "X-A\\r\\nX-B"', f"credentials.token.header: {HEADER}"),
        (f'{TOKEN}pointer = "/t"\nscheme = "Bearer\\n"', f"credentials.token.scheme: {VALUE}"),
        (f'{TOKEN}response_header = "X Token"', f"credentials.token.response_header: {HEADER}"),
        (f'{TOKEN}cookie = "t;"', f"credentials.token.cookie: {COOKIE}"),
        (f'{TOKEN}pointer = "/t"\nin_cookie = "t\\u0000"', f"credentials.token.in_cookie: {COOKIE}"),
        (f'{TOKEN}pointer = "/t"\nin_cookie = ""', f"credentials.token.in_cookie: {COOKIE}"),
        (
            f'{TOKEN}cookie = "__Host-t"',
            'credentials.token.cookie: a cookie is named without __Host- and __Secure-; write "t".',
        ),
        (
            '[operations.sign_out]\nmethod = "POST"\npath = "/x"\nheaders = { "X-A\\r\\nB" = "b" }',
            f'operations.sign_out.headers."X-A\\r\\nB": {HEADER}',
        ),
        (
            '[operations.sign_out]\nmethod = "POST"\npath = "/x"\nheaders = { X-A = "b\\r\\nX-C: d" }',
            f"operations.sign_out.headers.X-A: {VALUE}",
        ),
        (
            '[operations.sign_out]\nmethod = "POST"\npath = "/sign out"',
            'operations.sign_out.path: a path has no white space, control character or "#"; write a space as %20.',
        ),
        (
            '[operations.sign_out]\nmethod = "POST"\npath = "/x"\njson = { at = [{ day = 2030-01-31 }] }',
            (
                "operations.sign_out.json: at[0].day is a date or a time, which JSON does not have; write it in "
                "quotation marks."
            ),
        ),
        (
            '[operations.sign_out]\nmethod = "POST"\npath = "/x"\njson = { most = inf }',
            "operations.sign_out.json: most is no number that JSON has; write a finite one.",
        ),
        (
            '[outcomes]\nmissing = { status = 200, pointer = "/a~b", present = true }',
            (
                'outcomes.missing.pointer: in a JSON pointer "~" stands for another character (RFC 6901); '
                'write "~0" for it.'
            ),
        ),
        (
            '[outcomes]\nmissing = { status = 200, sets_cookie = "a=b" }',
            f"outcomes.missing.sets_cookie: {COOKIE}",
        ),
        (
            '[people]\ndomain = "example.com/x"',
            (
                'people.domain: not a domain; write it like "example.com", and an '
                "international one in its ASCII form."
            ),
        ),
        (
            '[people]\nemail = "{local}@{domain"',
            'people.email is not an address; write one such as `email = "{local}@{domain}"`.',
        ),
        (
            '[age_session]\ndatabase_env = "SHOP_DB"\nstatement = "DELETE FROM session"',
            (
                "age_session.statement: it would end everybody's sessions; name the person by `:email` or "
                "`:user_id`, or the session itself by `:session`: `... WHERE email = :email`."
            ),
        ),
        (
            (
                '[age_session]\ndatabase_env = "SHOP_DB"\nstatement = "DELETE FROM session WHERE email = :email"\n'
                "elapse = \"UPDATE session SET ends = ends - interval '1 day' WHERE email = :email\""
            ),
            (
                "age_session.elapse: say by how many seconds: "
                "`... SET ends = ends - :seconds * interval '1 second' WHERE ...`."
            ),
        ),
        (
            f'{TASKS}items = {{ css = "li[" }}',
            "tasks.items.css: not a CSS selector: Expected ident or '*', got <EOF at 3>.",
        ),
        (
            f'{TASKS}items = {{ pattern = "<li>.*" }}',
            (
                "tasks.items.pattern: a pattern has one group, around the value: a part in parentheses such as "
                '([^"]+).'
            ),
        ),
        (
            f'{TASKS}title = {{ attribute = "title" }}',
            'tasks.title: give one of "pointer", "css" and "pattern": where the value is found.',
        ),
        (
            f'{TASKS}title = {{ css = "b", pointer = "/b" }}',
            'tasks.title: give one of "pointer" (for JSON) and "css" (for a page): where the value is found.',
        ),
        (
            f'{TASKS}title = {{ pointer = "/b", attribute = "title" }}',
            'tasks.title: "attribute" speaks of an element; give "css" as well.',
        ),
        (
            f'{TASKS}title = "text"',
            'tasks.title: a JSON pointer starts with "/" (RFC 6901); write "/text".',
        ),
        (
            f"{TASKS}title = 3",
            'tasks.title takes a JSON pointer, or a table; write something like `title = "/data/id"`.',
        ),
        (
            f'{TASKS}title = {{ cs = "b" }}',
            'tasks.title: the key "cs" is not known; write `css = "b"`.',
        ),
        (
            '[csrf]\nkind = "from sign-in"\npointer = "/c"\nheader = "X-C"\nbases = []',
            (
                'csrf.bases takes a list of "web", "api" or "auth", at least one; write something like '
                '`bases = ["web"]`.'
            ),
        ),
        ('[jwt]\nissuer = " "', "jwt.issuer: it is empty; write a text, or remove the line."),
        (
            '[jwt]\nissuer = "a\\u001b[31m"',
            "jwt.issuer: it has a line break or an invisible character; write one line of text.",
        ),
    ],
)
def test_a_text_that_would_break_a_request_is_told(added: str, sentence: str) -> None:
    assert told(added) == sentence


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        ("https://a.example/", 'not an origin; write it like "https://app.example.com", without a path.'),
        ("https://u:secret@a.example", 'not an origin; write it like "https://app.example.com", without a path.'),
        ("https://a.example:443", 'not how browsers write this origin; write "https://a.example".'),
        ("https://A.example", 'not how browsers write this origin; write "https://a.example".'),
        (
            "https://a.example:99999",
            'an origin with an impossible host or port; write it like "https://app.example.com".',
        ),
        ("https://[::1", 'an origin with an impossible host or port; write it like "https://app.example.com".'),
        ("https://bücher.example", 'not an origin; write it like "https://app.example.com", without a path.'),
    ],
)
def test_an_origin_that_could_never_be_met_is_told(origin: str, sentence: str) -> None:
    with pytest.raises(ProfileError) as error:
        parse_profile(f'public_origin = "{origin}"\n{MINIMAL}', "mine.toml")
    assert str(error.value) == f"mine.toml:1: public_origin: {sentence}"


def test_a_token_is_not_asked_for_by_the_operation_that_issues_it() -> None:
    whole = MINIMAL.replace('path = "/login"', 'path = "/login"\ncredential = "token"')
    with pytest.raises(ProfileError) as error:
        parse_profile(f'{whole}{TOKEN}pointer = "/token"\n', "mine.toml")
    assert str(error.value) == (
        "mine.toml:12: operations.sign_in.credential asks for the token that this very operation issues; write "
        '`credential = "none"`.'
    )


def test_a_key_that_nothing_read_is_to_be_removed() -> None:
    added = '[pages]\nafter_sign_out = "/"\n[jwt]\nidentity_claims = ["sub"]'
    with pytest.raises(ProfileError) as error:
        parse_profile(f'extends = "reference"\n{added}\n', "mine.toml")
    assert str(error.value).splitlines() == [
        "mine.toml:3: pages.after_sign_out is no key any more, for nothing read it; remove this line.",
        "mine.toml:5: jwt.identity_claims is no key any more, for nothing read it; remove this line.",
    ]


@pytest.mark.parametrize("local", ["ann.1", "{domain}"])
def test_an_address_is_filled_in_once(local: str) -> None:
    assert People(email="qa+{local}@{domain}", domain="a.example").address(local) == f"qa+{local}@a.example"


# --- places to fill in ---


@pytest.mark.parametrize(
    "line",
    [
        f"# {FILL_IN}: where the answer has the token.",
        f'json = {{ plan = "{FILL_IN}" }}',
        f'title = "{FILL_IN}"  # the deployment',
    ],
)
def test_what_is_to_be_filled_in_is_told_with_its_line(line: str, tmp_path: Path) -> None:
    key = line.partition(" = ")[0]
    kept = "\n".join(one for one in MINIMAL.split("\n") if not one.startswith(f"{key} = "))
    text = f"{line}\n{kept}" if key == "title" else kept.replace('path = "/signup"', f'path = "/signup"\n{line}')
    number = text.split("\n").index(line) + 1
    with pytest.raises(ProfileError) as error:
        parse_profile(text, "mine.toml")
    mark = "this line still says FILL IN; write what the deployment takes there, and remove the mark."
    assert f"mine.toml:{number}: {mark}" in str(error.value).splitlines()


def test_each_place_to_fill_in_is_told_in_every_file() -> None:
    text = f'# {FILL_IN}: one\nextends = "reference"\n# {FILL_IN}: two\npages = false\n'
    with pytest.raises(ProfileError) as error:
        parse_profile(text, "mine.toml")
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == ["mine.toml:1", "mine.toml:3"]
    assert parse_profile(text, "mine.toml", draft=True).pages is None


# --- the command ---

TOO_GREAT = "a whole number of more than 64 bits, which TOML does not have; write a smaller one, or a text."
BOM = "the file begins with a byte order mark (BOM), which TOML does not have; save it as UTF-8 without one."
BROKEN = {
    "an integer of 5000 digits": (
        f"{MINIMAL}[people]\nmin_password_length = {'9' * 5000}\n".encode(),
        f":23: {TOO_GREAT}",
    ),
    "an integer of 5000 hexadecimal digits": (
        f"{MINIMAL}[peple]\nlength = 0x{'f' * 5000}\n".encode(),
        f":23: peple.length: {TOO_GREAT}",
    ),
    "an integer of 100 digits": (
        f"{MINIMAL}[operations.sign_out]\nmethod = 'POST'\npath = '/x'\njson = {{ a = [{'9' * 100}] }}\n".encode(),
        f":25: operations.sign_out.json.a[0]: {TOO_GREAT}",
    ),
    "a byte order mark": (
        f"\ufeff{MINIMAL}".encode(),
        f":1: {BOM}",
    ),
    "CR LF in a header": (
        f"{MINIMAL}[csrf]\nkind = 'from sign-in'\npointer = '/c'\nheader = \"X-A\\r\\nX-B: c\"\n".encode(),
        f":25: csrf.header: {HEADER}",
    ),
    "NUL in a cookie's name": (
        MINIMAL.replace('"sid"', '"si\\u0000d"').encode(),
        f":21: credentials.session.cookie: {COOKIE}",
    ),
    "a semicolon in a cookie's name": (
        MINIMAL.replace('"sid"', '"sid; Path=/"').encode(),
        f":21: credentials.session.cookie: {COOKIE}",
    ),
    "a key that acts on terminals": (
        f'"\\u001b[31m\\u202e" = 1\n{MINIMAL}'.encode(),
        ':1: the key "\\u001b[31m\\u202e" is not known; remove it, or write one of ',
    ),
    "a place to fill in": (
        f"{MINIMAL}# {FILL_IN}: what ends a session\n".encode(),
        ":22: this line still says FILL IN; write what the deployment takes there, and remove the mark.",
    ),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize(("content", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_sentence_and_exit_code_4(
    content: bytes, sentence: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    words = (
        ["profile", "check", str(file)]
        if command == "check"
        else ["run", "http://127.0.0.1:1", "--target", str(file)]
    )
    assert main(words) == Exit.USAGE
    said = capsys.readouterr()
    assert f"{file}{sentence}" in said.err
    assert "Traceback" not in said.out + said.err
    assert all(one.isprintable() or one == "\n" for one in said.err)


def test_what_is_written_right_is_kept_as_it_is() -> None:
    token = f'{TOKEN}pointer = "/t"\nlifetime = 31536000\nheader = "X-Token"\nscheme = ""\n'
    numbers = "[people]\nmin_password_length = 64\n[jwt]\nleeway = 15\n"
    profile = parse_profile(f"{MINIMAL}{token}{numbers}", "mine.toml")
    declared = profile.credentials.token
    assert isinstance(declared, Token)
    assert (declared.lifetime, declared.header, declared.scheme) == (31536000, "X-Token", "")
    assert (profile.people.least_password_length, profile.jwt.leeway) == (64, 15)
    assert load_profile("reference").people.least_password_length == 8


def test_a_cache_of_sessions_may_not_live_longer_than_a_token_that_nothing_revokes() -> None:
    with pytest.raises(ProfileError, match="cache_lifetime takes a whole number from 1 to 3600"):
        parse_profile('extends = "reference"\n[credentials.session]\ncache_lifetime = 3601\n', "mine.toml")


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (
            '[[resources]]\nname = "chat"\ncredential = "token"\nroutes = [{ method = "GET", path = "/chat" }]\n',
            "resources[0].credential speaks of an access token, and this profile has none",
        ),
        (
            (
                '[[resources]]\nname = "chat"\ncredential = "session"\n'
                'routes = [{ method = "GET", path = "/chat/{chat_id}" }]\n'
            ),
            "resources[0].routes[0].path asks for {chat_id}, which is not known",
        ),
        (
            (
                '[[resources]]\nname = "chat"\ncredential = "session"\n'
                'routes = [{ method = "GET", path = "/chat", base = "web" }]\n'
            ),
            '"base" is said once for all of them; move it from routes to the section',
        ),
        (
            (
                '[tasks]\ncredential = "session"\nlist = { method = "GET", path = "/t" }\n'
                'create = { method = "POST", path = "/t" }\nmore = [{ method = "GET", path = "/t/{tsk}" }]\n'
            ),
            "tasks.more[0].path asks for {tsk}, which is not known",
        ),
    ],
    ids=["a token that is none", "a placeholder", "an address said twice", "a placeholder of the tasks"],
)
def test_further_routes_are_checked_as_all_others(added: str, sentence: str) -> None:
    with pytest.raises(ProfileError, match=re.escape(sentence)):
        parse_profile(MINIMAL + added, "mine.toml", Path())
